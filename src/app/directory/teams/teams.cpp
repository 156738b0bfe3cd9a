#include "app/directory/teams/teams.hpp"

#include <algorithm>
#include <map>

#include "app/directory/teams/members.hpp"
#include "base/text.hpp"
#include "domain/incident/decide.hpp"

namespace firstline::app {

using namespace domain;

namespace {

TeamAnswer answer_of(const Desk& desk, Team team) {
    TeamAnswer out;
    for (const Member& member : team.members) {
        const Person* person = desk.staff_member(member.user);
        if (person == nullptr || !person->is_active) continue;
        out.members.push_back({person->id, person->key, person->name});
        if (member.is_lead) out.leads.push_back(out.members.back());
    }
    const auto by_key = [](const PersonName& a, const PersonName& b) { return a.key < b.key; };
    std::sort(out.members.begin(), out.members.end(), by_key);
    std::sort(out.leads.begin(), out.leads.end(), by_key);
    out.team = std::move(team);
    return out;
}

// The people of a list of keys; who cannot be a member is refused at their place.
std::vector<UserId> people_of(const Desk& desk, const std::vector<std::string>& keys, const std::string& pointer,
                              FieldErrors& errors) {
    std::map<std::string_view, const Person*> by_key;
    for (const auto& [id, person] : desk.staff) by_key.emplace(person.key, &person);
    std::vector<UserId> out;
    errors.need(keys.size() <= kMembersMax, pointer, "too_long", "At most " + std::to_string(kMembersMax) + " people.");
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const std::string place = pointer + "/" + std::to_string(i);
        const auto found = by_key.find(keys[i]);
        const bool is_agent = found != by_key.end() && found->second->roles.has(Role::agent);
        errors.need(is_agent, place, "not_found", "There is no agent \"" + keys[i].substr(0, 64) + "\".");
        if (!is_agent) continue;
        errors.need(found->second->is_active, place, "inactive", "This person has left.");
        const bool is_twice = std::find(out.begin(), out.end(), found->second->id) != out.end();
        errors.need(!is_twice, place, "duplicate", "Name each person once.");
        if (!is_twice) out.push_back(found->second->id);
    }
    return out;
}

void apply_members(const Desk& desk, const TeamFields& fields, Team& team, FieldErrors& errors) {
    if (!fields.members && !fields.leads) return;
    std::map<UserId, bool> leads;
    for (const Member& member : team.members) leads[member.user] = member.is_lead;
    if (fields.members) {
        const auto members = people_of(desk, *fields.members, "/members", errors);
        // Who has left stays a member of record: the list that was read did not show them.
        std::erase_if(leads, [&](const auto& pair) {
            const Person* person = desk.staff_member(pair.first);
            const bool is_shown = person != nullptr && person->is_active;
            return is_shown && std::find(members.begin(), members.end(), pair.first) == members.end();
        });
        for (const UserId user : members) leads.try_emplace(user, false);
    }
    if (fields.leads) {
        for (auto& [user, is_lead] : leads) is_lead = false;
        for (const UserId user : people_of(desk, *fields.leads, "/leads", errors)) leads[user] = true;
    }
    team.members.clear();
    for (const auto& [user, is_lead] : leads) team.members.push_back({user, is_lead});
}

void apply_name(const std::optional<std::string>& given, std::string& to, const std::string& pointer,
                FieldErrors& errors) {
    if (!given) return;
    errors.need(!is_blank(*given), pointer, "blank", "This must not be empty.");
    errors.need(count_characters(*given) <= kNameCharactersMax, pointer, "too_long",
                "At most " + std::to_string(kNameCharactersMax) + " characters.");
    to = std::string(trim(*given));
}

void apply_fields(const Desk& desk, const TeamFields& fields, Team& team, FieldErrors& errors) {
    apply_name(fields.name, team.name, "/name", errors);
    apply_name(fields.public_name, team.public_name, "/public_name", errors);
    if (fields.tier) {
        errors.need(*fields.tier >= 1 && *fields.tier <= kTierMax, "/tier", "range",
                    "From 1 to " + std::to_string(kTierMax) + ".");
        team.tier = *fields.tier;
    }
    if (fields.mode) {
        const auto mode = parse_word<TeamMode>(*fields.mode);
        errors.need(mode.has_value(), "/mode", "enum", "A mode is one of manual, round_robin, least_loaded, on_call.");
        team.mode = mode.value_or(team.mode);
    }
    if (fields.reactivates) {
        team.is_active = true;
        team.successor = {};
    }
    apply_members(desk, fields, team, errors);
}

const Member* find_member(const Team& team, UserId user) {
    const auto found =
        std::find_if(team.members.begin(), team.members.end(), [&](const Member& m) { return m.user == user; });
    return found == team.members.end() ? nullptr : &*found;
}

bool has_same_fields(const Team& a, const Team& b) {
    return a.name == b.name && a.public_name == b.public_name && a.tier == b.tier && a.mode == b.mode &&
           a.is_active == b.is_active && a.successor == b.successor &&
           member_ids(a.members, false) == member_ids(b.members, false) &&
           member_ids(a.members, true) == member_ids(b.members, true);
}

std::string key_of(const Desk& desk, TeamId id) {
    const Team* team = desk.team(id);
    return team == nullptr ? std::string() : team->key;
}

// The team's row, its record, and for each membership that begins or ends the person's.
Status write_team(ConfigChange& change, const Team& before, Team& after, std::string_view kind) {
    const bool is_new = before.version == 0;
    const Desk& desk = change.desk();
    after.version = before.version + 1;
    change.write(is_new ? insert_team(after) : update_team(after));
    Differences differences;
    differences.text("name", before.name, after.name);
    differences.text("public_name", before.public_name, after.public_name);
    differences.value("tier", is_new ? FieldValue{} : FieldValue{std::int64_t{before.tier}}, std::int64_t{after.tier});
    differences.value("mode", is_new ? FieldValue{} : FieldValue{std::string(to_string(before.mode))},
                      std::string(to_string(after.mode)));
    differences.value("active", is_new ? FieldValue{} : FieldValue{before.is_active}, after.is_active);
    differences.value("successor", key_of(desk, before.successor), key_of(desk, after.successor));
    differences.value("members", member_ids(before.members, false), member_ids(after.members, false));
    differences.value("leads", member_ids(before.members, true), member_ids(after.members, true));
    CHECK_OK(change.record(differences.fact("team", after.id.value, after.version, kind)));

    for (const Member& member : after.members) {
        const Member* was = find_member(before, member.user);
        if (was != nullptr && was->is_lead == member.is_lead) continue;
        const auto& teams = desk.teams_of_person(member.user);
        const auto place = std::find(teams.begin(), teams.end(), after.id);
        change.write(
            put_member(after.id, member.user, member.is_lead, static_cast<std::size_t>(place - teams.begin())));
        if (was == nullptr) CHECK_OK(record_joined(change, after.id, member.user, true));
    }
    for (const Member& member : before.members) {
        if (find_member(after, member.user) != nullptr) continue;
        change.write({"team_member.delete", {after.id.value, member.user.value}});
        CHECK_OK(record_joined(change, after.id, member.user, false));
    }
    return {};
}

Status check_may_edit(const Desk& desk, const Session& session, const Team& team, const TeamFields& fields) {
    if (session.may(Permission::team_edit_any)) return {};
    CHECK_OK(need(session, Permission::team_edit_own));
    if (!desk.is_lead(team.id, session.user()))
        return fail(ErrorKind::forbidden, "auth.forbidden", "You lead another team, not this one.");
    if (fields.tier || fields.reactivates) {
        return fail(ErrorKind::forbidden, "auth.forbidden",
                    "An administrator decides on a team's tier and whether it is in use.");
    }
    return {};
}

}  // namespace

