// The list's `q=`: numbers of incidents whose words match, within the caller's sight (api.md §4).
#pragma once

#include "app/incidents/list/list.hpp"
#include "app/search/search_index.hpp"

namespace firstline::app {

// `index` outlives what is returned.
[[nodiscard]] FindByWords find_by_words(SearchIndex& index);

}  // namespace firstline::app
