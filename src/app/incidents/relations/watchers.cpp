// Who watches an incident (domain.md §10).
#include <algorithm>

#include "app/incidents/relations/relations.hpp"

namespace firstline::app {

using namespace domain;

namespace {

Result<std::vector<Named>> names_of(Reader& reader, const std::vector<UserId>& users) {
    std::vector<std::int64_t> ids;
    for (const UserId user : users) ids.push_back(user.value);
    TRY(const auto people, load_person_names(reader, ids));
    std::vector<Named> out;
    for (const PersonName& person : people) out.push_back({person.key, person.name});
    std::sort(out.begin(), out.end(), [](const Named& a, const Named& b) { return a.key < b.key; });
    return out;
}

Result<Person> find_user(Reader& reader, const std::string& key) {
    TRY(auto person, find_person(reader, key));
    if (!person) {
        return fail(Error{ErrorKind::invalid,
                          "request.invalid",
                          "There is nobody with the key \"" + key + "\".",
                          {{"/user", "not_found", "Choose a person of the desk."}}});
    }
    return std::move(*person);
}

Status may_watch(const Session& session, const Loaded& loaded, UserId user) {
    const Permission permission =
        user == session.user() ? Permission::incident_watch_self : Permission::incident_watch_other;
    if (domain::may(session.caller, permission, loaded.sight)) return {};
    return fail(ErrorKind::forbidden, "auth.forbidden", "Only agents say who else watches an incident.");
}

Capacity capacity_of(const Loaded& loaded) {
    if (!loaded.standing.is_agent) return Capacity::requester;
    return loaded.standing.is_team_lead ? Capacity::team_lead : Capacity::agent;
}

}  // namespace

Result<std::vector<Named>> list_watchers(Reader& reader, Toolbox& tools, const Session& session, IncidentId id) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const Loaded loaded, load_visible(reader, *desk, session, id));
    if (loaded.sees_internal) return names_of(reader, loaded.watchers);
    // Who else watches is the desk's; a requester sees themselves.
    std::vector<UserId> own;
    if (std::find(loaded.watchers.begin(), loaded.watchers.end(), session.user()) != loaded.watchers.end())
        own.push_back(session.user());
    return names_of(reader, own);
}

Result<Decided<std::vector<Named>>> add_watcher(Reader& reader, Toolbox& tools, const Session& session, IncidentId id,
                                                const std::string& user_key) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const Loaded loaded, load_visible(reader, *desk, session, id));
    TRY(const Person person, find_user(reader, user_key));
    CHECK_OK(may_watch(session, loaded, person.id));
    if (!person.is_active) {
        return fail(Error{ErrorKind::invalid,
                          "request.invalid",
                          "This person has left.",
                          {{"/user", "inactive", "Choose somebody active."}}});
    }
    std::vector<UserId> after = loaded.watchers;
    ChangeBuilder builder(*desk, session.via);
    if (std::find(after.begin(), after.end(), person.id) == after.end()) {
        after.push_back(person.id);
        Unit unit(loaded.incident, Actor{session.user(), capacity_of(loaded)}, context_for(*desk, tools, loaded));
        unit.append(EntryKind::watch,
                    [&](Incident&, Entry& entry) { entry.details.push_back({"user", person.id.value}); });
        builder.write({"watcher.insert", {id.value, person.id.value}, OnConflict::stale});
        builder.add(unit, loaded, &after);
    }
    const std::vector<UserId> shown = loaded.sees_internal ? after : std::vector<UserId>{person.id};
    TRY(auto names, names_of(reader, shown));
    return Decided<std::vector<Named>>{builder.take(), std::move(names)};
}

Result<Decided<bool>> remove_watcher(Reader& reader, Toolbox& tools, const Session& session, IncidentId id,
                                     const std::string& user_key) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const Loaded loaded, load_visible(reader, *desk, session, id));
    TRY(const auto person, find_person(reader, user_key));
    const bool is_there =
        person && std::find(loaded.watchers.begin(), loaded.watchers.end(), person->id) != loaded.watchers.end();
    if (!is_there || (!loaded.sees_internal && person->id != session.user())) {
        return fail(ErrorKind::not_found, "not_found", "Nobody with this key watches the incident.");
    }
    CHECK_OK(may_watch(session, loaded, person->id));
    std::vector<UserId> after = loaded.watchers;
    std::erase(after, person->id);
    Unit unit(loaded.incident, Actor{session.user(), capacity_of(loaded)}, context_for(*desk, tools, loaded));
    unit.append(EntryKind::unwatch,
                [&](Incident&, Entry& entry) { entry.details.push_back({"user", person->id.value}); });
    ChangeBuilder builder(*desk, session.via);
    builder.write({"watcher.delete", {id.value, person->id.value}, OnConflict::stale});
    builder.add(unit, loaded, &after);
    return Decided<bool>{builder.take(), true};
}

}  // namespace firstline::app
