// What may be done now: `allowed_actions` and `blocked_actions` from the table, never from a second rule (api.md §2).
#pragma once

#include <vector>

#include "domain/incident/decide.hpp"

namespace firstline::domain {

struct Offer {
    Action action = Action::log;
    Target to = Target::same;
    State lands_in = State::new_;  // where W and assigned|same lead as things are
    std::vector<std::string_view> required, optional;
};
struct Blocked {
    Action action = Action::log;
    std::string why;
};
struct Offers {
    std::vector<Offer> allowed;
    std::vector<Blocked> blocked;  // in the table for this state, but a guard does not hold
};

// `last_entry` only where `undo` is to be offered; `requester` only where `close` is.
[[nodiscard]] Offers offers_for(const Incident& incident, const Standing& standing, UserId caller,
                                const Context& context);

}  // namespace firstline::domain
