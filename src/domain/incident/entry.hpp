// Timeline entries and the fold from timeline to incident (domain.md §2, storage.md §5).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/incident/incident.hpp"

namespace firstline::domain {

// What happened. The first nineteen are the actions of the transition table, in its order.
enum class EntryKind : std::uint8_t {
    log,
    triage,
    assign,
    start,
    hold,
    resume,
    escalate,
    raise,
    resolve,
    confirm,
    reject,
    auto_close,
    close,
    rate,
    reopen,
    cancel,
    merge,
    unmerge,
    undo,
    reply,
    note,
    message,
    edit,
    attach,
    watch,
    unwatch,
    link,
    unlink,
    redact,
    merged_from,
    unmerged_from,
    follow_up,
    child_rejected,
    team_dissolved,
    assignee_left
};
template <>
struct Words<EntryKind> {
    static constexpr std::array<std::string_view, 35> kWords{
        "log",     "triage",      "assign",        "start",     "hold",           "resume",         "escalate",
        "raise",   "resolve",     "confirm",       "reject",    "auto_close",     "close",          "rate",
        "reopen",  "cancel",      "merge",         "unmerge",   "undo",           "reply",          "note",
        "message", "edit",        "attach",        "watch",     "unwatch",        "link",           "unlink",
        "redact",  "merged_from", "unmerged_from", "follow_up", "child_rejected", "team_dissolved", "assignee_left"};
};
[[nodiscard]] constexpr EntryKind entry_kind(Action action) { return static_cast<EntryKind>(action); }

using FieldValue = std::variant<std::monostate, bool, std::int64_t, std::string>;

struct FieldChange {
    std::string_view field;  // a name of the field table: a literal
    FieldValue before, after;
    friend bool operator==(const FieldChange&, const FieldChange&) = default;
};
// A fact beside the fields: whom, target, tag, code, …
struct Detail {
    std::string key;
    FieldValue value;
    friend bool operator==(const Detail&, const Detail&) = default;
};
// A text of the entry; `title`, `description`, `resolution_notes`, `priority_reason`, `csat_comment` set the incident's.
struct EntryTextPart {
    std::string field;
    std::string text;
    friend bool operator==(const EntryTextPart&, const EntryTextPart&) = default;
};

struct Entry {
    std::int64_t seq = 0;
    Instant at{};           // when it happened
    Instant recorded_at{};  // when it was written
    UserId actor;           // none: the desk itself
    Capacity capacity = Capacity::agent;
    EntryKind kind = EntryKind::log;
    bool is_public = false;
    bool is_inferred = false;
    std::vector<FieldChange> changes;
    std::vector<Detail> details;
    std::vector<EntryTextPart> texts;
};

// The fields that entries carry, each with its accessors; texts and what follows from the entry itself are not among them.
struct Field {
    std::string_view name;
    bool is_bookkeeping;  // follows from the act; left out of what people are shown
    FieldValue (*get)(const Incident&);
    void (*set)(Incident&, const FieldValue&);
    bool (*equal)(const Incident&, const Incident&);
};
[[nodiscard]] std::span<const Field> fields();
[[nodiscard]] const Field* find_field(std::string_view name);

[[nodiscard]] std::vector<FieldChange> difference(const Incident& before, const Incident& after);
// Applies one entry: its changes and texts, then version, public_version, updated_at.
void apply(Incident& incident, const Entry& entry);
// Folding a whole timeline, in order of `seq`, gives the stored row.
[[nodiscard]] Incident fold(IncidentId id, std::span<const Entry> entries);

// The text that a requester may read of a public entry of this kind; "" where there is none.
[[nodiscard]] std::string_view public_text_field(EntryKind kind);

inline constexpr std::string_view kRedacted = "(redacted)";

}  // namespace firstline::domain
