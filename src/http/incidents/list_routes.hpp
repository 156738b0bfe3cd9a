// Lists, views and counts (api.md §4).
#pragma once

#include "app/incidents/list/list.hpp"
#include "http/api/api.hpp"

namespace firstline::http {

void add_list_routes(Api& api, app::Toolbox& tools, app::FindByWords find_by_words);

}  // namespace firstline::http
