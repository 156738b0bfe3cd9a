#include "http/incidents/incident_json.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace firstline::http {

using namespace domain;
using app::IncidentAnswer;

namespace {

using Write = void (*)(JsonWriter&, const IncidentAnswer&);
struct FieldRow {
    std::string_view name;
    Write write;
};

template <class Record>
void write_record(JsonWriter& json, const Record* record) {
    if (record == nullptr) {
        json.null();
        return;
    }
    json.begin_object().key("key").text(record->key).key("name").text(record->name).end_object();
}

template <Worded E>
void write_word(JsonWriter& json, const std::optional<E>& word) {
    if (word) {
        json.text(to_string(*word));
    } else {
        json.null();
    }
}

void write_number(JsonWriter& json, IncidentId id) {
    if (id.is_set()) {
        json.text(app::to_number(id));
    } else {
        json.null();
    }
}

std::optional<Instant> reopen_until(const IncidentAnswer& a) {
    const auto since = a.incident.state == State::canceled ? a.incident.canceled_at : a.incident.closed_at;
    if (!since || a.incident.merged_into.is_set()) return std::nullopt;
    return *since + days(a.desk->settings.reopen_window_days);
}

void write_flags(JsonWriter& json, const IncidentAnswer& a) {
    json.begin_array();
    if (a.incident.needs_reply) json.text("needs_reply");
    if (a.is_vip) json.text("vip");
    if (a.incident.reopen_count > 0) json.text("reopened");
    if (a.incident.channel == Channel::monitoring) json.text("monitoring");
    if (a.incident.has_attachment) json.text("attachment");
    json.end_array();
}

void write_tags(JsonWriter& json, const IncidentAnswer& a) {
    json.begin_array();
    for (const auto& tag : a.tags) json.begin_object().key("key").text(tag.key).key("name").text(tag.name).end_object();
    json.end_array();
}

void write_blocked(JsonWriter& json, const IncidentAnswer& a) {
    json.begin_array();
    for (const Blocked& blocked : a.offers.blocked) {
        json.begin_object().key("action").text(to_string(blocked.action)).key("why").text(blocked.why).end_object();
    }
    json.end_array();
}

// clang-format off
constexpr std::array kAgentFields{
    FieldRow{"number", [](JsonWriter& j, const IncidentAnswer& a) { j.text(app::to_number(a.incident.id)); }},
    FieldRow{"kind", [](JsonWriter& j, const IncidentAnswer& a) { j.text(to_string(a.incident.kind)); }},
    FieldRow{"title", [](JsonWriter& j, const IncidentAnswer& a) { j.text(a.incident.title); }},
    FieldRow{"description", [](JsonWriter& j, const IncidentAnswer& a) { j.text_or_null(a.incident.description); }},
    FieldRow{"state", [](JsonWriter& j, const IncidentAnswer& a) { j.text(to_string(a.incident.state)); }},
    FieldRow{"stage", [](JsonWriter& j, const IncidentAnswer& a) { j.number_or_null(stage_of(a.incident)); }},
    FieldRow{"hold_reason", [](JsonWriter& j, const IncidentAnswer& a) { write_word(j, a.incident.hold_reason); }},
    FieldRow{"resume_at", [](JsonWriter& j, const IncidentAnswer& a) { j.instant_or_null(a.incident.resume_at); }},
    FieldRow{"is_open", [](JsonWriter& j, const IncidentAnswer& a) { j.flag(is_open(a.incident.state)); }},
    FieldRow{"channel", [](JsonWriter& j, const IncidentAnswer& a) { j.text(to_string(a.incident.channel)); }},
    FieldRow{"impact", [](JsonWriter& j, const IncidentAnswer& a) { j.number_or_null(a.incident.impact); }},
    FieldRow{"urgency", [](JsonWriter& j, const IncidentAnswer& a) { j.number_or_null(a.incident.urgency); }},
    FieldRow{"priority", [](JsonWriter& j, const IncidentAnswer& a) {
        if (a.incident.is_priority_known) j.text(to_string(a.incident.priority)); else j.null(); }},
    FieldRow{"priority_reason", [](JsonWriter& j, const IncidentAnswer& a) { j.text_or_null(a.incident.priority_reason); }},
    FieldRow{"category", [](JsonWriter& j, const IncidentAnswer& a) { write_record(j, a.desk->category(a.incident.category)); }},
    FieldRow{"service", [](JsonWriter& j, const IncidentAnswer& a) { write_record(j, a.desk->service(a.incident.service)); }},
    FieldRow{"ci", [](JsonWriter& j, const IncidentAnswer&) { j.null(); }},  // configuration items come with their own part
    FieldRow{"tags", write_tags},
    FieldRow{"requester", [](JsonWriter& j, const IncidentAnswer& a) { write_named(j, a.requester); }},
    FieldRow{"opened_by", [](JsonWriter& j, const IncidentAnswer& a) { write_named(j, a.opened_by); }},
    FieldRow{"affected_count", [](JsonWriter& j, const IncidentAnswer& a) { j.number_or_null(a.incident.affected_count); }},
    FieldRow{"team", [](JsonWriter& j, const IncidentAnswer& a) { write_record(j, a.desk->team(a.incident.team)); }},
    FieldRow{"assignee", [](JsonWriter& j, const IncidentAnswer& a) { write_named(j, a.assignee); }},
    FieldRow{"tier", [](JsonWriter& j, const IncidentAnswer& a) { if (a.incident.tier > 0) j.number(a.incident.tier); else j.null(); }},
    FieldRow{"parent", [](JsonWriter& j, const IncidentAnswer& a) { write_number(j, a.incident.parent); }},
    FieldRow{"children_count", [](JsonWriter& j, const IncidentAnswer& a) { j.number(a.children_count); }},
    FieldRow{"merged_into", [](JsonWriter& j, const IncidentAnswer& a) { write_number(j, a.incident.merged_into); }},
    FieldRow{"follow_up_of", [](JsonWriter& j, const IncidentAnswer& a) { write_number(j, a.incident.follow_up_of); }},
    FieldRow{"restricted", [](JsonWriter& j, const IncidentAnswer& a) { j.flag(a.incident.is_restricted); }},
    FieldRow{"resolution_code", [](JsonWriter& j, const IncidentAnswer& a) { write_word(j, a.incident.resolution_code); }},
    FieldRow{"resolution_notes", [](JsonWriter& j, const IncidentAnswer& a) { j.text_or_null(a.incident.resolution_notes); }},
    FieldRow{"reassignment_count", [](JsonWriter& j, const IncidentAnswer& a) { j.number(a.incident.reassignment_count); }},
    FieldRow{"reopen_count", [](JsonWriter& j, const IncidentAnswer& a) { j.number(a.incident.reopen_count); }},
    FieldRow{"csat", [](JsonWriter& j, const IncidentAnswer& a) { j.number_or_null(a.incident.csat); }},
    FieldRow{"created_at", [](JsonWriter& j, const IncidentAnswer& a) { j.instant(a.incident.created_at); }},
    FieldRow{"updated_at", [](JsonWriter& j, const IncidentAnswer& a) { j.instant(a.incident.updated_at); }},
    FieldRow{"triaged_at", [](JsonWriter& j, const IncidentAnswer& a) { j.instant_or_null(a.incident.triaged_at); }},
    FieldRow{"assigned_at", [](JsonWriter& j, const IncidentAnswer& a) { j.instant_or_null(a.incident.assigned_at); }},
    FieldRow{"started_at", [](JsonWriter& j, const IncidentAnswer& a) { j.instant_or_null(a.incident.started_at); }},
    FieldRow{"resolved_at", [](JsonWriter& j, const IncidentAnswer& a) { j.instant_or_null(a.incident.resolved_at); }},
    FieldRow{"closed_at", [](JsonWriter& j, const IncidentAnswer& a) { j.instant_or_null(a.incident.closed_at); }},
    FieldRow{"auto_close_at", [](JsonWriter& j, const IncidentAnswer&) { j.null(); }},  // no timer closes it yet
    FieldRow{"reopen_until", [](JsonWriter& j, const IncidentAnswer& a) { j.instant_or_null(reopen_until(a)); }},
    FieldRow{"external_ref", [](JsonWriter& j, const IncidentAnswer& a) { j.text_or_null(a.external_ref); }},
    FieldRow{"recorded", [](JsonWriter& j, const IncidentAnswer& a) { if (a.recorded.empty()) j.null(); else j.raw(a.recorded); }},
    FieldRow{"flags", write_flags},
    FieldRow{"version", [](JsonWriter& j, const IncidentAnswer& a) { j.number(a.incident.version); }},
    FieldRow{"allowed_actions", [](JsonWriter& j, const IncidentAnswer& a) { write_offers(j, a); }},
    FieldRow{"blocked_actions", write_blocked},
};

constexpr std::array kRequesterFields{
    FieldRow{"number", [](JsonWriter& j, const IncidentAnswer& a) { j.text(app::to_number(a.incident.id)); }},
    FieldRow{"title", [](JsonWriter& j, const IncidentAnswer& a) { j.text(a.incident.title); }},
    FieldRow{"description", [](JsonWriter& j, const IncidentAnswer& a) { j.text_or_null(a.incident.description); }},
    FieldRow{"step", [](JsonWriter& j, const IncidentAnswer& a) { j.text(to_string(step_of(a.incident.state))); }},
    FieldRow{"waiting_for_you", [](JsonWriter& j, const IncidentAnswer& a) { j.flag(is_waiting_for_requester(a.incident)); }},
    FieldRow{"channel", [](JsonWriter& j, const IncidentAnswer& a) { j.text(to_string(a.incident.channel)); }},
    FieldRow{"service", [](JsonWriter& j, const IncidentAnswer& a) { write_record(j, a.desk->service(a.incident.service)); }},
    FieldRow{"requester", [](JsonWriter& j, const IncidentAnswer& a) { write_named(j, a.requester); }},
    FieldRow{"handled_by", [](JsonWriter& j, const IncidentAnswer& a) {
        const Team* team = a.desk->team(a.incident.team);
        j.text_or_null(team == nullptr ? std::string_view() : std::string_view(team->public_name)); }},
    FieldRow{"created_at", [](JsonWriter& j, const IncidentAnswer& a) { j.instant(a.incident.created_at); }},
    FieldRow{"updated_at", [](JsonWriter& j, const IncidentAnswer& a) { j.instant(a.incident.updated_at); }},
    FieldRow{"resolved_at", [](JsonWriter& j, const IncidentAnswer& a) { j.instant_or_null(a.incident.resolved_at); }},
    FieldRow{"closed_at", [](JsonWriter& j, const IncidentAnswer& a) { j.instant_or_null(a.incident.closed_at); }},
    FieldRow{"resolution_notes", [](JsonWriter& j, const IncidentAnswer& a) { j.text_or_null(a.incident.resolution_notes); }},
    FieldRow{"promised_at", [](JsonWriter& j, const IncidentAnswer&) { j.null(); }},    // clocks come with the desk's rules
    FieldRow{"auto_close_at", [](JsonWriter& j, const IncidentAnswer&) { j.null(); }},  // no timer closes it yet
    FieldRow{"reopen_until", [](JsonWriter& j, const IncidentAnswer& a) { j.instant_or_null(reopen_until(a)); }},
    FieldRow{"csat", [](JsonWriter& j, const IncidentAnswer& a) { j.number_or_null(a.incident.csat); }},
    FieldRow{"version", [](JsonWriter& j, const IncidentAnswer& a) { j.number(a.incident.public_version); }},
    FieldRow{"allowed_actions", [](JsonWriter& j, const IncidentAnswer& a) { write_offers(j, a); }},
};
// clang-format on

// Fields that the head row alone answers: a list of these needs no texts, tags, counts or offers.
bool is_head_field(std::string_view name) {
    static constexpr std::string_view kHead[]{"number",          "kind",
                                              "title",           "state",
                                              "stage",           "hold_reason",
                                              "resume_at",       "is_open",
                                              "channel",         "impact",
                                              "urgency",         "priority",
                                              "category",        "service",
                                              "requester",       "opened_by",
                                              "affected_count",  "team",
                                              "assignee",        "tier",
                                              "parent",          "merged_into",
                                              "follow_up_of",    "restricted",
                                              "resolution_code", "reassignment_count",
                                              "reopen_count",    "csat",
                                              "created_at",      "updated_at",
                                              "triaged_at",      "assigned_at",
                                              "started_at",      "resolved_at",
                                              "closed_at",       "auto_close_at",
                                              "reopen_until",    "flags",
                                              "version",         "step",
                                              "waiting_for_you", "handled_by",
                                              "promised_at"};
    return std::find(std::begin(kHead), std::end(kHead), name) != std::end(kHead);
}

template <class Rows, class Wants>
void write_rows(JsonWriter& json, const Rows& rows, const IncidentAnswer& answer, Wants wants) {
    json.begin_object();
    for (std::size_t place = 0; place < rows.size(); ++place) {
        if (!wants(place)) continue;
        json.key(rows[place].name);
        rows[place].write(json, answer);
    }
    json.end_object();
}

// True where the table has a field of this name; its place is marked.
template <class Rows, std::size_t N>
bool mark(const Rows& rows, std::string_view name, std::bitset<N>& places) {
    static_assert(std::tuple_size_v<Rows> <= N);
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const FieldRow& row) { return row.name == name; });
    if (found == rows.end()) return false;
    places.set(static_cast<std::size_t>(found - rows.begin()));
    return true;
}

