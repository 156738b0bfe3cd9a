#include "domain/incident/decide.hpp"

#include <algorithm>

namespace firstline::domain {
namespace {

bool is_undoable(EntryKind kind) {
    return kind == EntryKind::triage || kind == EntryKind::assign || kind == EntryKind::hold ||
           kind == EntryKind::resume;
}

// An `assign` that followed from something else (logging, a restricting category, another team's `start`) says why; it is no
// act of its own, and taking it back alone would leave what it followed from.
bool is_consequence(const Entry& entry) {
    return std::any_of(entry.details.begin(), entry.details.end(),
                       [](const Detail& detail) { return detail.key == "why"; });
}

bool is_reachable(const Incident& incident, const Person* requester) {
    return incident.requester.is_set() && requester != nullptr && requester->is_active && requester->is_reachable &&
           !requester->email.empty();
}

std::string undo_refusal(const Incident& incident, UserId actor, const Context& context, Instant now) {
    const Entry* last = context.last_entry;
    if (last == nullptr || last->seq != incident.version) return "There is nothing to undo.";
    if (!is_undoable(last->kind) || is_consequence(*last)) return "The last act on this incident cannot be undone.";
    const bool is_own = actor.is_set() && last->actor == actor &&
                        (last->capacity == Capacity::agent || last->capacity == Capacity::team_lead);
    if (!is_own) return "Only whoever did it can undo it.";
    if (now > last->at + minutes(context.desk.settings.undo_minutes)) {
        return "It can be undone within " + std::to_string(context.desk.settings.undo_minutes) + " minutes.";
    }
    return "";
}

}  // namespace

std::optional<Error> guard_refusal(const Incident& incident, const Transition& row, UserId actor,
                                   const Context& context) {
    const auto has = [&](Guard guard) { return (row.guards & set_of(guard)) != 0; };
    const auto refuse = [&](std::string detail) {
        return Error{ErrorKind::wrong_state, "incident.transition_refused", std::move(detail)};
    };
    const Instant now = std::max(context.now, incident.updated_at);
    if (has(Guard::awaiting_requester) && incident.hold_reason != HoldReason::awaiting_requester) {
        return refuse("Only an incident on hold for its requester goes on this way.");
    }
    if (has(Guard::scheduled) && incident.hold_reason != HoldReason::scheduled) {
        return refuse("Only an incident on hold until a time is resumed by the timer.");
    }
    if (has(Guard::merged) && !incident.merged_into.is_set()) {
        return refuse("The incident was not merged.");
    }
    if (has(Guard::not_merged) && incident.merged_into.is_set()) {
        return refuse("The incident was merged: unmerge it instead.");
    }
    if (has(Guard::recovered_by_itself) && !incident.is_recovered) {
        return refuse("The incident was not resolved by its recovery.");
    }
    if (has(Guard::window)) {
        const auto since = incident.state == State::canceled ? incident.canceled_at : incident.closed_at;
        if (!is_within_window(context.desk.settings, since, now)) {
            return Error{ErrorKind::wrong_state, "incident.window_over",
                         "The " + std::to_string(context.desk.settings.reopen_window_days) +
                             " days in which this was possible are over. Log a new incident instead."};
        }
    }
    if (has(Guard::no_reachable_requester) && is_reachable(incident, context.requester)) {
        return refuse("The requester can be asked: they confirm, or silence closes it.");
    }
    if (has(Guard::own_last_action)) {
        if (std::string why = undo_refusal(incident, actor, context, now); !why.empty()) return refuse(std::move(why));
    }
    return std::nullopt;
}

Status FieldErrors::result() const {
    if (errors_.empty()) return {};
    return fail(Error{ErrorKind::invalid, "request.invalid", errors_.front().detail, errors_});
}

bool is_within_window(const Settings& settings, std::optional<Instant> since, Instant at) {
    return since && at <= *since + days(settings.reopen_window_days);
}

Error refused(const Incident& incident, Action action, Capacity capacity) {
    const std::string name(to_string(action));
    if (!is_ever_allowed(action, capacity)) {
        return Error{ErrorKind::forbidden, "auth.forbidden", "You may not " + name + " an incident."};
    }
    if (capacity == Capacity::requester || capacity == Capacity::requester_reply) {
        return Error{ErrorKind::wrong_state, "incident.transition_refused",
                     "\"" + name + "\" is not possible at the step \"" +
                         std::string(to_string(step_of(incident.state))) + "\"."};
    }
    return Error{ErrorKind::wrong_state, "incident.transition_refused",
                 "\"" + name + "\" is not possible in the state \"" + std::string(to_string(incident.state)) + "\"."};
}

std::optional<Capacity> choose_capacity(const Standing& standing, const Incident& incident, Action action,
                                        bool is_on_behalf) {
    const Capacity agent = standing.is_team_lead ? Capacity::team_lead : Capacity::agent;
    const bool asks_requester = action == Action::confirm || action == Action::reject || action == Action::rate;
    if (standing.is_requester && asks_requester && !is_on_behalf) return Capacity::requester;
    if (standing.is_agent && find_transition(incident.state, action, agent) != nullptr) return agent;
    if (standing.is_requester &&
        (!standing.is_agent || find_transition(incident.state, action, Capacity::requester) != nullptr)) {
        return Capacity::requester;
    }
    if (standing.is_agent) return agent;
    return std::nullopt;
}

Status decide(Unit& unit, Action action, const ActionInput& input) {
    const Transition* row = find_transition(unit.incident().state, action, unit.actor().capacity);
    if (row == nullptr) return fail(refused(unit.incident(), action, unit.actor().capacity));
    if (auto refusal = guard_refusal(unit.incident(), *row, unit.actor().user, unit.context()))
        return fail(std::move(*refusal));
    const bool touches_priority = input.impact || input.urgency || input.priority || !input.priority_reason.empty();
    if ((row->guards & set_of(Guard::no_priority)) != 0 && touches_priority) {
        return fail(ErrorKind::wrong_state, "incident.transition_refused",
                    "The priority stands once the incident is resolved.");
    }
    switch (action) {
        case Action::log: return fail(refused(unit.incident(), action, unit.actor().capacity));
        case Action::triage: return actions::triage(unit, input);
        case Action::assign: return actions::assign(unit, input);
        case Action::start: return actions::start(unit, input);
        case Action::hold: return actions::hold(unit, input);
        case Action::resume: return actions::resume(unit, input);
        case Action::escalate: return actions::escalate(unit, input);
        case Action::raise: return actions::raise(unit, input);
        case Action::resolve: return actions::resolve(unit, input);
        case Action::confirm: return actions::confirm(unit, input);
        case Action::reject: return actions::reject(unit, input);
        case Action::auto_close: return actions::auto_close(unit, input);
        case Action::close: return actions::close(unit, input);
        case Action::rate: return actions::rate(unit, input);
        case Action::reopen: return actions::reopen(unit, input);
        case Action::cancel: return actions::cancel(unit, input);
        case Action::merge: return actions::merge(unit, input);
        case Action::unmerge: return actions::unmerge(unit, input);
        case Action::undo: return actions::undo(unit, input);
    }
    return {};
}

}  // namespace firstline::domain
