// A page's answers with a handful of queries for all of them; views and their counts.
#include <algorithm>
#include <map>

#include "app/incidents/list/list.hpp"
#include "app/incidents/list/match.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::int64_t kOpenMax = 500'000;

struct Beside {
    std::map<std::int64_t, std::vector<UserId>> watchers;
    std::map<std::int64_t, std::vector<Named>> tags;
    std::map<std::int64_t, std::int64_t> children;
    std::map<std::int64_t, std::pair<std::string, std::string>> origins;
    std::map<std::int64_t, PersonName> people;
    std::map<std::int64_t, Person> requesters;
};

Status load_people(Reader& reader, const Desk& desk, const std::vector<Incident>& incidents, Beside& beside) {
    std::vector<std::int64_t> missing;
    const auto want = [&](UserId id) {
        if (!id.is_set() || beside.people.contains(id.value)) return;
        if (const Person* person = desk.staff_member(id)) {
            beside.people.emplace(id.value, PersonName{id, person->key, person->name});
            beside.requesters.emplace(id.value, *person);
        } else {
            missing.push_back(id.value);
        }
    };
    for (const Incident& incident : incidents) {
        want(incident.requester);
        want(incident.opened_by);
        want(incident.assignee);
    }
    std::sort(missing.begin(), missing.end());
    missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
    if (missing.empty()) return {};
    return reader.query("person.by_ids", {IntList{missing}}, [&](const Row& row) {
        Person person = person_from_row(row);
        beside.people.emplace(person.id.value, PersonName{person.id, person.key, person.name});
        beside.requesters.emplace(person.id.value, std::move(person));
        return true;
    });
}

// Whom watching lets see what they else would not: everybody but an agent, who sees all that is not restricted.
std::vector<std::int64_t> seen_by_watching(const Session& session, const std::vector<Incident>& incidents) {
    std::vector<std::int64_t> out;
    for (const Incident& incident : incidents) {
        if (!session.is_agent() || incident.is_restricted) out.push_back(incident.id.value);
    }
    return out;
}

Status load_watchers(Reader& reader, std::vector<std::int64_t> ids, Beside& beside) {
    if (ids.empty()) return {};
    return reader.query("watcher.of_incidents", {IntList{std::move(ids)}}, [&](const Row& row) {
        beside.watchers[row.integer(0)].push_back(row.id<UserId>(1));
        return true;
    });
}

Status load_beside(Reader& reader, const std::vector<std::int64_t>& ids, Beside& beside) {
    const std::vector<Value> params{IntList{ids}};
    const Query queries[]{
        {"incident_tag.of_incidents", params,
         [&](const Row& row) {
             beside.tags[row.integer(0)].push_back({std::string(row.text(1)), std::string(row.text(2))});
             return true;
         }},
        {"incident.children_counts", params,
         [&](const Row& row) {
             beside.children[row.integer(0)] = row.integer(1);
             return true;
         }},
        {"origin.of_incidents", params,
         [&](const Row& row) {
             beside.origins[row.integer(0)] = {std::string(row.text(1)), std::string(row.text(2))};
             return true;
         }},
    };
    return reader.query_all(queries);
}

std::optional<Named> named(const Beside& beside, UserId id) {
    const auto found = beside.people.find(id.value);
    if (!id.is_set() || found == beside.people.end()) return std::nullopt;
    return Named{found->second.key, found->second.name};
}

}  // namespace

