#include "app/incidents/timeline.hpp"

#include <algorithm>
#include <set>

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::size_t kOpaqueBytes = 12;

// Ids of people that the entries name.
std::set<std::int64_t> people_in(const std::vector<TimelineItem>& items) {
    std::set<std::int64_t> out;
    const auto add = [&](const FieldValue& value) {
        if (const auto* number = std::get_if<std::int64_t>(&value)) out.insert(*number);
    };
    for (const auto& item : items) {
        if (item.stored.entry.actor.is_set()) out.insert(item.stored.entry.actor.value);
        for (const FieldChange& change : item.stored.entry.changes) {
            if (change.field != "assignee" && change.field != "requester" && change.field != "opened_by") continue;
            add(change.before);
            add(change.after);
        }
        for (const Detail& detail : item.stored.entry.details) {
            if (detail.key == "whom" || detail.key == "user") add(detail.value);
        }
    }
    return out;
}

Status add_people(Reader& reader, const Desk& desk, TimelinePage& page) {
    std::vector<std::int64_t> missing;
    for (const std::int64_t id : people_in(page.items)) {
        if (const Person* person = desk.staff_member(UserId{id})) {
            page.people.emplace(id, Named{person->key, person->name});
        } else {
            missing.push_back(id);
        }
    }
    TRY(const auto names, load_person_names(reader, missing));
    for (const PersonName& person : names) page.people.emplace(person.id.value, Named{person.key, person.name});
    return {};
}

Status add_attachments(Reader& reader, IncidentId id, TimelinePage& page) {
    return reader.query("attachment.names_of_incident", {id.value}, [&](const Row& row) {
        const std::int64_t pos = row.integer(1);
        const auto item = std::find_if(page.items.begin(), page.items.end(),
                                       [&](const TimelineItem& i) { return i.stored.pos == pos; });
        if (item != page.items.end()) {
            item->attachments.push_back(
                {row.integer(0), std::string(row.text(2)), std::string(row.text(3)), row.integer(4)});
        }
        return true;
    });
}

}  // namespace

std::string opaque_entry_id(std::string_view desk_secret, IncidentId id, std::int64_t seq) {
    const Sha256 mac = hmac_sha256(desk_secret, "entry/" + std::to_string(id.value) + "/" + std::to_string(seq));
    return to_base64url(as_bytes(mac).substr(0, kOpaqueBytes));
}

Result<TimelinePage> timeline_of(Reader& reader, const DeskPtr& desk, const Incident& incident, bool sees_internal,
                                 std::vector<StoredEntry> entries) {
    TimelinePage page;
    page.desk = desk;
    page.sees_internal = sees_internal;
    page.incident = incident.id;
    for (StoredEntry& stored : entries) page.items.push_back({std::move(stored), step_of(incident.state), {}});
    TRY(page.desk_secret, load_desk_secret(reader));
    CHECK_OK(add_people(reader, *desk, page));
    return page;
}

Result<TimelinePage> read_timeline(Reader& reader, Toolbox& tools, const Session& session, IncidentId id,
                                   std::int64_t after_seq, std::int64_t limit) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const Loaded loaded, load_visible(reader, *desk, session, id));
    TimelinePage page;
    page.desk = desk;
    page.sees_internal = loaded.sees_internal;
    page.incident = id;
    TRY(page.desk_secret, load_desk_secret(reader));
    // The step after an entry follows from all before it; the requester's page needs it, an agent reads the changes.
    Incident folded;
    folded.id = id;
    const std::int64_t from = loaded.sees_internal ? after_seq : 0;
    std::int64_t seen = from;
    while (static_cast<std::int64_t>(page.items.size()) <= limit) {
        const std::int64_t slice = limit + 1;
        TRY(auto entries, load_entries(reader, id, seen, slice));
        if (entries.empty()) break;
        seen = entries.back().entry.seq;
        const bool is_last = static_cast<std::int64_t>(entries.size()) < slice;
        for (StoredEntry& stored : entries) {
            apply(folded, stored.entry);
            if (!loaded.sees_internal && (!stored.entry.is_public || stored.entry.seq <= after_seq)) continue;
            page.items.push_back({std::move(stored), step_of(folded.state), {}});
        }
        if (is_last) break;
    }
    if (static_cast<std::int64_t>(page.items.size()) > limit) {
        page.items.resize(static_cast<std::size_t>(limit));
        page.next_seq = page.items.back().stored.entry.seq;
    }
    CHECK_OK(add_people(reader, *desk, page));
    CHECK_OK(add_attachments(reader, id, page));
    return page;
}

}  // namespace firstline::app
