// GET /search (api.md §4).
#pragma once

#include "app/search/search_index.hpp"
#include "http/api/api.hpp"

namespace firstline::http {

// `index` outlives the API.
void add_search_routes(Api& api, app::Toolbox& tools, app::SearchIndex& index);

}  // namespace firstline::http
