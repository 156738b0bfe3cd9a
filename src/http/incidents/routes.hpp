// The routes of incidents: list, log, read, edit, actions, conversation, timeline (api.md §4).
#pragma once

#include "http/api/api.hpp"

namespace firstline::http {

void add_incident_routes(Api& api, app::Toolbox& tools);

}  // namespace firstline::http
