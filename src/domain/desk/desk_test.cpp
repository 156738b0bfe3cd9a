// The matrix, the VIP's lift, affected counts and what follows a dissolved team (domain.md §3, §4).
#include "domain/desk/desk.hpp"

#include <gtest/gtest.h>

#include "domain/access/policy.hpp"

namespace firstline::domain {
namespace {

TEST(matrix, is_the_documents) {
    struct Row {
        int impact, urgency;
        std::string_view plain, vip;
    };
    const Row rows[]{{1, 1, "P1", "P1"}, {1, 2, "P2", "P1"}, {1, 3, "P3", "P2"}, {2, 1, "P2", "P2"}, {2, 2, "P3", "P2"},
                     {2, 3, "P4", "P3"}, {3, 1, "P3", "P3"}, {3, 2, "P4", "P3"}, {3, 3, "P5", "P4"}};
    for (const Row& row : rows) {
        EXPECT_EQ(to_string(priority_of(kDefaultMatrix, row.impact, row.urgency, false)), row.plain)
            << row.impact << row.urgency;
        EXPECT_EQ(to_string(priority_of(kDefaultMatrix, row.impact, row.urgency, true)), row.vip)
            << row.impact << row.urgency;
    }
}

TEST(matrix, is_read_unless_a_person_has_set_the_priority) {
    Desk desk;
    Incident incident;
    incident.impact = 1;
    recompute_priority(incident, desk, false);
    EXPECT_FALSE(incident.is_priority_known);
    EXPECT_EQ(incident.priority, Priority::p3) << "counts as P3 while unknown";
    incident.urgency = 1;
    recompute_priority(incident, desk, false);
    EXPECT_TRUE(incident.is_priority_known);
    EXPECT_EQ(incident.priority, Priority::p1);
    desk.matrix[0][0] = Priority::p4;
    recompute_priority(incident, desk, false);
    EXPECT_EQ(incident.priority, Priority::p4) << "an administrator's matrix";
    incident.is_priority_set = true;
    incident.priority = Priority::p2;
    recompute_priority(incident, desk, true);
    EXPECT_EQ(incident.priority, Priority::p2);
}

TEST(impact, follows_the_affected_count) {
    Settings settings;
    const std::pair<int, int> rows[]{{1, 3}, {2, 2}, {24, 2}, {25, 1}, {1'000'000, 1}};
    for (const auto& [affected, expected] : rows)
        EXPECT_EQ(impact_of_affected(settings, affected), expected) << affected;
    settings.affected_department_min = 5;
    settings.affected_organization_min = 50;
    const std::pair<int, int> edited[]{{4, 3}, {5, 2}, {49, 2}, {50, 1}};
    for (const auto& [affected, expected] : edited)
        EXPECT_EQ(impact_of_affected(settings, affected), expected) << affected;
}

Desk chain(const std::vector<std::pair<bool, std::int64_t>>& teams) {  // active, successor; ids from 1
    Desk desk;
    for (std::size_t i = 0; i < teams.size(); ++i) {
        Team team;
        team.id = TeamId{static_cast<std::int64_t>(i) + 1};
        team.key = "team-" + std::to_string(i + 1);
        team.is_active = teams[i].first;
        team.successor = TeamId{teams[i].second};
        desk.teams[team.id] = team;
    }
    return desk;
}

TEST(standing_team, is_the_end_of_the_chain) {
    struct Row {
        const char* name;
        Desk desk;
        std::int64_t expected;
    };
    std::vector<std::pair<bool, std::int64_t>> longest(65, {false, 0});
    for (std::size_t i = 0; i + 1 < longest.size(); ++i) longest[i].second = static_cast<std::int64_t>(i) + 2;
    longest.back().first = true;
    const Row rows[]{{"itself", chain({{true, 0}}), 1},
                     {"an active one's successor says nothing", chain({{true, 2}, {true, 0}}), 1},
                     {"one step", chain({{false, 2}, {true, 0}}), 2},
                     {"three steps", chain({{false, 3}, {true, 0}, {false, 4}, {true, 0}}), 4},
                     {"64 steps", chain(longest), 65},
                     {"no successor", chain({{false, 0}}), 0},
                     {"an unknown successor", chain({{false, 9}}), 0},
                     {"its own successor", chain({{false, 1}}), 0},
                     {"a loop", chain({{false, 2}, {false, 3}, {false, 1}}), 0},
                     {"an unknown team", chain({}), 0}};
    for (const Row& row : rows) {
        const Team* found = row.desk.standing_team(TeamId{1});
        EXPECT_EQ(found == nullptr ? 0 : found->id.value, row.expected) << row.name;
    }
}

TEST(desk, finds_by_id_and_key) {
    Desk desk = chain({{true, 0}, {true, 0}});
    desk.categories[CategoryId{1}].key = "mail";
    desk.services[ServiceId{1}].key = "vpn";
    desk.organizations[OrganizationId{1}].key = "acme";
    EXPECT_EQ(desk.team("team-2"), desk.team(TeamId{2}));
    EXPECT_NE(desk.team("team-2"), nullptr);
    EXPECT_EQ(desk.team("team-3"), nullptr);
    EXPECT_EQ(desk.team(TeamId{}), nullptr);
    EXPECT_EQ(desk.category("mail"), desk.category(CategoryId{1}));
    EXPECT_EQ(desk.service("vpn"), desk.service(ServiceId{1}));
    EXPECT_EQ(desk.organization("acme"), desk.organization(OrganizationId{1}));
    EXPECT_EQ(desk.category("nothing"), nullptr);
    EXPECT_EQ(desk.service(ServiceId{7}), nullptr);
}

TEST(desk, knows_members_and_leads) {
    Desk desk = chain({{true, 0}});
    desk.teams[TeamId{1}].members = {{UserId{1}, true}, {UserId{2}, false}, {UserId{3}, false}};
    for (const std::int64_t id : {1, 2}) desk.staff[UserId{id}].id = UserId{id};
    desk.staff[UserId{2}].is_active = false;
    desk.teams_of[UserId{1}] = {TeamId{1}};
    EXPECT_TRUE(desk.is_active_member(TeamId{1}, UserId{1}));
    EXPECT_FALSE(desk.is_active_member(TeamId{1}, UserId{2})) << "left";
    EXPECT_FALSE(desk.is_active_member(TeamId{1}, UserId{3})) << "not on the staff";
    EXPECT_FALSE(desk.is_active_member(TeamId{1}, UserId{4}));
    EXPECT_FALSE(desk.is_active_member(TeamId{}, UserId{1}));
    EXPECT_TRUE(desk.is_lead(TeamId{1}, UserId{1}));
    EXPECT_FALSE(desk.is_lead(TeamId{1}, UserId{2}) || desk.is_lead(TeamId{2}, UserId{1}));
    EXPECT_EQ(desk.teams_of_person(UserId{1}), std::vector<TeamId>{TeamId{1}});
    EXPECT_TRUE(desk.teams_of_person(UserId{2}).empty());
}

TEST(roles, add_up_and_read_back) {
    for (std::size_t i = 0; i < kCount<Role>; ++i) {
        const auto role = static_cast<Role>(i);
        const Roles roles{role};
        EXPECT_TRUE(roles.has(Role::requester)) << "everyone";
        const bool implies_agent = role != Role::requester && role != Role::auditor && role != Role::admin;
        EXPECT_EQ(roles.has(Role::agent), implies_agent) << to_string(role);
        EXPECT_EQ(roles.is_staff(), role != Role::requester);
        EXPECT_EQ(roles_from_text(to_text(roles)), roles);
    }
    EXPECT_EQ(to_text(roles_from_text("admin,agent,nonsense,")), "requester,agent,admin");
    EXPECT_EQ(roles_from_text(""), Roles{Role::requester});
}

// Who sees a restricted incident: its team, assignee, requester, named watchers, auditor (domain.md §10).
TEST(sight, of_a_restricted_incident) {
    struct Row {
        const char* name;
        UserId user;
        Role role;
        std::vector<TeamId> teams;
        bool is_watcher, sees, acts;
    };
    Incident incident;
    incident.is_restricted = true;
    incident.requester = UserId{1};
    incident.opened_by = UserId{2};
    incident.assignee = UserId{3};
    incident.team = TeamId{1};
    incident.organization = OrganizationId{1};
    const Row rows[]{{"requester", UserId{1}, Role::requester, {}, false, true, false},
                     {"a requester who is an agent", UserId{1}, Role::agent, {TeamId{2}}, false, true, false},
                     {"opener, no agent", UserId{2}, Role::requester, {}, false, true, false},
                     {"opener, an agent", UserId{2}, Role::agent, {}, false, false, false},
                     {"assignee", UserId{3}, Role::agent, {}, false, true, true},
                     {"of its team", UserId{4}, Role::agent, {TeamId{2}, TeamId{1}}, false, true, true},
                     {"of another team", UserId{4}, Role::team_lead, {TeamId{2}}, false, false, false},
                     {"a watching requester", UserId{5}, Role::requester, {}, true, true, false},
                     {"a watching agent", UserId{5}, Role::agent, {}, true, true, true},
                     {"auditor", UserId{6}, Role::auditor, {}, false, true, false},
                     {"admin", UserId{6}, Role::admin, {}, false, false, false},
                     {"of the sharing organization", UserId{7}, Role::requester, {}, false, false, false}};
    for (const Row& row : rows) {
        const Caller caller{row.user, Roles{row.role}, OrganizationId{1}, true, row.teams};
        const Sight sight = sight_of(caller, incident, row.is_watcher);
        EXPECT_EQ(may(caller, Permission::incident_see, sight), row.sees) << row.name;
        EXPECT_EQ(may(caller, Permission::incident_act_as_agent, sight), row.acts) << row.name;
    }
}

}  // namespace
}  // namespace firstline::domain
