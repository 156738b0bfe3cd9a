// resolve, confirm, reject, auto_close, close, rate, reopen, cancel (domain.md §2, §8).
#include "base/text.hpp"
#include "domain/incident/decide.hpp"

namespace firstline::domain::actions {
namespace {

constexpr int kCsatMax = 5;

void add_text(Entry& entry, std::string field, const std::string& text) {
    if (!text.empty()) entry.texts.push_back({std::move(field), text});
}

// Work goes on: what the resolution and the closure had set no longer stands.
void take_back_resolution(Incident& next) {
    next.resolution_code.reset();
    next.resolution_notes.clear();
    next.resolved_seq.reset();
    next.is_recovered = false;
    next.resolved_at.reset();
    next.closed_at.reset();
    next.canceled_at.reset();
}

void check_csat(FieldErrors& errors, const ActionInput& input) {
    errors.need(!input.csat || (*input.csat >= 1 && *input.csat <= kCsatMax), "/csat", "range", "Rate from 1 to 5.");
}

// An agent answers for the requester and says how they said it; the requester answers for themselves.
void check_on_behalf(FieldErrors& errors, const Unit& unit, const ActionInput& input) {
    errors.need(!unit.is_agent() || !is_blank(input.on_behalf), "/on_behalf", "required",
                "Say how the requester told you, e.g. \"by phone\".");
    errors.need(unit.is_agent() || input.on_behalf.empty(), "/on_behalf", "conflict", "You answer for yourself.");
}

void set_resolved(Unit& unit, Incident& next, Entry& entry, ResolutionCode code, const std::string& notes) {
    next.state = State::resolved;
    next.hold_reason.reset();
    next.resume_at.reset();
    next.resolution_code = code;
    next.resolution_notes = notes;
    next.resolved_at = unit.now();
    next.resolved_seq = entry.seq;
    next.is_recovered = unit.actor().capacity == Capacity::monitoring && code == ResolutionCode::recovered_by_itself;
    next.needs_reply = false;
}

}  // namespace

Status resolve(Unit& unit, const ActionInput& input) {
    const Incident& incident = unit.incident();
    FieldErrors errors;
    errors.need(input.resolution_code.has_value(), "/resolution_code", "required", "Say how it was resolved.");
    errors.need(input.resolution_code != ResolutionCode::not_recorded || unit.is_import(), "/resolution_code", "enum",
                "not_recorded is for imports only.");
    errors.need(!is_blank(input.resolution_notes) || unit.is_import(), "/resolution_notes", "required",
                "Tell the requester what was done.");
    if (unit.is_agent()) {
        const bool has_category = incident.category.is_set() || (input.category && input.category->is_set());
        errors.need(has_category, "/category", "required", "The category is still missing.");
        if (!incident.is_priority_known) {
            errors.need(incident.impact || input.impact, "/impact", "required", "The impact is still missing.");
            errors.need(incident.urgency || input.urgency, "/urgency", "required", "The urgency is still missing.");
        }
    }
    CHECK_OK(errors.result());
    if (input.category || input.impact || input.urgency) {
        ActionInput missing;
        missing.category = input.category;
        missing.impact = input.impact;
        missing.urgency = input.urgency;
        CHECK_OK(triage(unit, missing));
    }
    unit.append(EntryKind::resolve, [&](Incident& next, Entry& entry) {
        if (unit.is_agent()) {
            if (!next.team.is_set()) {
                if (const Team* own = team_of_actor(unit)) move_to_team(next, *own, UserId{}, unit.now());
            }
            if (!next.assignee.is_set()) next.assignee = unit.actor().user;
            if (!next.started_at) next.started_at = unit.now();
            next.is_team_started = true;
        }
        set_resolved(unit, next, entry, *input.resolution_code, input.resolution_notes);
        add_text(entry, "recorded", input.recorded_text);
    });
    unit.tell_requester(EntryKind::resolve);
    // Without a requester nobody is asked: the owner of the service is told (domain.md §8).
    const Service* service = incident.requester.is_set() ? nullptr : unit.desk().service(incident.service);
    const Team* owner = service == nullptr ? nullptr : unit.desk().standing_team(service->owner_team);
    if (owner != nullptr) unit.tell_team(owner->id, EntryKind::resolve);
    return {};
}

Status confirm(Unit& unit, const ActionInput& input) {
    FieldErrors errors;
    check_on_behalf(errors, unit, input);
    check_csat(errors, input);
    errors.need(!(unit.is_agent() && input.csat), "/csat", "conflict", "Only the requester rates.");
    CHECK_OK(errors.result());
    if (unit.incident().state != State::resolved) {
        unit.append(EntryKind::resolve, [&](Incident& next, Entry& entry) {
            set_resolved(unit, next, entry, ResolutionCode::recovered_by_itself, "");
        });
    }
    unit.append(EntryKind::confirm, [&](Incident& next, Entry& entry) {
        next.state = State::closed;
        next.closed_at = unit.now();
        next.needs_reply = false;
        if (input.csat) next.csat = input.csat;
        if (!input.comment.empty()) next.csat_comment = input.comment;
        if (unit.is_agent()) {
            entry.details.push_back({"on_behalf", true});
            add_text(entry, "on_behalf", input.on_behalf);
        }
    });
    unit.tell_holder(EntryKind::confirm);
    return {};
}

Status reject(Unit& unit, const ActionInput& input) {
    FieldErrors errors;
    check_on_behalf(errors, unit, input);
    errors.need(!is_blank(input.comment) || unit.is_import(), "/comment", "required", "Say what is still broken.");
    CHECK_OK(errors.result());
    unit.append(EntryKind::reject, [&](Incident& next, Entry& entry) {
        take_back_resolution(next);
        return_work(next, unit.desk());
        ++next.reopen_count;
        next.needs_reply = unit.actor().capacity == Capacity::requester;
        add_text(entry, "text", input.comment);
        if (unit.is_agent()) {
            entry.details.push_back({"on_behalf", true});
            add_text(entry, "on_behalf", input.on_behalf);
        }
        add_text(entry, "recorded", input.recorded_text);
    });
    unit.tell_holder(EntryKind::reject);
    return {};
}

Status auto_close(Unit& unit, const ActionInput& input) {
    unit.append(EntryKind::auto_close, [&](Incident& next, Entry& entry) {
        next.state = State::closed;
        next.closed_at = unit.now();
        next.needs_reply = false;
        add_text(entry, "recorded", input.recorded_text);
    });
    unit.tell_requester(EntryKind::auto_close);
    return {};
}

Status close(Unit& unit, const ActionInput& input) {
    FieldErrors errors;
    errors.need(!is_blank(input.reason), "/reason", "required", "Say why it is closed without the requester's answer.");
    CHECK_OK(errors.result());
    unit.append(EntryKind::close, [&](Incident& next, Entry& entry) {
        next.state = State::closed;
        next.closed_at = unit.now();
        next.needs_reply = false;
        add_text(entry, "reason", input.reason);
    });
    return {};
}

Status rate(Unit& unit, const ActionInput& input) {
    FieldErrors errors;
    errors.need(input.csat.has_value(), "/csat", "required", "Rate from 1 to 5.");
    check_csat(errors, input);
    CHECK_OK(errors.result());
    const Incident& incident = unit.incident();
    if (incident.csat == input.csat && incident.csat_comment == input.comment) return {};
    unit.append(EntryKind::rate, [&](Incident& next, Entry&) {
        next.csat = input.csat;
        next.csat_comment = input.comment;
    });
    unit.tell_holder(EntryKind::rate);
    return {};
}

Status reopen(Unit& unit, const ActionInput& input) {
    // The message that reopens is the reason; it stands in its own entry, where alone it can be redacted.
    const bool is_by_message = unit.actor().capacity == Capacity::requester_reply;
    FieldErrors errors;
    errors.need(is_by_message || !is_blank(input.reason) || unit.is_import(), "/reason", "required",
                "Say why it is opened again.");
    CHECK_OK(errors.result());
    const bool was_canceled = unit.incident().state == State::canceled;
    const bool is_requester = unit.actor().capacity == Capacity::requester || is_by_message;
    unit.append(EntryKind::reopen, [&](Incident& next, Entry& entry) {
        take_back_resolution(next);
        return_work(next, unit.desk());
        if (!was_canceled) ++next.reopen_count;
        next.needs_reply = is_requester;
        // An agent's reason is internal; what the requester wrote is theirs to see.
        add_text(entry, is_requester ? "text" : "reason", input.reason);
        add_text(entry, "recorded", input.recorded_text);
    });
    unit.tell_holder(EntryKind::reopen);
    return {};
}

Status cancel(Unit& unit, const ActionInput& input) {
    FieldErrors errors;
    errors.need(input.code.has_value(), "/code", "required", "Say why: not_an_incident, spam, mistake or test.");
    errors.need(!is_blank(input.text), "/text", "required", "Say in a sentence why it is canceled.");
    CHECK_OK(errors.result());
    unit.append(EntryKind::cancel, [&](Incident& next, Entry& entry) {
        next.state = State::canceled;
        next.hold_reason.reset();
        next.resume_at.reset();
        next.canceled_at = unit.now();
        next.needs_reply = false;
        entry.details.push_back({"code", std::string(to_string(*input.code))});
        add_text(entry, "text", input.text);
    });
    unit.tell_requester(EntryKind::cancel);
    return {};
}

}  // namespace firstline::domain::actions
