#include "domain/incident/entry.hpp"

#include <array>
#include <type_traits>

namespace firstline::domain {
namespace {

template <class T>
struct Codec;

template <Worded E>
struct Codec<E> {
    static FieldValue to(E value) { return std::string(to_string(value)); }
    static E from(const FieldValue& value) {
        const auto* word = std::get_if<std::string>(&value);
        return word == nullptr ? E{} : parse_word<E>(*word).value_or(E{});
    }
};
template <class Tag>
struct Codec<Id<Tag>> {
    static FieldValue to(Id<Tag> id) { return id.is_set() ? FieldValue{id.value} : FieldValue{}; }
    static Id<Tag> from(const FieldValue& value) {
        const auto* number = std::get_if<std::int64_t>(&value);
        return Id<Tag>{number == nullptr ? 0 : *number};
    }
};
template <>
struct Codec<Instant> {
    static FieldValue to(Instant at) { return at.us; }
    static Instant from(const FieldValue& value) {
        const auto* number = std::get_if<std::int64_t>(&value);
        return Instant{number == nullptr ? 0 : *number};
    }
};
template <>
struct Codec<bool> {
    static FieldValue to(bool flag) { return flag; }
    static bool from(const FieldValue& value) {
        const auto* flag = std::get_if<bool>(&value);
        return flag != nullptr && *flag;
    }
};
template <class T>
    requires std::is_same_v<T, int> || std::is_same_v<T, std::int64_t>
struct Codec<T> {
    static FieldValue to(T number) { return static_cast<std::int64_t>(number); }
    static T from(const FieldValue& value) {
        const auto* number = std::get_if<std::int64_t>(&value);
        return number == nullptr ? T{} : static_cast<T>(*number);
    }
};
template <class T>
struct Codec<std::optional<T>> {
    static FieldValue to(const std::optional<T>& maybe) { return maybe ? Codec<T>::to(*maybe) : FieldValue{}; }
    static std::optional<T> from(const FieldValue& value) {
        if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
        return Codec<T>::from(value);
    }
};

template <auto Member>
constexpr Field field(std::string_view name, bool is_bookkeeping = false) {
    using T = std::remove_cvref_t<decltype(std::declval<Incident>().*Member)>;
    return Field{name, is_bookkeeping, [](const Incident& i) { return Codec<T>::to(i.*Member); },
                 [](Incident& i, const FieldValue& v) { i.*Member = Codec<T>::from(v); },
                 [](const Incident& a, const Incident& b) { return a.*Member == b.*Member; }};
}

constexpr bool kBookkeeping = true;
// clang-format off
constexpr std::array kFields{
    field<&Incident::state>("state"),
    field<&Incident::hold_reason>("hold_reason"),
    field<&Incident::resume_at>("resume_at"),
    field<&Incident::kind>("kind"),
    field<&Incident::channel>("channel"),
    field<&Incident::impact>("impact"),
    field<&Incident::urgency>("urgency"),
    field<&Incident::priority>("priority"),
    field<&Incident::is_priority_known>("priority_known", kBookkeeping),
    field<&Incident::is_priority_set>("priority_set", kBookkeeping),
    field<&Incident::team>("team"),
    field<&Incident::assignee>("assignee"),
    field<&Incident::tier>("tier"),
    field<&Incident::is_team_started>("team_started", kBookkeeping),
    field<&Incident::requester>("requester"),
    field<&Incident::organization>("organization", kBookkeeping),
    field<&Incident::service>("service"),
    field<&Incident::category>("category"),
    field<&Incident::ci>("ci"),
    field<&Incident::parent>("parent"),
    field<&Incident::merged_into>("merged_into"),
    field<&Incident::follow_up_of>("follow_up_of"),
    field<&Incident::is_restricted>("restricted"),
    field<&Incident::needs_reply>("needs_reply", kBookkeeping),
    field<&Incident::has_attachment>("has_attachment", kBookkeeping),
    field<&Incident::opened_by>("opened_by"),
    field<&Incident::affected_count>("affected_count"),
    field<&Incident::resolution_code>("resolution_code"),
    field<&Incident::is_recovered>("recovered", kBookkeeping),
    field<&Incident::resolved_seq>("resolved_seq", kBookkeeping),
    field<&Incident::reassignment_count>("reassignment_count", kBookkeeping),
    field<&Incident::reopen_count>("reopen_count", kBookkeeping),
    field<&Incident::escalation_count>("escalation_count", kBookkeeping),
    field<&Incident::csat>("csat"),
    field<&Incident::created_at>("created_at", kBookkeeping),
    field<&Incident::triaged_at>("triaged_at", kBookkeeping),
    field<&Incident::assigned_at>("assigned_at", kBookkeeping),
    field<&Incident::started_at>("started_at", kBookkeeping),
    field<&Incident::resolved_at>("resolved_at", kBookkeeping),
    field<&Incident::closed_at>("closed_at", kBookkeeping),
    field<&Incident::canceled_at>("canceled_at", kBookkeeping),
};

struct TextField { std::string_view name; std::string Incident::*member; };
constexpr std::array kTextFields{
    TextField{"title", &Incident::title},
    TextField{"description", &Incident::description},
    TextField{"resolution_notes", &Incident::resolution_notes},
    TextField{"priority_reason", &Incident::priority_reason},
    TextField{"csat_comment", &Incident::csat_comment},
};
// clang-format on

}  // namespace

std::span<const Field> fields() { return kFields; }

const Field* find_field(std::string_view name) {
    // Changes that were decided just now name the table's own literals: no text needs to be compared.
    for (const Field& row : kFields) {
        if (row.name.data() == name.data() && row.name.size() == name.size()) return &row;
    }
    for (const Field& row : kFields) {
        if (row.name == name) return &row;
    }
    return nullptr;
}

std::vector<FieldChange> difference(const Incident& before, const Incident& after) {
    std::vector<FieldChange> out;
    for (const Field& row : kFields) {
        if (!row.equal(before, after)) out.push_back({row.name, row.get(before), row.get(after)});
    }
    return out;
}

void apply(Incident& incident, const Entry& entry) {
    for (const FieldChange& change : entry.changes) {
        if (const Field* row = find_field(change.field)) row->set(incident, change.after);
    }
    for (const EntryTextPart& part : entry.texts) {
        for (const TextField& row : kTextFields) {
            if (row.name == part.field) incident.*(row.member) = part.text;
        }
    }
    incident.version = entry.seq;
    incident.public_version += entry.is_public ? 1 : 0;
    incident.updated_at = entry.at;
}

Incident fold(IncidentId id, std::span<const Entry> entries) {
    Incident incident;
    incident.id = id;
    for (const Entry& entry : entries) apply(incident, entry);
    return incident;
}

std::string_view public_text_field(EntryKind kind) {
    switch (kind) {
        case EntryKind::log: return "description";
        case EntryKind::resolve: return "resolution_notes";
        case EntryKind::rate:
        case EntryKind::confirm: return "csat_comment";
        case EntryKind::reply:
        case EntryKind::message:
        case EntryKind::reject:
        case EntryKind::reopen:
        case EntryKind::cancel: return "text";
        case EntryKind::triage:
        case EntryKind::assign:
        case EntryKind::start:
        case EntryKind::hold:
        case EntryKind::resume:
        case EntryKind::escalate:
        case EntryKind::raise:
        case EntryKind::auto_close:
        case EntryKind::close:
        case EntryKind::merge:
        case EntryKind::unmerge:
        case EntryKind::undo:
        case EntryKind::note:
        case EntryKind::edit:
        case EntryKind::attach:
        case EntryKind::watch:
        case EntryKind::unwatch:
        case EntryKind::link:
        case EntryKind::unlink:
        case EntryKind::redact:
        case EntryKind::merged_from:
        case EntryKind::unmerged_from:
        case EntryKind::follow_up:
        case EntryKind::child_rejected:
        case EntryKind::team_dissolved:
        case EntryKind::assignee_left: return "";
    }
    return "";
}

}  // namespace firstline::domain
