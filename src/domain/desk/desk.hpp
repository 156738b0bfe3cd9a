// The desk's configuration as values: teams, staff, categories, services, matrix, settings (domain.md §3, §4).
// Small and cached under `config_version`; requesters are not part of it, they may be many.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/access/roles.hpp"
#include "domain/ids.hpp"
#include "domain/incident/incident.hpp"

namespace firstline::domain {

enum class TeamMode : std::uint8_t { manual, round_robin, least_loaded, on_call };
template <>
struct Words<TeamMode> {
    static constexpr std::array<std::string_view, 4> kWords{"manual", "round_robin", "least_loaded", "on_call"};
};
enum class Criticality : std::uint8_t { low, medium, high, critical };
template <>
struct Words<Criticality> {
    static constexpr std::array<std::string_view, 4> kWords{"low", "medium", "high", "critical"};
};

struct Organization {
    OrganizationId id;
    std::int64_t version = 0;
    std::string key, name;
    bool shares_incidents = false;
    bool is_active = true;
};

struct Person {
    UserId id;
    std::int64_t version = 0;
    std::string key, name, email, phone, language = "en", zone = "UTC";
    OrganizationId organization;
    std::string location, department;
    bool is_vip = false;
    Roles roles = Roles{Role::requester};
    bool is_active = true;
    bool is_reachable = true;  // false once mail came back
    std::string password;      // argon2id text, "" = cannot sign in by password
    Instant created_at{};
};

struct Member {
    UserId user;
    bool is_lead = false;
};
struct Team {
    TeamId id;
    std::int64_t version = 0;
    std::string key, name, public_name;
    int tier = 1;
    TeamMode mode = TeamMode::manual;
    bool is_active = true;
    TeamId successor;
    std::vector<Member> members;
};
struct Category {
    CategoryId id;
    std::int64_t version = 0;
    std::string key, name;
    CategoryId parent;
    std::string portal_label;
    bool is_restricted = false;
    TeamId team;  // gets its incidents; always named where it restricts
    bool is_active = true;
};
struct Service {
    ServiceId id;
    std::int64_t version = 0;
    std::string key, name;
    TeamId owner_team, support_team;
    Criticality criticality = Criticality::medium;
    bool is_active = true;
};

// matrix[impact - 1][urgency - 1]
using PriorityMatrix = std::array<std::array<Priority, 3>, 3>;
inline constexpr PriorityMatrix kDefaultMatrix{{{Priority::p1, Priority::p2, Priority::p3},
                                                {Priority::p2, Priority::p3, Priority::p4},
                                                {Priority::p3, Priority::p4, Priority::p5}}};

struct Settings {
    std::string desk_name = "Service desk";
    TeamId default_team;  // none on a fresh desk
    int reopen_window_days = 14;
    int auto_close_days = 5;
    int undo_minutes = 10;
    int affected_department_min = 2;     // from this many affected: impact 2
    int affected_organization_min = 25;  // from this many: impact 1
    std::string report_zone = "UTC";
    std::string phone, hours;  // what the portal shows
};

struct Desk {
    std::int64_t config_version = 0;
    std::string desk_id, epoch;
    std::map<TeamId, Team> teams;
    std::unordered_map<UserId, Person> staff;  // everybody with a role beyond requester
    std::map<CategoryId, Category> categories;
    std::map<ServiceId, Service> services;
    std::map<OrganizationId, Organization> organizations;
    std::unordered_map<UserId, std::vector<TeamId>>
        teams_of;  // in the order of the person's own list; inactive teams left out
    PriorityMatrix matrix = kDefaultMatrix;
    Settings settings;

    [[nodiscard]] const Team* team(TeamId id) const;
    [[nodiscard]] const Team* team(std::string_view key) const;
    [[nodiscard]] const Category* category(CategoryId id) const;
    [[nodiscard]] const Category* category(std::string_view key) const;
    [[nodiscard]] const Service* service(ServiceId id) const;
    [[nodiscard]] const Service* service(std::string_view key) const;
    [[nodiscard]] const Organization* organization(OrganizationId id) const;
    [[nodiscard]] const Organization* organization(std::string_view key) const;
    [[nodiscard]] const Person* staff_member(UserId id) const;
    // The team itself, or what followed a dissolved one.
    [[nodiscard]] const Team* standing_team(TeamId id) const;
    [[nodiscard]] bool is_active_member(TeamId team, UserId user) const;
    [[nodiscard]] bool is_lead(TeamId team, UserId user) const;
    [[nodiscard]] const std::vector<TeamId>& teams_of_person(UserId user) const;
};

using DeskPtr = std::shared_ptr<const Desk>;

// Impact × urgency by the matrix; a VIP lifts urgency by one, never above 1.
[[nodiscard]] Priority priority_of(const PriorityMatrix& matrix, int impact, int urgency, bool is_vip);
// 1 → 3, 2–24 → 2, ≥ 25 → 1 with the default settings.
[[nodiscard]] int impact_of_affected(const Settings& settings, int affected_count);
// Sets `priority` and `is_priority_known` from impact and urgency unless a person has set it.
void recompute_priority(Incident& incident, const Desk& desk, bool is_vip);

}  // namespace firstline::domain
