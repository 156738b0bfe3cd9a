// A search request as the engines' query languages say it.
#pragma once

#include <string>
#include <vector>

#include "app/search/search_index.hpp"

namespace firstline::storage::search {

// FTS5: ("mail" OR "~mail") AND ("prin" * OR "~prin" *) AND ("@a" OR "@u3"); scope first where it is narrow.
[[nodiscard]] std::string to_fts5(const app::SearchRequest& request, bool has_scope = true);
// One term alone, for counting.
[[nodiscard]] std::string to_fts5(const app::SearchTerm& term, bool is_public_only);
// PostgreSQL: ('mail' | '~mail') & ('prin':* | '~prin':*) & ('@a' | '@u3')
[[nodiscard]] std::string to_tsquery(const app::SearchRequest& request, bool has_scope = true);
// 'mail':1,7 'desk':2 '@a' …; a few places of each.
[[nodiscard]] std::string to_tsvector(const app::SearchDocument& document,
                                      const std::vector<std::string>& more_lexemes);
// Every incident but the restricted is in it.
[[nodiscard]] bool is_wide(const app::SearchRequest& request);

}  // namespace firstline::storage::search
