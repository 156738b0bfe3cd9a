#include "domain/incident/messages.hpp"

#include "base/text.hpp"

namespace firstline::domain {
namespace {

constexpr std::size_t kTitleCharactersMax = 250;

void check_title(FieldErrors& errors, const std::string& title) {
    errors.need(!is_blank(title), "/title", title.empty() ? "required" : "blank", "Say in a few words what is broken.");
    errors.need(count_characters(title) <= kTitleCharactersMax, "/title", "too_long",
                "A title has at most 250 characters.");
}

// Who gets a new incident: the request, a restricting category, the service's support team, the default desk (domain.md §4).
const Team* first_team(const Desk& desk, const LogInput& input, std::string& why) {
    if (const Category* category = desk.category(input.category); category != nullptr && category->is_restricted) {
        why = "category_restricts";
        return desk.standing_team(category->team);
    }
    if (input.team.is_set()) {
        why = "request";
        return desk.standing_team(input.team);
    }
    if (const Service* service = desk.service(input.service)) {
        if (const Team* team = desk.standing_team(service->support_team)) {
            why = "service";
            return team;
        }
    }
    why = "default";
    return desk.standing_team(desk.settings.default_team);
}

void attach(Incident& next, Entry& entry, const std::vector<std::int64_t>& attachments) {
    for (const std::int64_t id : attachments) entry.details.push_back({"attachment", id});
    if (!attachments.empty()) next.has_attachment = true;
}

Status check_log(const Unit& unit, const LogInput& input) {
    const Desk& desk = unit.desk();
    FieldErrors errors;
    check_title(errors, input.title);
    errors.need(!input.impact || (*input.impact >= 1 && *input.impact <= 3), "/impact", "range",
                "Impact is 1, 2 or 3.");
    errors.need(!input.urgency || (*input.urgency >= 1 && *input.urgency <= 3), "/urgency", "range",
                "Urgency is 1, 2 or 3.");
    errors.need(!input.affected_count || *input.affected_count >= 1, "/affected_count", "range",
                "At least one person is affected.");
    const Category* category = desk.category(input.category);
    errors.need(category != nullptr || !input.category.is_set(), "/category", "not_found",
                "There is no such category.");
    errors.need(category == nullptr || category->is_active || unit.is_import(), "/category", "inactive",
                "This category can no longer be chosen.");
    const Service* service = desk.service(input.service);
    errors.need(service != nullptr || !input.service.is_set(), "/service", "not_found", "There is no such service.");
    errors.need(service == nullptr || service->is_active || unit.is_import(), "/service", "inactive",
                "This service can no longer be chosen.");
    const Team* team = desk.team(input.team);
    errors.need(team != nullptr || !input.team.is_set(), "/team", "not_found", "There is no such team.");
    errors.need(team == nullptr || team->is_active, "/team", "inactive", "This team has been dissolved.");
    errors.need(!input.assignee.is_set() || input.team.is_set(), "/team", "required", "An assignee needs their team.");
    if (input.assignee.is_set() && team != nullptr) {
        errors.need(desk.is_active_member(input.team, input.assignee), "/assignee", "conflict",
                    "The assignee must be an active member of the team.");
    }
    std::string why;
    errors.need(!input.is_restricted || first_team(desk, input, why) != nullptr, "/restricted", "conflict",
                "Only an incident with a team can be restricted.");
    return errors.result();
}

// Monitoring knows no number of people: the criticality of the service stands in for it (domain.md §3).
std::optional<int> impact_of_service(const Service* service) {
    if (service == nullptr) return std::nullopt;
    if (service->criticality == Criticality::critical) return 1;
    return service->criticality == Criticality::high ? 2 : 3;
}

void fill_new(Incident& next, const Unit& unit, const LogInput& input) {
    next.state = State::new_;
    next.kind = input.kind;
    next.channel = input.channel;
    next.title = std::string(trim(input.title));
    next.description = input.description;
    next.impact = input.impact;
    next.urgency = input.urgency;
    next.affected_count = input.affected_count;
    if (!next.impact && input.affected_count)
        next.impact = impact_of_affected(unit.desk().settings, *input.affected_count);
    if (!next.impact && input.channel == Channel::monitoring)
        next.impact = impact_of_service(unit.desk().service(input.service));
    next.category = input.category;
    next.service = input.service;
    next.ci = input.ci;
    next.requester = input.requester;
    next.organization = input.organization;
    next.opened_by = input.opened_by;
    next.follow_up_of = input.follow_up_of;
    next.is_restricted = input.is_restricted;
    const Category* category = unit.desk().category(input.category);
    if (category != nullptr && category->is_restricted) next.is_restricted = true;
    next.created_at = unit.now();
    recompute_priority(next, unit.desk(), unit.is_requester_vip());
    if (input.category.is_set() || next.is_priority_known) next.triaged_at = unit.now();
}

}  // namespace

Status log_incident(Unit& unit, const LogInput& input) {
    if (find_transition(std::nullopt, Action::log, unit.actor().capacity) == nullptr) {
        return fail(ErrorKind::forbidden, "auth.forbidden", "You may not log incidents.");
    }
    CHECK_OK(check_log(unit, input));
    unit.append(EntryKind::log, [&](Incident& next, Entry& entry) {
        fill_new(next, unit, input);
        attach(next, entry, input.attachments);
        if (!input.recorded_text.empty()) entry.texts.push_back({"recorded", input.recorded_text});
    });
    unit.tell_requester(EntryKind::log);
    if (unit.is_import()) return {};
    std::string why;
    if (const Team* team = first_team(unit.desk(), input, why)) {
        unit.append(EntryKind::assign, [&](Incident& next, Entry& entry) {
            next.state = State::assigned;
            actions::move_to_team(next, *team, team->id == input.team ? input.assignee : UserId{}, unit.now());
            entry.details.push_back({"why", why});
        });
        unit.tell_holder(EntryKind::log);
    }
    return {};
}

Status reply(Unit& unit, const std::string& text, const std::vector<std::int64_t>& attachments) {
    unit.append(EntryKind::reply, [&](Incident& next, Entry& entry) {
        entry.texts.push_back({"text", text});
        attach(next, entry, attachments);
        next.needs_reply = false;
    });
    unit.has_reply = true;
    unit.tell_requester(EntryKind::reply);
    return {};
}

Status note(Unit& unit, const std::string& text, const std::vector<std::int64_t>& attachments) {
    unit.append(EntryKind::note, [&](Incident& next, Entry& entry) {
        entry.texts.push_back({"text", text});
        attach(next, entry, attachments);
    });
    return {};
}

MessageEffect effect_of_message(const Incident& incident, Sender sender, const Settings& settings, Instant now) {
    switch (incident.state) {
        case State::new_:
        case State::assigned:
        case State::in_progress:
        case State::resolved: return MessageEffect::none;
        case State::on_hold:
            return sender.is_requester && incident.hold_reason == HoldReason::awaiting_requester
                       ? MessageEffect::resumed
                       : MessageEffect::none;
        case State::closed:
            if (!sender.is_requester) return MessageEffect::none;
            return is_within_window(settings, incident.closed_at, now) ? MessageEffect::reopened
                                                                       : MessageEffect::follow_up;
        case State::canceled: return incident.merged_into.is_set() ? MessageEffect::to_target : MessageEffect::none;
    }
    return MessageEffect::none;
}

Status message(Unit& unit, Sender sender, const std::string& text, const std::vector<std::int64_t>& attachments) {
    const MessageEffect effect = effect_of_message(unit.incident(), sender, unit.desk().settings, unit.now());
    if (effect == MessageEffect::follow_up || effect == MessageEffect::to_target) {
        return fail(ErrorKind::internal, "internal", "A message for another incident reached this one.");
    }
    unit.append(EntryKind::message, [&](Incident& next, Entry& entry) {
        entry.texts.push_back({"text", text});
        attach(next, entry, attachments);
        next.needs_reply = true;
    });
    if (effect == MessageEffect::none) {
        // A watcher's or colleague's message only sets `needs_reply` (domain.md §2).
        if (sender.is_requester) unit.tell_holder(EntryKind::message);
        return {};
    }
    const Capacity before = unit.actor().capacity;
    unit.act_as(Capacity::requester_reply);
    const Status done = decide(unit, effect == MessageEffect::resumed ? Action::resume : Action::reopen, {});
    unit.act_as(before);
    if (done) unit.tell_holder(effect == MessageEffect::resumed ? EntryKind::message : EntryKind::reopen);
    return done;
}

namespace {

// The impact follows the number of people while nobody has said another one, and until the incident is resolved: from then
// on the priority stands (domain.md §2, §3). A number taken away says nothing.
void follow_affected_count(Incident& next, std::optional<int> before, const Unit& unit) {
    const Settings& settings = unit.desk().settings;
    const bool is_said = next.impact && (!before || *next.impact != impact_of_affected(settings, *before));
    const bool stands = !is_open(next.state) || next.state == State::resolved;
    if (!next.affected_count || is_said || stands) return;
    const int impact = impact_of_affected(settings, *next.affected_count);
    if (next.impact == impact) return;
    next.impact = impact;
    next.is_priority_set = false;
    next.priority_reason.clear();
    recompute_priority(next, unit.desk(), unit.is_requester_vip());
    if (next.is_priority_known && !next.triaged_at) next.triaged_at = unit.now();
}

}  // namespace

Status edit(Unit& unit, const EditInput& input) {
    const Incident& incident = unit.incident();
    FieldErrors errors;
    if (input.title) check_title(errors, *input.title);
    errors.need(!input.affected_count || *input.affected_count >= 1, "/affected_count", "range",
                "At least one person is affected.");
    if (input.service && input.service->is_set() && *input.service != incident.service) {
        const Service* service = unit.desk().service(*input.service);
        errors.need(service != nullptr, "/service", "not_found", "There is no such service.");
        errors.need(service == nullptr || service->is_active, "/service", "inactive",
                    "This service can no longer be chosen.");
    }
    errors.need(!input.is_restricted.value_or(false) || incident.team.is_set(), "/restricted", "conflict",
                "Only an incident with a team can be restricted.");
    errors.need(!input.requester || input.requester->is_set() || !is_waiting_for_requester(incident), "/requester",
                "conflict", "The incident waits for its requester: resume it first.");
    CHECK_OK(errors.result());
    Incident trial = incident;
    const auto mutate = [&](Incident& next) {
        if (input.title) next.title = std::string(trim(*input.title));
        if (input.description) next.description = *input.description;
        if (input.service) next.service = *input.service;
        if (input.ci) next.ci = *input.ci;
        if (input.affected_count) next.affected_count = input.affected_count;
        if (input.clears_affected_count) next.affected_count.reset();
        if (input.is_restricted) next.is_restricted = *input.is_restricted;
        if (input.requester && *input.requester != next.requester) {
            next.requester = *input.requester;
            next.organization = input.requester_organization;
            recompute_priority(next, unit.desk(), unit.is_requester_vip());
        }
        if (next.affected_count != incident.affected_count) follow_affected_count(next, incident.affected_count, unit);
    };
    mutate(trial);
    if (trial == incident && input.tags_added.empty() && input.tags_removed.empty()) return {};
    unit.append(EntryKind::edit, [&](Incident& next, Entry& entry) {
        mutate(next);
        for (const auto& tag : input.tags_added) entry.details.push_back({"tag_added", tag});
        for (const auto& tag : input.tags_removed) entry.details.push_back({"tag_removed", tag});
    });
    return {};
}

void assignee_left(Unit& unit, UserId person) {
    if (unit.incident().assignee != person || !is_open(unit.incident().state)) return;
    unit.append(EntryKind::assignee_left, [&](Incident& next, Entry&) {
        next.assignee = {};
        if (next.state == State::in_progress) next.state = next.team.is_set() ? State::assigned : State::new_;
    });
    unit.tell_team(unit.incident().team, EntryKind::assignee_left);
}

void team_dissolved(Unit& unit, const Team& successor) {
    if (!is_open(unit.incident().state) || unit.incident().team == successor.id) return;
    unit.append(EntryKind::team_dissolved, [&](Incident& next, Entry& entry) {
        entry.details.push_back({"successor", successor.id.value});
        next.team = successor.id;
        next.tier = successor.tier;
        const bool stays = next.assignee.is_set() && unit.desk().is_active_member(successor.id, next.assignee);
        if (stays) return;
        next.assignee = {};
        next.is_team_started = false;
        if (next.state == State::in_progress) next.state = State::assigned;
    });
    unit.tell_team(successor.id, EntryKind::team_dissolved);
}

void redact(Unit& unit, std::int64_t seq, const std::string& field, bool is_standing_text, const std::string& reason) {
    unit.append(EntryKind::redact, [&](Incident& next, Entry& entry) {
        entry.details.push_back({"seq", seq});
        entry.details.push_back({"field", field});
        entry.texts.push_back({"reason", reason});
        if (!is_standing_text) return;
        if (field == "title") next.title = std::string(kRedacted);
        if (field == "description") next.description = std::string(kRedacted);
        if (field == "resolution_notes") next.resolution_notes = std::string(kRedacted);
        if (field == "priority_reason") next.priority_reason = std::string(kRedacted);
        if (field == "csat_comment") next.csat_comment = std::string(kRedacted);
    });
}

}  // namespace firstline::domain
