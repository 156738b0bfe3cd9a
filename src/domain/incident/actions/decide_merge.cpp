// merge, unmerge, undo (domain.md §2).
#include "domain/incident/decide.hpp"

namespace firstline::domain::actions {
namespace {

// Whoever left and whichever team was dissolved since does not come back (domain.md §4).
void keep_what_ended(Incident& next, const Desk& desk) {
    follow_successor(next, desk);
    const Person* assignee = next.assignee.is_set() ? desk.staff_member(next.assignee) : nullptr;
    if (next.assignee.is_set() && (assignee == nullptr || !assignee->is_active)) next.assignee = {};
    const bool has_nobody = next.state == State::in_progress && !next.assignee.is_set();
    if (has_nobody) next.state = next.team.is_set() ? State::assigned : State::new_;
}

}  // namespace

Status merge(Unit& unit, const ActionInput& input) {
    const Incident& incident = unit.incident();
    const Incident* target = unit.context().target;
    FieldErrors errors;
    errors.need(input.into.is_set(), "/into", "required", "Name the incident that stays.");
    if (input.into.is_set()) {
        errors.need(target != nullptr, "/into", "not_found", "There is no such incident.");
        errors.need(input.into != incident.id, "/into", "conflict", "An incident cannot be merged into itself.");
    }
    if (target != nullptr && target->id != incident.id) {
        errors.need(is_open(target->state), "/into", "conflict", "The target must be open.");
        errors.need(!target->merged_into.is_set(), "/into", "conflict", "The target was itself merged.");
        errors.need(
            !incident.requester.is_set() || !target->requester.is_set() || incident.requester == target->requester,
            "/into", "conflict", "They have different requesters: link it as a child instead.");
    }
    CHECK_OK(errors.result());
    unit.append(EntryKind::merge, [&](Incident& next, Entry&) {
        next.state = State::canceled;
        next.hold_reason.reset();
        next.resume_at.reset();
        next.canceled_at = unit.now();
        next.merged_into = target->id;
        next.needs_reply = false;
    });
    unit.tell_requester(EntryKind::merge);
    return {};
}

Status unmerge(Unit& unit, const ActionInput&) {
    unit.append(EntryKind::unmerge, [&](Incident& next, Entry&) {
        next.merged_into = {};
        next.canceled_at.reset();
        return_work(next, unit.desk());
    });
    unit.tell_holder(EntryKind::unmerge);
    return {};
}

// The guard (own last action) has been checked by `decide`.
Status undo(Unit& unit, const ActionInput&) {
    const Entry* last = unit.context().last_entry;
    unit.append(EntryKind::undo, [&](Incident& next, Entry& entry) {
        const Incident now = next;
        for (const FieldChange& change : last->changes) {
            if (const Field* field = find_field(change.field)) field->set(next, change.before);
        }
        // Counters never decrease (domain.md §2).
        next.reassignment_count = now.reassignment_count;
        next.reopen_count = now.reopen_count;
        next.escalation_count = now.escalation_count;
        for (const EntryTextPart& part : last->texts) {
            if (part.field == "priority_reason_before") next.priority_reason = part.text;
        }
        if (!next.is_priority_set) next.priority_reason.clear();
        keep_what_ended(next, unit.desk());
        entry.details.push_back({"undone", last->seq});
    });
    return {};
}

}  // namespace firstline::domain::actions