Result<std::vector<IncidentAnswer>> load_answers(Reader& reader, Toolbox& tools, const Session& session,
                                                 const std::vector<std::int64_t>& ids, bool heads_only) {
    std::vector<IncidentAnswer> out;
    if (ids.empty()) return out;
    TRY(const DeskPtr desk, tools.desks.current(reader));
    std::vector<Incident> incidents;
    incidents.reserve(ids.size());
    out.reserve(ids.size());
    CHECK_OK(reader.query(heads_only ? "incident.heads" : "incident.load_many", {IntList{ids}}, [&](const Row& row) {
        incidents.push_back(incident_from_row(row));
        return true;
    }));
    Beside beside;
    CHECK_OK(load_people(reader, *desk, incidents, beside));
    CHECK_OK(load_watchers(reader, seen_by_watching(session, incidents), beside));
    if (!heads_only) CHECK_OK(load_beside(reader, ids, beside));
    std::map<std::int64_t, const Incident*> by_id;
    for (const Incident& incident : incidents) by_id[incident.id.value] = &incident;
    const Instant now = tools.clock.now();
    for (const std::int64_t id : ids) {
        if (!by_id.contains(id)) continue;
        const auto& watchers = beside.watchers[id];
        const bool is_watcher = std::find(watchers.begin(), watchers.end(), session.user()) != watchers.end();
        IncidentAnswer answer;
        answer.incident = *by_id[id];
        const Sight sight = sight_of(session.caller, answer.incident, is_watcher);
        if (!domain::may(session.caller, Permission::incident_see, sight)) continue;
        answer.desk = desk;
        answer.sees_internal = sees_as_agent(session.caller, sight);
        if (!answer.sees_internal) CHECK_OK(show_public_time(reader, answer.incident, answer.incident.updated_at));
        answer.requester = named(beside, answer.incident.requester);
        answer.opened_by = named(beside, answer.incident.opened_by);
        answer.assignee = named(beside, answer.incident.assignee);
        const auto requester = beside.requesters.find(answer.incident.requester.value);
        const Person* person = requester == beside.requesters.end() ? nullptr : &requester->second;
        answer.is_vip = person != nullptr && person->is_vip;
        if (!heads_only) {
            answer.tags = beside.tags[id];
            answer.children_count = answer.sees_internal ? beside.children[id] : 0;
            if (answer.sees_internal && beside.origins.contains(id))
                std::tie(answer.external_ref, answer.recorded) = beside.origins[id];
            const Context context{*desk, now, person, nullptr, nullptr, now};
            answer.offers =
                offers_for(answer.incident, standing_of(session, answer.incident, sight), session.user(), context);
        }
        out.push_back(std::move(answer));
    }
    return out;
}

std::vector<View> views_of(const Desk& desk, const Session& session) {
    const std::vector<std::string> unresolved{"new", "assigned", "in_progress", "on_hold"};
    if (!session.is_agent() && !session.caller.roles.has(Role::auditor)) {
        return {{"my-open", "My open incidents", {.states = {"open"}}, ListSort::created_at, true},
                {"my-all", "All my incidents", {}, ListSort::created_at, true}};
    }
    std::vector<std::string> teams;
    for (const TeamId id : session.caller.teams) {
        if (const Team* team = desk.team(id)) teams.push_back(team->key);
    }
    std::vector<View> out;
    out.push_back({"mine", "Assigned to me", {.states = unresolved, .assignees = {"me"}}});
    if (!teams.empty()) {
        out.push_back({"my-teams", "My teams", {.states = unresolved, .teams = teams}});
        out.push_back(
            {"unassigned", "My teams, nobody yet", {.states = unresolved, .teams = teams, .assignees = {"none"}}});
    }
    out.push_back({"triage", "Without a team", {.states = {"new"}, .teams = {"none"}}});
    out.push_back({"urgent", "P1 and P2", {.states = unresolved, .priorities = {"P1", "P2"}}});
    out.push_back({"on-hold", "On hold", {.states = {"on_hold"}}});
    out.push_back({"resolved", "Waiting for confirmation", {.states = {"resolved"}}});
    out.push_back({"open", "All open", {.states = {"open"}}});
    for (const auto& key : teams) {
        out.push_back({"team-" + key, desk.team(key)->name, {.states = unresolved, .teams = {key}}});
    }
    return out;
}

Result<std::vector<std::pair<View, std::int64_t>>> count_views(Reader& reader, Toolbox& tools, const Session& session) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    std::vector<std::pair<View, std::int64_t>> out;
    std::vector<ResolvedFilter> filters;
    for (View& view : views_of(*desk, session)) {
        TRY(auto filter, resolve_filter(reader, *desk, session, view.filter));
        filters.push_back(std::move(filter));
        out.emplace_back(std::move(view), 0);
    }
    const bool sees_all = session.is_agent() || session.caller.roles.has(Role::auditor);
    std::vector<HeadRow> restricted;
    const auto count = [&](const HeadRow& head) {
        for (std::size_t i = 0; i < filters.size(); ++i) {
            if (filters[i].matches(head)) ++out[i].second;
        }
    };
    if (sees_all) {
        CHECK_OK(reader.query("list.open_heads", {kOpenMax}, [&](const Row& row) {
            const HeadRow head = head_from_row(row);
            if (head.is_restricted) {
                restricted.push_back(head);
            } else {
                count(head);
            }
            return true;
        }));
    } else {
        std::vector<std::int64_t> seen;
        for (const std::string_view statement : {"list.by_requester_full", "list.watched_full"}) {
            CHECK_OK(reader.query(statement, {session.user().value, INT64_MAX, kOpenMax}, [&](const Row& row) {
                const HeadRow head = head_from_row(row);
                if (std::find(seen.begin(), seen.end(), head.id) == seen.end()) restricted.push_back(head);
                seen.push_back(head.id);
                return true;
            }));
        }
    }
    for (const HeadRow& head : restricted) {
        TRY(const bool is_seen, is_visible(reader, session, head));
        if (is_seen) count(head);
    }
    return out;
}

}  // namespace firstline::app