void write_names(JsonWriter& json, std::string_view name, const std::vector<std::string_view>& values) {
    json.key(name).begin_array();
    for (const auto value : values) json.text(value);
    json.end_array();
}

}  // namespace

void write_named(JsonWriter& json, const std::optional<app::Named>& named) {
    write_record(json, named ? &*named : nullptr);
}

void write_offers(JsonWriter& json, const IncidentAnswer& answer) {
    json.begin_array();
    for (const Offer& offer : answer.offers.allowed) {
        json.begin_object();
        json.key("action").text(to_string(offer.action));
        json.key("to").text(answer.sees_internal ? to_string(offer.lands_in) : to_string(step_of(offer.lands_in)));
        write_names(json, "requires", offer.required);
        write_names(json, "optional", offer.optional);
        json.end_object();
    }
    json.end_array();
}

void write_incident(JsonWriter& json, const IncidentAnswer& answer, const FieldSet& fields) {
    if (answer.sees_internal) {
        write_rows(json, kAgentFields, answer, [&](std::size_t place) { return fields.has_agent_field(place); });
    } else {
        write_rows(json, kRequesterFields, answer,
                   [&](std::size_t place) { return fields.has_requester_field(place); });
    }
}

std::string incident_json(const IncidentAnswer& answer) {
    JsonWriter json;
    write_incident(json, answer);
    return json.take();
}

std::int64_t version_for(const IncidentAnswer& answer) {
    return answer.sees_internal ? answer.incident.version : answer.incident.public_version;
}

bool FieldSet::add(std::string_view name) {
    is_empty_ = false;
    is_heads_only_ = is_heads_only_ && is_head_field(name);
    const bool is_agents = mark(kAgentFields, name, of_agent_);
    return mark(kRequesterFields, name, of_requester_) || is_agents;
}

}  // namespace firstline::http