Result<Page<TeamAnswer>> list_teams(Reader& reader, Toolbox& tools, const Session& session,
                                    std::optional<bool> is_active, const PageRequest& page) {
    CHECK_OK(need(session, Permission::team_see));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    std::map<std::string_view, const Team*> by_key;
    for (const auto& [id, team] : desk->teams) {
        if (team.key > page.after && is_active.value_or(team.is_active) == team.is_active)
            by_key.emplace(team.key, &team);
    }
    Page<TeamAnswer> out;
    for (const auto& [key, team] : by_key) {
        out.add(page, answer_of(*desk, *team), [](const TeamAnswer& answer) { return answer.team.key; });
        if (!out.next.empty()) break;
    }
    return out;
}

Result<TeamAnswer> read_team(Reader& reader, Toolbox& tools, const Session& session, std::string_view key) {
    CHECK_OK(need(session, Permission::team_see));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    const Team* team = desk->team(key);
    if (team == nullptr) return fail(no_such("team", key));
    return answer_of(*desk, *team);
}

Result<Decided<TeamAnswer>> create_team(Reader& reader, Toolbox& tools, const Session& session, const std::string& key,
                                        const TeamFields& fields) {
    CHECK_OK(need(session, Permission::team_edit_any));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    FieldErrors errors;
    errors.need(is_key(key), "/key", "format", "A key is written in a–z, 0–9 and -, at most 64 of them.");
    errors.need(fields.name.has_value(), "/name", "required", "A team needs a name.");
    Team team;
    team.key = key;
    apply_fields(*desk, fields, team, errors);
    if (!fields.public_name) team.public_name = team.name;
    CHECK_OK(errors.result());
    if (desk->team(key) != nullptr) return fail(key_taken(key));
    TRY(const std::int64_t id, tools.store.next_id(IdKind::team));
    team.id = TeamId{id};
    ConfigChange change(reader, tools, desk, session);
    CHECK_OK(write_team(change, Team{}, team, "create"));
    return Decided<TeamAnswer>{change.take(true), answer_of(*desk, std::move(team))};
}

Result<Decided<TeamAnswer>> edit_team(Reader& reader, Toolbox& tools, const Session& session, std::string_view key,
                                      const TeamFields& fields, const VersionGuard& guard) {
    CHECK_OK(need(session, Permission::team_see));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    const Team* before = desk->team(key);
    if (before == nullptr) return fail(no_such("team", key));
    CHECK_OK(check_may_edit(*desk, session, *before, fields));
    CHECK_OK(check_guard(guard, before->version));
    FieldErrors errors;
    Team after = *before;
    apply_fields(*desk, fields, after, errors);
    CHECK_OK(errors.result());
    if (has_same_fields(*before, after)) return Decided<TeamAnswer>{std::nullopt, answer_of(*desk, *before)};
    ConfigChange change(reader, tools, desk, session);
    CHECK_OK(write_team(change, *before, after, after.is_active && !before->is_active ? "activate" : "edit"));
    return Decided<TeamAnswer>{change.take(true), answer_of(*desk, std::move(after))};
}

}  // namespace firstline::app
