#include "app/directory/teams/members.hpp"

#include <algorithm>

#include "app/directory/people.hpp"

namespace firstline::app {

using namespace domain;

namespace {

std::vector<Value> columns_of(const Team& team) {
    return {team.id.value,
            team.version,
            team.key,
            team.name,
            team.public_name,
            std::int64_t{team.tier},
            value(to_string(team.mode)),
            value(team.is_active),
            team.successor.value};
}

}  // namespace

std::string team_keys(const Desk& desk, const std::vector<TeamId>& teams) {
    std::string out;
    for (const TeamId id : teams) {
        const Team* team = desk.team(id);
        if (team != nullptr) out += (out.empty() ? "" : ",") + team->key;
    }
    return out;
}

Write put_member(TeamId team, UserId user, bool is_lead, std::size_t rank) {
    return {"team_member.put", {team.value, user.value, value(is_lead), static_cast<std::int64_t>(rank)}};
}
Write insert_team(const Team& team) { return {"team.insert", columns_of(team), OnConflict::exists}; }
Write update_team(const Team& team) { return {"team.update", columns_of(team), OnConflict::exists}; }

std::string member_ids(const std::vector<Member>& members, bool leads_only) {
    std::vector<std::int64_t> ids;
    for (const Member& member : members) {
        if (member.is_lead || !leads_only) ids.push_back(member.user.value);
    }
    std::sort(ids.begin(), ids.end());
    std::string out;
    for (const auto id : ids) out += (out.empty() ? "" : ",") + std::to_string(id);
    return out;
}

Status record_membership(ConfigChange& change, TeamId id, UserId user, bool joins) {
    const Team* before = change.desk().team(id);
    if (before == nullptr) return {};
    Team after = *before;
    ++after.version;
    std::erase_if(after.members, [&](const Member& member) { return member.user == user; });
    if (joins) after.members.push_back({user, false});
    change.write(update_team(after));
    Differences differences;
    differences.value("members", member_ids(before->members, false), member_ids(after.members, false));
    differences.value("leads", member_ids(before->members, true), member_ids(after.members, true));
    return change.record(differences.fact("team", id.value, after.version, "edit"));
}

Status record_joined(ConfigChange& change, TeamId team, UserId user, bool joins) {
    const Desk& desk = change.desk();
    const Person* before = desk.staff_member(user);
    if (before == nullptr) return {};
    Person after = *before;
    ++after.version;
    change.write(update_person(after));
    const auto& teams_before = desk.teams_of_person(user);
    auto teams_after = teams_before;
    std::erase(teams_after, team);
    if (joins) teams_after.push_back(team);
    Differences differences;
    differences.value("teams", team_keys(desk, teams_before), team_keys(desk, teams_after));
    return change.record(differences.fact("user", user.value, after.version, "edit"));
}

}  // namespace firstline::app
