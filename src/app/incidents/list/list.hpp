// Lists of incidents: filters, sorts, keyset pages, and only what the caller may see (storage.md §5 "Lists").
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/incidents/answer.hpp"

namespace firstline::app {

enum class ListSort : std::uint8_t { priority, due_at, created_at, updated_at };

// Filters by key as callers say them; each any-of; empty: no filter.
struct ListFilter {
    std::vector<std::string> states{};              // words of State, or "open"
    std::vector<std::string> teams{}, assignees{};  // keys, "none"; assignees also "me"
    std::vector<std::string> priorities{};          // P1…P5, "none": unknown
    std::vector<std::string> categories{}, services{}, requesters{}, channels{}, tags{}, external_refs{};
    std::string q{};
};
struct ListRequest {
    ListFilter filter;
    std::optional<ListSort> sort;
    bool is_reversed = false;
    std::string after;
    std::int64_t limit = 50;
    bool wants_heads_only = false;  // the fields asked for need no texts, tags, counts or offers
};
struct ListPage {
    std::vector<IncidentAnswer> items;
    std::string next;                              // cursor, "" at the end
    std::optional<domain::IncidentId> scanned_to;  // where a bounded scan stopped
};

// Finds ids by words within the caller's sight, newest first below `before`; set where search is running.
using FindByWords = std::function<Result<std::vector<std::int64_t>>(Reader&, const Session&, const std::string& q,
                                                                    std::int64_t before, std::int64_t limit)>;

// Errors: `request.invalid` at "?name" (unknown keys, a cursor of another list, a sort that does not exist here).
[[nodiscard]] Result<ListPage> list_incidents(Reader& reader, Toolbox& tools, const Session& session,
                                              const ListRequest& request, const FindByWords& find_by_words);

// A page's ids → answers, with few queries for all of them; ids the caller may not see are left out.
[[nodiscard]] Result<std::vector<IncidentAnswer>> load_answers(Reader& reader, Toolbox& tools, const Session& session,
                                                               const std::vector<std::int64_t>& ids, bool heads_only);

struct View {
    std::string key, name;
    ListFilter filter;
    ListSort sort = ListSort::priority;
    bool is_reversed = false;
};
// What the caller's queues are: by role and teams.
[[nodiscard]] std::vector<View> views_of(const domain::Desk& desk, const Session& session);
// How many incidents are in each view: one pass over the open set.
[[nodiscard]] Result<std::vector<std::pair<View, std::int64_t>>> count_views(Reader& reader, Toolbox& tools,
                                                                             const Session& session);

}  // namespace firstline::app
