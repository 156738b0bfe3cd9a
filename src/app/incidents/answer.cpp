#include "app/incidents/answer.hpp"

namespace firstline::app {

using namespace domain;

namespace {

std::optional<Named> name_of(const std::vector<PersonName>& names, UserId id) {
    for (const PersonName& person : names) {
        if (person.id == id) return Named{person.key, person.name};
    }
    return std::nullopt;
}

Status load_people(Reader& reader, const Desk& desk, const Loaded& loaded, IncidentAnswer& answer) {
    const Incident& i = loaded.incident;
    std::vector<std::int64_t> missing;
    const auto lookup = [&](UserId id) -> std::optional<Named> {
        if (!id.is_set()) return std::nullopt;
        if (loaded.requester && loaded.requester->id == id) return Named{loaded.requester->key, loaded.requester->name};
        if (const Person* person = desk.staff_member(id)) return Named{person->key, person->name};
        missing.push_back(id.value);
        return std::nullopt;
    };
    answer.requester = lookup(i.requester);
    answer.opened_by = lookup(i.opened_by);
    answer.assignee = lookup(i.assignee);
    if (missing.empty()) return {};
    TRY(const auto names, load_person_names(reader, missing));
    if (!answer.requester) answer.requester = name_of(names, i.requester);
    if (!answer.opened_by) answer.opened_by = name_of(names, i.opened_by);
    if (!answer.assignee) answer.assignee = name_of(names, i.assignee);
    return {};
}

Status load_beside(Reader& reader, const Session& session, const Loaded& loaded, IncidentAnswer& answer) {
    const std::vector<Value> params{loaded.incident.id.value};
    const std::vector<Value> child_params{loaded.incident.id.value, session.user().value};
    const Query queries[]{
        {"incident_tag.of_incident", params,
         [&](const Row& row) {
             answer.tags.push_back({std::string(row.text(0)), std::string(row.text(1))});
             return true;
         }},
        {"incident.children_heads", child_params,
         [&](const Row& row) {
             Incident child;
             child.team = row.id<TeamId>(1);
             child.assignee = row.id<UserId>(2);
             child.requester = row.id<UserId>(3);
             child.opened_by = row.id<UserId>(4);
             child.organization = row.id<OrganizationId>(5);
             child.is_restricted = row.flag(6);
             const Sight sight = sight_of(session.caller, child, row.flag(7));
             if (domain::may(session.caller, Permission::incident_see, sight)) ++answer.children_count;
             return true;
         }},
        {"origin.of_incident", params,
         [&](const Row& row) {
             answer.external_ref = row.text(0);
             answer.recorded = row.text(1);
             return false;
         }},
    };
    return reader.query_all(queries);
}

}  // namespace

Status show_public_time(Reader& reader, Incident& incident, Instant stored) {
    // What was just decided is not in the snapshot yet: the act of a requester is public.
    std::int64_t seen = 0;
    Instant at = stored;
    CHECK_OK(reader.query("entry.last_public", {incident.id.value}, [&](const Row& row) {
        seen = row.integer(0);
        at = row.instant(1);
        return false;
    }));
    std::int64_t newest = 0;
    CHECK_OK(reader.query("entry.newest_seq", {incident.id.value}, [&](const Row& row) {
        newest = row.integer(0);
        return false;
    }));
    if (seen > 0 && incident.version <= newest) incident.updated_at = at;
    return {};
}

Result<IncidentAnswer> answer_for(Reader& reader, const DeskPtr& desk, const Session& session, const Loaded& loaded,
                                  Instant now, const Entry* last_entry) {
    IncidentAnswer answer;
    answer.incident = loaded.incident;
    answer.desk = desk;
    answer.sees_internal = loaded.sees_internal;
    answer.is_vip = loaded.requester && loaded.requester->is_vip;
    CHECK_OK(load_people(reader, *desk, loaded, answer));
    if (!loaded.sees_internal) CHECK_OK(show_public_time(reader, answer.incident, loaded.incident.updated_at));
    // One that is being logged has nothing beside it yet.
    const bool is_stored = !loaded.last_hash.empty();
    if (loaded.sees_internal && is_stored) CHECK_OK(load_beside(reader, session, loaded, answer));
    Context context{*desk, now, loaded.requester ? &*loaded.requester : nullptr, nullptr, last_entry, now};
    std::vector<StoredEntry> last;
    const bool may_undo = loaded.standing.is_agent && last_entry == nullptr && loaded.incident.version > 0;
    if (may_undo && now <= loaded.incident.updated_at + minutes(desk->settings.undo_minutes)) {
        TRY(last, load_entries(reader, loaded.incident.id, loaded.incident.version - 1, 1));
        if (!last.empty()) context.last_entry = &last.front().entry;
    }
    answer.offers = offers_for(loaded.incident, loaded.standing, session.user(), context);
    return answer;
}

Result<IncidentAnswer> read_incident(Reader& reader, Toolbox& tools, const Session& session, IncidentId id) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const Loaded loaded, load_visible(reader, *desk, session, id));
    return answer_for(reader, desk, session, loaded, tools.clock.now());
}

}  // namespace firstline::app
