#include "app/incidents/record.hpp"

namespace firstline::app {

using namespace domain;

namespace {

template <Worded E>
Value word(const std::optional<E>& maybe) {
    return maybe ? Value{std::string(to_string(*maybe))} : Value{Null{}};
}

// The order of incident.insert and incident.update.
std::vector<Value> columns_of(const Incident& i) {
    return {i.id.value,
            i.version,
            i.public_version,
            std::string(to_string(i.state)),
            value(is_open(i.state)),
            word(i.hold_reason),
            value(i.resume_at),
            std::string(to_string(i.kind)),
            std::string(to_string(i.channel)),
            value(i.impact),
            value(i.urgency),
            std::string(to_string(i.priority)),
            value(i.is_priority_known),
            value(i.is_priority_set),
            i.team.value,
            i.assignee.value,
            value(i.tier),
            value(i.is_team_started),
            i.requester.value,
            i.organization.value,
            i.service.value,
            i.category.value,
            value_or_null(i.ci),
            value_or_null(i.parent),
            value_or_null(i.merged_into),
            value_or_null(i.follow_up_of),
            value(i.is_restricted),
            value(i.needs_reply),
            value(i.has_attachment),
            i.opened_by.value,
            value(i.affected_count),
            value(is_paused(i)),
            kNever.us,
            kNever.us,
            word(i.resolution_code),
            value(i.is_recovered),
            value(i.resolved_seq),
            value(i.reassignment_count),
            value(i.reopen_count),
            value(i.escalation_count),
            value(i.csat),
            i.created_at.us,
            i.updated_at.us,
            value(i.triaged_at),
            value(i.assigned_at),
            value(i.started_at),
            value(i.resolved_at),
            value(i.closed_at),
            value(i.canceled_at),
            i.title};
}

std::vector<Value> text_columns_of(const Incident& i) {
    const auto maybe = [](const std::string& text) { return text.empty() ? Value{Null{}} : Value{text}; };
    return {i.id.value, i.description, maybe(i.resolution_notes), maybe(i.priority_reason), maybe(i.csat_comment)};
}

}  // namespace

Incident incident_from_row(const Row& r) {
    Incident i;
    i.id = r.id<IncidentId>(0);
    i.version = r.integer(1);
    i.public_version = r.integer(2);
    i.state = parse_word<State>(r.text(3)).value_or(State::new_);
    i.hold_reason = parse_word<HoldReason>(r.text(4));
    i.resume_at = r.instant_or_none(5);
    i.kind = parse_word<Kind>(r.text(6)).value_or(Kind::incident);
    i.channel = parse_word<Channel>(r.text(7)).value_or(Channel::api);
    i.impact = r.small_or_none(8);
    i.urgency = r.small_or_none(9);
    i.priority = parse_word<Priority>(r.text(10)).value_or(Priority::p3);
    i.is_priority_known = r.flag(11);
    i.is_priority_set = r.flag(12);
    i.team = r.id<TeamId>(13);
    i.assignee = r.id<UserId>(14);
    i.tier = static_cast<int>(r.integer(15));
    i.is_team_started = r.flag(16);
    i.requester = r.id<UserId>(17);
    i.organization = r.id<OrganizationId>(18);
    i.service = r.id<ServiceId>(19);
    i.category = r.id<CategoryId>(20);
    i.ci = r.id<CiId>(21);
    i.parent = r.id<IncidentId>(22);
    i.merged_into = r.id<IncidentId>(23);
    i.follow_up_of = r.id<IncidentId>(24);
    i.is_restricted = r.flag(25);
    i.needs_reply = r.flag(26);
    i.has_attachment = r.flag(27);
    i.opened_by = r.id<UserId>(28);
    i.affected_count = r.small_or_none(29);
    i.resolution_code = parse_word<ResolutionCode>(r.text(30));
    i.is_recovered = r.flag(31);
    if (!r.is_null(32)) i.resolved_seq = r.integer(32);
    i.reassignment_count = static_cast<int>(r.integer(33));
    i.reopen_count = static_cast<int>(r.integer(34));
    i.escalation_count = static_cast<int>(r.integer(35));
    i.csat = r.small_or_none(36);
    i.created_at = r.instant(37);
    i.updated_at = r.instant(38);
    i.triaged_at = r.instant_or_none(39);
    i.assigned_at = r.instant_or_none(40);
    i.started_at = r.instant_or_none(41);
    i.resolved_at = r.instant_or_none(42);
    i.closed_at = r.instant_or_none(43);
    i.canceled_at = r.instant_or_none(44);
    i.title = r.text(45);
    i.description = r.text(46);
    i.resolution_notes = r.text(47);
    i.priority_reason = r.text(48);
    i.csat_comment = r.text(49);
    return i;
}

Write insert_incident(const Incident& incident) { return {"incident.insert", columns_of(incident), OnConflict::stale}; }
Write update_incident(const Incident& incident) { return {"incident.update", columns_of(incident), OnConflict::stale}; }
Write insert_incident_text(const Incident& incident) {
    return {"incident_text.insert", text_columns_of(incident), OnConflict::stale};
}
Write update_incident_text(const Incident& incident) {
    return {"incident_text.update", text_columns_of(incident), OnConflict::stale};
}

bool has_same_texts(const Incident& a, const Incident& b) {
    return a.description == b.description && a.resolution_notes == b.resolution_notes &&
           a.priority_reason == b.priority_reason && a.csat_comment == b.csat_comment;
}

Result<std::optional<Incident>> find_incident(Reader& reader, IncidentId id) {
    std::optional<Incident> found;
    CHECK_OK(reader.query("incident.load", {id.value}, [&](const Row& row) {
        found = incident_from_row(row);
        return false;
    }));
    return found;
}

std::string scope_terms(const Incident& incident, const std::vector<UserId>& watchers, const Desk& desk) {
    std::string out = incident.is_restricted ? "t" + std::to_string(incident.team.value) : "a";
    const auto add_user = [&](UserId user) {
        if (!user.is_set()) return;
        const std::string term = " u" + std::to_string(user.value);
        if ((out + " ").find(term + " ") == std::string::npos) out += term;
    };
    add_user(incident.requester);
    // An opener who is an agent keeps no sight of what is restricted (policy.cpp).
    const bool opener_is_agent = desk.staff_member(incident.opened_by) != nullptr;
    if (!incident.is_restricted || !opener_is_agent) add_user(incident.opened_by);
    add_user(incident.assignee);
    for (const UserId watcher : watchers) add_user(watcher);
    if (!incident.is_restricted && incident.organization.is_set()) {
        const Organization* organization = desk.organization(incident.organization);
        if (organization != nullptr && organization->shares_incidents)
            out += " o" + std::to_string(incident.organization.value);
    }
    return out;
}

}  // namespace firstline::app
