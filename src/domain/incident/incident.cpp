#include "domain/incident/incident.hpp"

namespace firstline::domain {

std::optional<int> stage_of(const Incident& incident) {
    switch (incident.state) {
        case State::canceled: return std::nullopt;
        case State::resolved:
        case State::closed: return 5;
        case State::in_progress:
        case State::on_hold: return 4;
        case State::new_:
        case State::assigned: break;
    }
    const bool has_category = incident.category.is_set();
    const bool has_priority = incident.is_priority_known;
    if (has_category && has_priority && incident.team.is_set()) return 3;
    if (has_category || has_priority) return 2;
    return 1;
}

bool is_paused(const Incident& incident) {
    return incident.state == State::on_hold &&
           (incident.hold_reason == HoldReason::awaiting_requester || incident.hold_reason == HoldReason::scheduled);
}

}  // namespace firstline::domain
