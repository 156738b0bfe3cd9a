// The transition table of domain.md §2: the one source for the API, the buttons, the docs' diagram and the tests.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "domain/incident/vocabulary.hpp"

namespace firstline::domain {

using CapacitySet = unsigned;  // bits of Capacity
[[nodiscard]] constexpr CapacitySet set_of(Capacity capacity) { return 1U << static_cast<unsigned>(capacity); }

// Where an action leads.
enum class Target : std::uint8_t {
    new_,
    assigned,
    in_progress,
    on_hold,
    resolved,
    closed,
    canceled,
    same,
    W,
    before,
    assigned_or_same
};
template <>
struct Words<Target> {
    static constexpr std::array<std::string_view, 11> kWords{"new",      "assigned", "in_progress",  "on_hold",
                                                             "resolved", "closed",   "canceled",     "same",
                                                             "W",        "before",   "assigned|same"};
};

// What must hold besides the state; `decide` checks each and names what does not hold.
enum class Guard : std::uint8_t {
    on_behalf,
    awaiting_requester,
    scheduled,
    no_priority,
    no_reachable_requester,
    window,
    not_merged,
    merged,
    own_last_action,
    recovered_by_itself,
    higher_tier,
    import_only
};
template <>
struct Words<Guard> {
    static constexpr std::array<std::string_view, 12> kWords{
        "on_behalf",   "awaiting_requester", "scheduled", "no_priority",     "no_reachable_requester",
        "window",      "not_merged",         "merged",    "own_last_action", "recovered_by_itself",
        "higher_tier", "import_only"};
};
using GuardSet = unsigned;  // bits of Guard
[[nodiscard]] constexpr GuardSet set_of(Guard guard) { return 1U << static_cast<unsigned>(guard); }

struct Transition {
    std::optional<State> from;  // none: before logging
    Action action;
    Target to;
    GuardSet guards;
    CapacitySet who;
};

[[nodiscard]] std::span<const Transition> transitions();
// The row for this capacity, or none: the action is refused.
[[nodiscard]] const Transition* find_transition(std::optional<State> from, Action action, Capacity capacity);
// Whether the capacity may take the action from any state at all: what tells 403 from 409.
[[nodiscard]] bool is_ever_allowed(Action action, Capacity capacity);

}  // namespace firstline::domain
