#include "app/directory/users/record.hpp"

#include <algorithm>

#include "app/directory/people.hpp"
#include "app/directory/teams/members.hpp"

namespace firstline::app::users_parts {

using namespace domain;

namespace {

bool has_same_fields(const Person& a, const Person& b) {
    return a.name == b.name && a.email == b.email && a.phone == b.phone && a.language == b.language &&
           a.zone == b.zone && a.organization == b.organization && a.location == b.location &&
           a.department == b.department && a.is_vip == b.is_vip && a.roles == b.roles && a.is_active == b.is_active &&
           a.password == b.password;
}

std::string organization_key(const Desk& desk, OrganizationId id) {
    const Organization* found = desk.organization(id);
    return found == nullptr ? std::string() : found->key;
}

Differences differences_of(const Desk& desk, const Edit& edit) {
    const Person& a = edit.before;
    const Person& b = edit.after;
    Differences out;
    out.text("name", a.name, b.name);
    out.text("email", a.email, b.email);
    out.text("phone", a.phone, b.phone);
    out.text("location", a.location, b.location);
    out.text("department", a.department, b.department);
    out.value("language", edit.is_new ? FieldValue{} : FieldValue{a.language}, b.language);
    out.value("zone", edit.is_new ? FieldValue{} : FieldValue{a.zone}, b.zone);
    out.value("organization", organization_key(desk, a.organization), organization_key(desk, b.organization));
    out.value("vip", a.is_vip, b.is_vip);
    out.value("roles", edit.is_new ? FieldValue{} : FieldValue{to_text(a.roles)}, to_text(b.roles));
    out.value("teams", team_keys(desk, edit.teams_before), team_keys(desk, edit.teams_after));
    out.value("active", edit.is_new ? FieldValue{} : FieldValue{a.is_active}, b.is_active);
    return out;
}

// The person's own list of teams: the place of each, and who came or went told to the team's own record.
Status write_memberships(ConfigChange& change, const Edit& edit) {
    const UserId user = edit.after.id;
    for (std::size_t rank = 0; rank < edit.teams_after.size(); ++rank) {
        const TeamId team = edit.teams_after[rank];
        change.write(put_member(team, user, change.desk().is_lead(team, user), rank));
        if (std::find(edit.teams_before.begin(), edit.teams_before.end(), team) == edit.teams_before.end()) {
            CHECK_OK(record_membership(change, team, user, true));
        }
    }
    for (const TeamId team : edit.teams_before) {
        if (std::find(edit.teams_after.begin(), edit.teams_after.end(), team) != edit.teams_after.end()) continue;
        change.write({"team_member.delete", {team.value, user.value}});
        CHECK_OK(record_membership(change, team, user, false));
    }
    return {};
}

}  // namespace

bool Edit::is_same() const { return !is_new && has_same_fields(before, after) && teams_before == teams_after; }

Status check_address(Reader& reader, const Person& after, FieldErrors& errors) {
    if (after.email.empty() || !after.is_active) return {};
    TRY(const auto other, find_person_by_email(reader, after.email));
    errors.need(!other || !other->is_active || other->id == after.id, "/email", "conflict",
                "Somebody else has this address already.");
    return {};
}

Status check_last_administrator(const Desk& desk, const Edit& edit) {
    const bool was_one = edit.before.is_active && edit.before.roles.has(Role::admin);
    const bool stays_one = edit.after.is_active && edit.after.roles.has(Role::admin);
    if (!was_one || stays_one) return {};
    const bool is_there_another = std::any_of(desk.staff.begin(), desk.staff.end(), [&](const auto& pair) {
        return pair.first != edit.after.id && pair.second.is_active && pair.second.roles.has(Role::admin);
    });
    if (is_there_another) return {};
    return fail(ErrorKind::wrong_state, "user.last_administrator",
                "This is the last administrator: make somebody else one first.");
}

Status write_edit(ConfigChange& change, Edit& edit, std::string_view kind) {
    edit.after.version = edit.is_new ? 1 : edit.before.version + 1;
    change.write(edit.is_new ? insert_person(edit.after) : update_person(edit.after));
    const Differences differences = differences_of(change.desk(), edit);
    CHECK_OK(change.record(differences.fact("user", edit.after.id.value, edit.after.version, kind)));
    if (edit.teams_before == edit.teams_after) return {};
    return write_memberships(change, edit);
}

}  // namespace firstline::app::users_parts
