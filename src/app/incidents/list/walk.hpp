// The ways through the incidents that a list can take, and which one a request takes (ADR 0008).
#pragma once

#include "app/incidents/list/scan.hpp"

namespace firstline::app::lists {

enum class Walk : std::uint8_t {
    team_by_priority,  // of the open ones, by covering index; a few teams are merged
    open_by_priority,
    open_sorted,  // the open ones, sorted in memory
    newest,       // all by number, newest first; so do the rest
    by_requester,
    by_service,
    by_tag,
    by_ref,
    by_words,
    own  // a requester's
};
// Whether its cursor is a key of the covering index, else (sort key, number).
[[nodiscard]] constexpr bool is_by_index(Walk walk) {
    return walk == Walk::team_by_priority || walk == Walk::open_by_priority;
}

// Chooses, and sets the scan's sort. Errors: `request.invalid` at "?sort".
[[nodiscard]] Result<Walk> choose_walk(Scan& scan);
// Fills the scan's page. `find_by_words` is set where the walk is by_words.
[[nodiscard]] Status walk(Scan& scan, Walk way, const FindByWords& find_by_words);

// Its parts: open ones,
[[nodiscard]] Status walk_queue(Scan& scan, Walk way);  // by covering index
[[nodiscard]] Status walk_open_sorted(Scan& scan);
// all of them,
[[nodiscard]] Status walk_newest(Scan& scan);
// `owners`: whose incidents the statement finds, each newest first; they are merged by number.
[[nodiscard]] Status walk_of_owners(Scan& scan, std::string_view statement, const std::vector<std::int64_t>& owners);
[[nodiscard]] Status walk_by_ref(Scan& scan);
[[nodiscard]] Status walk_by_words(Scan& scan, const FindByWords& find_by_words);
// A requester's own: where they are requester or watch; their organization's where it shares.
[[nodiscard]] Status walk_own(Scan& scan);

}  // namespace firstline::app::lists
