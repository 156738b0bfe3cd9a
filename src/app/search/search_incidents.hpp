// GET /search: everything the caller may see (api.md §4). The index proposes, the incidents as they are now decide.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/incidents/answer.hpp"
#include "app/search/search_index.hpp"
#include "app/search/snippet.hpp"

namespace firstline::app {

enum class SearchSort : std::uint8_t { newest, relevance };

struct SearchInput {
    std::string q;
    SearchSort sort = SearchSort::newest;
    std::string after;  // cursor of the page before
    std::size_t limit = 50;
    bool wants_snippets = false;
};

struct SearchHit {
    domain::Incident incident;
    bool sees_internal = false;  // else the caller gets the requester's shape
    Instant changed_at{};        // for a requester: when something public last happened
    Snippet title, snippet;      // of public text alone where the caller sees no internal text; empty unless wanted
};

struct SearchPage {
    std::vector<SearchHit> items;
    std::map<std::int64_t, Named> people;  // requesters and assignees of the items
    domain::DeskPtr desk;
    std::string next;  // "" at the end; a page may be short and still have a next one
};

// Errors: `auth.forbidden`, `request.invalid` (?after), `storage.too_slow`, `storage.unavailable`.
[[nodiscard]] Result<SearchPage> search_incidents(Reader& reader, Toolbox& tools, SearchIndex& index,
                                                  const Session& session, const SearchInput& input);

}  // namespace firstline::app
