#include "app/incidents/workspace.hpp"

#include <algorithm>
#include <charconv>

#include "app/directory/people.hpp"
#include "app/feed/changed_fields.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::int64_t kEntriesSinceMax = 1000;  // a guard older than that many entries counts as changed

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

Error incident_not_found(IncidentId id) {
    return Error{ErrorKind::not_found, "incident.not_found",
                 "There is no incident " + to_number(id) + " that you may see."};
}

std::string to_number(IncidentId id) { return "INC-" + std::to_string(id.value); }

std::optional<IncidentId> parse_number(std::string_view text) {
    if (text.size() < 4 || (text[0] != 'I' && text[0] != 'i') || (text[1] != 'N' && text[1] != 'n') ||
        (text[2] != 'C' && text[2] != 'c')) {
        return std::nullopt;
    }
    text.remove_prefix(3);
    if (text.front() == '-') text.remove_prefix(1);
    if (text.empty() || text.front() < '1' || text.front() > '9') return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return IncidentId{number};
}

Result<Loaded> load_any(Reader& reader, IncidentId id) {
    Loaded out;
    bool found = false;
    const Value id_param = id.value;
    const std::vector<Value> params{id_param};
    const Query queries[]{
        {"incident.load", params,
         [&](const Row& row) {
             out.incident = incident_from_row(row);
             found = true;
             return false;
         }},
        {"watcher.of_incident", params,
         [&](const Row& row) {
             out.watchers.push_back(row.id<UserId>(0));
             return true;
         }},
        {"entry.last_hash", params,
         [&](const Row& row) {
             out.last_hash = row.bytes(0);
             return false;
         }},
        {"person.requester_of", params,
         [&](const Row& row) {
             out.requester = person_from_row(row);
             return false;
         }},
    };
    CHECK_OK(reader.query_all(queries));
    if (!found) return fail(incident_not_found(id));
    return out;
}

Result<Loaded> load_visible(Reader& reader, const Desk&, const Session& session, IncidentId id) {
    TRY(Loaded loaded, load_any(reader, id));
    const bool is_watcher =
        std::find(loaded.watchers.begin(), loaded.watchers.end(), session.user()) != loaded.watchers.end();
    loaded.sight = sight_of(session.caller, loaded.incident, is_watcher);
    if (!domain::may(session.caller, Permission::incident_see, loaded.sight)) return fail(incident_not_found(id));
    loaded.standing = standing_of(session, loaded.incident, loaded.sight);
    loaded.sees_internal = sees_as_agent(session.caller, loaded.sight);
    return loaded;
}

Context context_for(const Desk& desk, const Toolbox& tools, const Loaded& loaded) {
    const Instant now = tools.clock.now();
    return Context{desk, now, loaded.requester ? &*loaded.requester : nullptr, nullptr, nullptr, now};
}

void ChangeBuilder::add_entries(const Unit& unit, std::string hash, const std::string& scope_before,
                                const std::string& scope_after) {
    const std::int64_t id = unit.incident().id.value;
    for (const Entry& entry : unit.entries()) {
        NewEntry row;
        row.subject_id = id;
        row.seq = entry.seq;
        row.at = entry.at;
        row.recorded_at = entry.recorded_at;
        row.actor_id = entry.actor.value;
        row.via = via_;
        row.kind = to_string(entry.kind);
        row.is_public = entry.is_public;
        row.is_inferred = entry.is_inferred;
        for (const EntryTextPart& text : entry.texts)
            row.texts.push_back({text.field, random_bytes(kSaltBytes), text.text});
        row.data = encode_entry_data(entry, row.texts);
        row.scope_before = scope_before;
        row.scope_after = scope_after;
        row.hash = chain_hash(
            {desk_.desk_id, row.subject, id, row.seq, row.at, row.actor_id, row.kind, row.is_public, row.data, hash});
        hash.assign(as_bytes(row.hash));
        change_.entries.push_back(std::move(row));
    }
}

void ChangeBuilder::add(const Unit& unit, const Loaded& loaded, const std::vector<UserId>* watchers_after) {
    if (unit.entries().empty()) return;
    const auto& after = watchers_after != nullptr ? *watchers_after : loaded.watchers;
    add_entries(unit, loaded.last_hash, scope_terms(unit.before(), loaded.watchers, desk_),
                scope_terms(unit.incident(), after, desk_));
    change_.writes.push_back(update_incident(unit.incident()));
    if (!has_same_texts(unit.before(), unit.incident()))
        change_.writes.push_back(update_incident_text(unit.incident()));
    if (change_.lock_order == 0) change_.lock_order = unit.incident().id.value;
    for (const Notice& notice : unit.notices()) tell(unit.incident().id, notice, unit.now());
    const bool has_reply = std::any_of(unit.entries().begin(), unit.entries().end(),
                                       [](const Entry& entry) { return entry.kind == EntryKind::reply; });
    if (!has_reply) return;
    for (const UserId watcher : loaded.watchers) {
        if (watcher == unit.actor().user) continue;
        tell(unit.incident().id, {Notice::To::person, watcher.value, EntryKind::reply, unit.incident().version},
             unit.now());
    }
}

