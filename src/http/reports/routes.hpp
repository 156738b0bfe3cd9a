// Reports (api.md §4): `overview` so far.
#pragma once

#include "http/api/api.hpp"

namespace firstline::http {

void add_report_routes(Api& api, app::Toolbox& tools);

}  // namespace firstline::http
