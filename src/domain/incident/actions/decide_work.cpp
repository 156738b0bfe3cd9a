// triage, assign, start, hold, resume, escalate, raise (domain.md §2–4).
#include "base/text.hpp"

#include <algorithm>

#include "domain/incident/decide.hpp"

namespace firstline::domain::actions {
namespace {

void add_text(Entry& entry, std::string field, const std::string& text) {
    if (!text.empty()) entry.texts.push_back({std::move(field), text});
}

// A category that restricts hides the incident and names the team that gets it.
void follow_category(Unit& unit, CategoryId category_id) {
    const Category* category = unit.desk().category(category_id);
    if (category == nullptr || !category->is_restricted) return;
    const Team* team = unit.desk().standing_team(category->team);
    // Once resolved the work stays where it was done, but nothing restricted is without a team (domain.md §10).
    const bool may_move = is_unresolved(unit.incident().state) || !unit.incident().team.is_set();
    if (team != nullptr && unit.incident().team != team->id && may_move) {
        unit.append(EntryKind::assign, [&](Incident& next, Entry& entry) {
            if (next.state == State::in_progress || next.state == State::new_) next.state = State::assigned;
            move_to_team(next, *team, UserId{}, unit.now());
            entry.details.push_back({"why", std::string("category_restricts")});
        });
        unit.tell_team(team->id, EntryKind::assign);
    }
}

Status check_triage(const Unit& unit, const ActionInput& input) {
    const Incident& incident = unit.incident();
    FieldErrors errors;
    errors.need(input.category || input.service || input.kind || input.impact || input.urgency || input.priority, "",
                "required",
                "Give at least one of category, service, kind, impact, urgency, or priority with priority_reason.");
    errors.need(!input.impact || (*input.impact >= 1 && *input.impact <= 3), "/impact", "range",
                "Impact is 1, 2 or 3.");
    errors.need(!input.urgency || (*input.urgency >= 1 && *input.urgency <= 3), "/urgency", "range",
                "Urgency is 1, 2 or 3.");
    errors.need(!input.impact || input.urgency || incident.urgency, "/urgency", "required",
                "The urgency is not known yet: give it with the impact.");
    errors.need(!input.urgency || input.impact || incident.impact, "/impact", "required",
                "The impact is not known yet: give it with the urgency.");
    errors.need(!input.priority || !is_blank(input.priority_reason) || unit.is_import(), "/priority_reason", "required",
                "An overridden priority needs a reason.");
    errors.need(input.priority || input.priority_reason.empty(), "/priority", "required",
                "A priority_reason needs its priority.");
    if (input.category && input.category->is_set()) {
        const Category* category = unit.desk().category(*input.category);
        errors.need(category != nullptr, "/category", "not_found", "There is no such category.");
        errors.need(category == nullptr || category->is_active || incident.category == category->id, "/category",
                    "inactive", "This category can no longer be chosen.");
    }
    if (input.service && input.service->is_set()) {
        const Service* service = unit.desk().service(*input.service);
        errors.need(service != nullptr, "/service", "not_found", "There is no such service.");
        errors.need(service == nullptr || service->is_active || incident.service == service->id, "/service", "inactive",
                    "This service can no longer be chosen.");
    }
    return errors.result();
}

bool changes_anything(const Incident& incident, const ActionInput& input) {
    return (input.category && *input.category != incident.category) ||
           (input.service && *input.service != incident.service) || (input.kind && *input.kind != incident.kind) ||
           (input.impact && input.impact != incident.impact) || (input.urgency && input.urgency != incident.urgency) ||
           (input.priority && (*input.priority != incident.priority || !incident.is_priority_set ||
                               input.priority_reason != incident.priority_reason));
}

}  // namespace

bool move_to_team(Incident& next, const Team& team, UserId assignee, Instant at) {
    const bool is_replaced = next.team.is_set() && next.team != team.id;
    if (next.team != team.id) next.is_team_started = false;
    next.team = team.id;
    next.tier = team.tier;
    next.assignee = assignee;
    if (!next.assigned_at) next.assigned_at = at;
    if (is_replaced) ++next.reassignment_count;
    return is_replaced;
}

const Team* team_of_actor(const Unit& unit) {
    const auto& teams = unit.desk().teams_of_person(unit.actor().user);
    return teams.empty() ? nullptr : unit.desk().standing_team(teams.front());
}

Status triage(Unit& unit, const ActionInput& input) {
    CHECK_OK(check_triage(unit, input));
    if (!changes_anything(unit.incident(), input)) return {};
    const bool changes_category = input.category && *input.category != unit.incident().category;
    unit.append(EntryKind::triage, [&](Incident& next, Entry& entry) {
        if (input.category) next.category = *input.category;
        if (input.service) next.service = *input.service;
        if (input.kind) next.kind = *input.kind;
        const bool changes_matrix =
            (input.impact && input.impact != next.impact) || (input.urgency && input.urgency != next.urgency);
        if (input.impact) next.impact = input.impact;
        if (input.urgency) next.urgency = input.urgency;
        if (changes_matrix) {
            next.is_priority_set = false;
            next.priority_reason.clear();
        }
        if (input.priority) {
            next.is_priority_set = true;
            next.is_priority_known = true;
            next.priority = *input.priority;
            next.priority_reason = input.priority_reason;
        }
        recompute_priority(next, unit.desk(), unit.is_requester_vip());
        if (changes_category) {
            const Category* category = unit.desk().category(*input.category);
            if (category != nullptr && category->is_restricted) next.is_restricted = true;
        }
        if (!next.triaged_at) next.triaged_at = unit.now();
        if (unit.is_agent()) next.needs_reply = false;
        add_text(entry, "recorded", input.recorded_text);
    });
    if (changes_category) follow_category(unit, *input.category);
    return {};
}

Status assign(Unit& unit, const ActionInput& input) {
    const Incident& incident = unit.incident();
    const Team* team = input.team ? unit.desk().team(*input.team) : nullptr;
    FieldErrors errors;
    errors.need(team != nullptr, "/team", input.team ? "not_found" : "required", "Name the team.");
    errors.need(team == nullptr || team->is_active, "/team", "inactive", "This team has been dissolved.");
    const bool is_same_team = team != nullptr && team->id == incident.team;
    const UserId assignee = input.assignee ? *input.assignee : (is_same_team ? incident.assignee : UserId{});
    const bool needs_reason = incident.team.is_set() && team != nullptr && !is_same_team && !unit.is_import();
    errors.need(!needs_reason || !is_blank(input.reason), "/reason", "required",
                "Say why another team should take it.");
    if (team != nullptr && assignee.is_set() && assignee != incident.assignee && !unit.is_import()) {
        errors.need(unit.desk().is_active_member(team->id, assignee), "/assignee", "conflict",
                    "The assignee must be an active member of the team.");
    }
    CHECK_OK(errors.result());
    if (is_same_team && assignee == incident.assignee) return {};
    const bool loses_work = !is_same_team || (incident.assignee.is_set() && !assignee.is_set());
    unit.append(EntryKind::assign, [&](Incident& next, Entry& entry) {
        if (next.state == State::new_ || (next.state == State::in_progress && loses_work)) next.state = State::assigned;
        move_to_team(next, *team, assignee, unit.now());
        if (unit.is_agent()) next.needs_reply = false;
        add_text(entry, "reason", input.reason);
        add_text(entry, "recorded", input.recorded_text);
        if (unit.is_import() && assignee.is_set() && !unit.desk().is_active_member(team->id, assignee)) {
            entry.details.push_back({"passed", std::string("membership")});
        }
    });
    unit.tell_holder(EntryKind::assign);
    return {};
}

Status start(Unit& unit, const ActionInput& input) {
    const UserId actor = unit.actor().user;
    const Incident& incident = unit.incident();
    if (!unit.is_import()) {
        if (incident.state == State::in_progress && incident.assignee == actor) return {};
        if (!unit.desk().is_active_member(incident.team, actor)) {
            const Team* own = team_of_actor(unit);
            if (own != nullptr && own->id != incident.team) {
                unit.append(EntryKind::assign, [&](Incident& next, Entry& entry) {
                    if (next.state == State::new_ || next.state == State::in_progress) next.state = State::assigned;
                    move_to_team(next, *own, UserId{}, unit.now());
                    entry.details.push_back({"why", std::string("started_by_other_team")});
                });
            }
        }
    }
    unit.append(EntryKind::start, [&](Incident& next, Entry& entry) {
        next.state = State::in_progress;
        next.hold_reason.reset();
        next.resume_at.reset();
        if (!unit.is_import()) next.assignee = actor;
        next.is_team_started = true;
        if (!next.started_at) next.started_at = unit.now();
        if (!next.assigned_at && next.team.is_set()) next.assigned_at = unit.now();
        next.needs_reply = false;
        add_text(entry, "recorded", input.recorded_text);
    });
    return {};
}

Status hold(Unit& unit, const ActionInput& input) {
    const Incident& incident = unit.incident();
    const bool asks = input.hold_reason == HoldReason::awaiting_requester;
    const bool has_question = !is_blank(input.question);
    FieldErrors errors;
    errors.need(input.hold_reason.has_value(), "/hold_reason", "required", "Say what the incident waits for.");
    if (!unit.is_import()) {
        errors.need(!asks || incident.requester.is_set(), "/hold_reason", "conflict",
                    "There is no requester to wait for.");
        errors.need(!asks || unit.has_reply || has_question, "/question", "required",
                    "Ask the requester a question: it is sent as a public reply.");
        errors.need(asks || !has_question, "/question", "conflict", "A question goes with awaiting_requester only.");
        const bool is_scheduled = input.hold_reason == HoldReason::scheduled;
        errors.need(!is_scheduled || input.resume_at, "/resume_at", "required", "Say when work goes on.");
        errors.need(!input.resume_at || *input.resume_at > unit.now(), "/resume_at", "range",
                    "The time to resume must lie in the future.");
    }
    CHECK_OK(errors.result());
    const bool is_repeat = incident.state == State::on_hold && incident.hold_reason == input.hold_reason &&
                           incident.resume_at == input.resume_at && !has_question && input.note.empty();
    if (is_repeat) return {};
    if (has_question) {
        unit.append(EntryKind::reply, [&](Incident& next, Entry& entry) {
            entry.texts.push_back({"text", input.question});
            next.needs_reply = false;
        });
    }
    unit.append(EntryKind::hold, [&](Incident& next, Entry& entry) {
        if (!unit.is_import()) {
            const Team* own = next.team.is_set() ? nullptr : team_of_actor(unit);
            if (own != nullptr) move_to_team(next, *own, next.assignee, unit.now());
            if (!next.assignee.is_set()) next.assignee = unit.actor().user;
        }
        next.state = State::on_hold;
        next.hold_reason = input.hold_reason;
        next.resume_at = input.resume_at;
        next.needs_reply = false;
        add_text(entry, "note", input.note);
        add_text(entry, "recorded", input.recorded_text);
    });
    if (asks) unit.tell_requester(EntryKind::hold);
    return {};
}

Status resume(Unit& unit, const ActionInput& input) {
    unit.append(EntryKind::resume, [&](Incident& next, Entry& entry) {
        return_work(next, unit.desk());
        if (unit.is_agent()) next.needs_reply = false;
        add_text(entry, "recorded", input.recorded_text);
    });
    return {};
}

Status escalate(Unit& unit, const ActionInput& input) {
    const Team* team = input.team ? unit.desk().team(*input.team) : nullptr;
    FieldErrors errors;
    errors.need(team != nullptr, "/team", input.team ? "not_found" : "required", "Name the team of a higher tier.");
    errors.need(team == nullptr || team->is_active, "/team", "inactive", "This team has been dissolved.");
    const bool is_higher = team == nullptr || (team->tier > unit.incident().tier && team->id != unit.incident().team);
    errors.need(is_higher, "/team", "conflict",
                "Escalation goes to a higher tier; use assign within a tier or to hand back.");
    errors.need(!is_blank(input.reason), "/reason", "required", "Say why it is escalated.");
    const UserId assignee = input.assignee.value_or(UserId{});
    if (team != nullptr && assignee.is_set()) {
        errors.need(unit.desk().is_active_member(team->id, assignee), "/assignee", "conflict",
                    "The assignee must be an active member of the team.");
    }
    CHECK_OK(errors.result());
    unit.append(EntryKind::escalate, [&](Incident& next, Entry& entry) {
        next.state = State::assigned;
        next.hold_reason.reset();
        next.resume_at.reset();
        move_to_team(next, *team, assignee, unit.now());
        ++next.escalation_count;
        if (unit.is_agent()) next.needs_reply = false;
        add_text(entry, "reason", input.reason);
    });
    unit.tell_team(team->id, EntryKind::escalate);
    if (assignee.is_set()) unit.tell_person(assignee, EntryKind::escalate);
    return {};
}

std::vector<UserId> default_whom(const Desk& desk, const Incident& incident, UserId actor) {
    std::vector<UserId> whom;
    if (const Team* team = desk.standing_team(incident.team)) {
        for (const Member& member : team->members) {
            const bool is_other = member.user != actor;  // who raises asks somebody with more authority
            if (is_other && member.is_lead && desk.is_active_member(team->id, member.user)) whom.push_back(member.user);
        }
    }
    if (!whom.empty()) return whom;
    for (const auto& [id, person] : desk.staff) {
        if (id != actor && person.is_active && person.roles.has(Role::incident_manager)) whom.push_back(id);
    }
    std::sort(whom.begin(), whom.end());
    return whom;
}

Status raise(Unit& unit, const ActionInput& input) {
    const bool is_named = !input.whom.empty();
    const std::vector<UserId> whom =
        is_named ? input.whom : default_whom(unit.desk(), unit.incident(), unit.actor().user);
    FieldErrors errors;
    errors.need(!is_blank(input.reason), "/reason", "required", "Say why more authority is needed.");
    errors.need(!whom.empty(), "/whom", "required",
                "The team has no lead and the desk no incident manager: name somebody.");
    for (std::size_t i = 0; i < whom.size(); ++i) {
        const Person* person = unit.desk().staff_member(whom[i]);
        errors.need(person != nullptr && person->is_active, "/whom/" + std::to_string(i), "not_found",
                    "Name active people of the desk.");
        const auto first = std::find(whom.begin(), whom.end(), whom[i]) - whom.begin();
        errors.need(static_cast<std::size_t>(first) == i, "/whom/" + std::to_string(i), "duplicate",
                    "Name each person once.");
    }
    CHECK_OK(errors.result());
    unit.append(EntryKind::raise, [&](Incident& next, Entry& entry) {
        for (const UserId user : whom) entry.details.push_back({"whom", user.value});
        if (unit.is_agent()) next.needs_reply = false;
        add_text(entry, "reason", input.reason);
    });
    for (const UserId user : whom) unit.tell_person(user, EntryKind::raise);
    return {};
}

}  // namespace firstline::domain::actions