void ChangeBuilder::add_new(const Unit& unit, const std::vector<UserId>& watchers) {
    const std::string scope = scope_terms(unit.incident(), watchers, desk_);
    add_entries(unit, "", "", scope);
    change_.writes.push_back(insert_incident(unit.incident()));
    change_.writes.push_back(insert_incident_text(unit.incident()));
    for (const UserId watcher : watchers) {
        change_.writes.push_back({"watcher.insert", {unit.incident().id.value, watcher.value}, OnConflict::stale});
    }
    if (change_.lock_order == 0) change_.lock_order = unit.incident().id.value;
    for (const Notice& notice : unit.notices()) tell(unit.incident().id, notice, unit.now());
}

std::size_t ChangeBuilder::entry_index(IncidentId id, std::int64_t seq) const {
    const auto it = std::find_if(change_.entries.begin(), change_.entries.end(), [&](const NewEntry& entry) {
        return entry.subject == "incident" && entry.subject_id == id.value && entry.seq == seq;
    });
    return static_cast<std::size_t>(it - change_.entries.begin());
}

std::string ChangeBuilder::hash_of(IncidentId id, std::int64_t seq) const {
    const std::size_t index = entry_index(id, seq);
    return index < change_.entries.size() ? std::string(as_bytes(change_.entries[index].hash)) : std::string();
}

void ChangeBuilder::tell(IncidentId id, const Notice& notice, Instant at) {
    const bool is_person = notice.to == Notice::To::person;
    const std::string recipient = (is_person ? "user:" : "team:") + std::to_string(notice.id);
    // The same person hears of one unit of work once, also where it touches several incidents of theirs.
    const std::string send_key = to_number(id) + "/" + std::to_string(notice.seq) + "/" + recipient;
    if (!told_.insert(send_key).second) return;
    const std::size_t entry = entry_index(id, notice.seq);
    if (entry >= change_.entries.size()) return;
    std::string body = "{\"kind\":" + quoted(to_string(notice.kind)) + ",\"incident\":" + std::to_string(id.value) +
                       ",\"seq\":" + std::to_string(notice.seq) + "}";
    change_.after_entries.push_back(
        {"outbox.insert",
         {EntryPos{entry}, std::string("notice"), recipient, at.us, std::move(body), send_key},
         OnConflict::stale});
}

std::optional<Change> ChangeBuilder::take() {
    if (is_empty()) return std::nullopt;
    return std::move(change_);
}

std::set<std::string, std::less<>> fields_set_by(const Unit& unit) {
    std::set<std::string, std::less<>> out{"state"};
    for (const Entry& entry : unit.entries()) {
        for (const FieldChange& change : entry.changes) {
            const Field* field = find_field(change.field);
            if (field != nullptr && !field->is_bookkeeping) out.emplace(change.field);
        }
        for (const EntryTextPart& text : entry.texts) out.insert(text.field);
    }
    return out;
}

Status check_version(Reader& reader, const Loaded& loaded, const VersionGuard& guard,
                     const std::set<std::string, std::less<>>& fields) {
    if (!guard.version) return {};
    // A requester's version counts public entries only.
    const std::int64_t current = loaded.sees_internal ? loaded.incident.version : loaded.incident.public_version;
    if (*guard.version == current) return {};
    if (*guard.version > current || *guard.version < 0) {
        return fail(Error{ErrorKind::invalid,
                          "request.invalid",
                          "This incident has no such version.",
                          {{"/version", "range", "The newest version is " + std::to_string(current) + "."}}});
    }
    const std::int64_t after = loaded.sees_internal ? *guard.version : 0;
    TRY(const auto entries, load_entries(reader, loaded.incident.id, after, kEntriesSinceMax));
    std::set<std::string, std::less<>> changed;
    const auto note_change = [&](std::string_view field) {
        if (!fields.contains(field)) return;
        const std::string_view name = loaded.sees_internal ? field : requester_name_of(field);
        if (!name.empty()) changed.emplace(name);
    };
    std::int64_t public_seen = 0;
    for (const StoredEntry& stored : entries) {
        if (!loaded.sees_internal) {
            if (!stored.entry.is_public || ++public_seen <= *guard.version) continue;
        }
        for (const FieldChange& change : stored.entry.changes) note_change(change.field);
        for (const EntryTextPart& text : stored.entry.texts) note_change(text.field);
    }
    if (changed.empty() && static_cast<std::int64_t>(entries.size()) < kEntriesSinceMax) return {};
    std::string names;
    for (const auto& name : changed) names += (names.empty() ? "" : ",") + quoted(name);
    Error error{ErrorKind::stale, "incident.stale",
                "Somebody else has changed this since you read it: look again, then decide."};
    error.extra.emplace_back("current", std::to_string(current));
    error.extra.emplace_back("changed", "[" + names + "]");
    return fail(std::move(error));
}

}  // namespace firstline::app
