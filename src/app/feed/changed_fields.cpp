#include "app/feed/changed_fields.hpp"

#include <algorithm>

#include "app/incidents/record.hpp"

namespace firstline::app {

using namespace domain;

namespace {

// A field of an entry by the names under which callers read it; "" = not at all.
struct Name {
    std::string_view field, agent, requester;
};
// clang-format off
constexpr Name kNames[]{
    {"hold_reason",        "hold_reason",        ""},
    {"resume_at",          "resume_at",          ""},
    {"kind",               "kind",               ""},
    {"channel",            "channel",            "channel"},
    {"impact",             "impact",             ""},
    {"urgency",            "urgency",            ""},
    {"priority",           "priority",           ""},
    {"priority_known",     "priority",           ""},
    {"team",               "team",               "handled_by"},
    {"assignee",           "assignee",           ""},
    {"tier",               "tier",               ""},
    {"requester",          "requester",          "requester"},
    {"service",            "service",            "service"},
    {"category",           "category",           ""},
    {"ci",                 "ci",                 ""},
    {"parent",             "parent",             ""},
    {"merged_into",        "merged_into",        ""},
    {"follow_up_of",       "follow_up_of",       ""},
    {"restricted",         "restricted",         ""},
    {"needs_reply",        "flags",              ""},
    {"has_attachment",     "flags",              ""},
    {"opened_by",          "opened_by",          ""},
    {"affected_count",     "affected_count",     ""},
    {"resolution_code",    "resolution_code",    ""},
    {"reassignment_count", "reassignment_count", ""},
    {"reopen_count",       "reopen_count",       ""},
    {"csat",               "csat",               "csat"},
    {"created_at",         "created_at",         "created_at"},
    {"triaged_at",         "triaged_at",         ""},
    {"assigned_at",        "assigned_at",        ""},
    {"started_at",         "started_at",         ""},
    {"resolved_at",        "resolved_at",        "resolved_at"},
    {"closed_at",          "closed_at",          "closed_at"},
    // texts
    {"title",              "title",              "title"},
    {"description",        "description",        "description"},
    {"resolution_notes",   "resolution_notes",   "resolution_notes"},
    {"priority_reason",    "priority_reason",    ""},
};
// clang-format on

void add_once(std::vector<std::string_view>& out, std::string_view name) {
    if (!name.empty() && std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
}

void add_named(ChangedFields& out, std::string_view field) {
    for (const Name& row : kNames) {
        if (row.field != field) continue;
        add_once(out.for_agents, row.agent);
        add_once(out.for_requesters, row.requester);
    }
}

bool is_word(const FieldValue& value, std::string_view wanted) {
    const auto* word = std::get_if<std::string>(&value);
    return word != nullptr && *word == wanted;
}

State state_in(const FieldValue& value) {
    const auto* word = std::get_if<std::string>(&value);
    return word == nullptr ? State::new_ : parse_word<State>(*word).value_or(State::new_);
}

// A requester knows steps, not states: a move within a step is none to them.
void add_state(ChangedFields& out, const FieldChange& change) {
    const State before = state_in(change.before);
    const State after = state_in(change.after);
    add_once(out.for_agents, "state");
    add_once(out.for_agents, "stage");
    if (is_open(before) != is_open(after)) add_once(out.for_agents, "is_open");
    if (step_of(before) != step_of(after)) add_once(out.for_requesters, "step");
}

}  // namespace

std::string_view requester_name_of(std::string_view field) {
    if (field == "state") return "step";
    for (const Name& row : kNames) {
        if (row.field == field) return row.requester;
    }
    return {};
}

ChangedFields changed_fields(const FeedEntry& entry) {
    ChangedFields out;
    Entry decoded;
    if (!entry.is_incident() || !decode_entry_data(entry.data, decoded)) return out;
    const std::string_view waiting = to_string(HoldReason::awaiting_requester);
    for (const FieldChange& change : decoded.changes) {
        if (change.field == "state") add_state(out, change);
        if (change.field == "hold_reason" && is_word(change.before, waiting) != is_word(change.after, waiting)) {
            add_once(out.for_requesters, "waiting_for_you");
        }
        add_named(out, change.field);
    }
    for (const Detail& detail : decoded.details) {
        if (detail.key == "tag_added" || detail.key == "tag_removed") add_once(out.for_agents, "tags");
    }
    for (const auto& [field, hash] : text_hashes_of(entry.data)) add_named(out, field);
    if (entry.seq == 1) {
        for (const std::string_view name : {"state", "stage", "is_open"}) add_once(out.for_agents, name);
        add_once(out.for_requesters, "step");
    }
    if (!entry.is_public) out.for_requesters.clear();
    return out;
}

}  // namespace firstline::app
