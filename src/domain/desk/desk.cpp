#include "domain/desk/desk.hpp"

#include <algorithm>

namespace firstline::domain {
namespace {

constexpr int kSuccessionsMax = 64;  // a chain of dissolved teams longer than this is a loop

template <class Map, class Key>
auto* find_in(Map& map, const Key& id) {
    const auto it = map.find(id);
    return it == map.end() ? nullptr : &it->second;
}
template <class Map>
auto* find_key(Map& map, std::string_view key) {
    const auto it = std::find_if(map.begin(), map.end(), [&](const auto& pair) { return pair.second.key == key; });
    return it == map.end() ? nullptr : &it->second;
}

}  // namespace

const Team* Desk::team(TeamId id) const { return find_in(teams, id); }
const Team* Desk::team(std::string_view key) const { return find_key(teams, key); }
const Category* Desk::category(CategoryId id) const { return find_in(categories, id); }
const Category* Desk::category(std::string_view key) const { return find_key(categories, key); }
const Service* Desk::service(ServiceId id) const { return find_in(services, id); }
const Service* Desk::service(std::string_view key) const { return find_key(services, key); }
const Organization* Desk::organization(OrganizationId id) const { return find_in(organizations, id); }
const Organization* Desk::organization(std::string_view key) const { return find_key(organizations, key); }
const Person* Desk::staff_member(UserId id) const { return find_in(staff, id); }

const Team* Desk::standing_team(TeamId id) const {
    const Team* found = team(id);
    for (int i = 0; i < kSuccessionsMax && found != nullptr && !found->is_active; ++i) found = team(found->successor);
    return found != nullptr && found->is_active ? found : nullptr;
}

bool Desk::is_active_member(TeamId team_id, UserId user) const {
    const Team* found = team(team_id);
    const Person* person = staff_member(user);
    if (found == nullptr || person == nullptr || !person->is_active) return false;
    return std::any_of(found->members.begin(), found->members.end(), [&](const Member& m) { return m.user == user; });
}

bool Desk::is_lead(TeamId team_id, UserId user) const {
    const Team* found = team(team_id);
    if (found == nullptr) return false;
    return std::any_of(found->members.begin(), found->members.end(),
                       [&](const Member& m) { return m.user == user && m.is_lead; });
}

const std::vector<TeamId>& Desk::teams_of_person(UserId user) const {
    static const std::vector<TeamId> kNone;
    const auto it = teams_of.find(user);
    return it == teams_of.end() ? kNone : it->second;
}

Priority priority_of(const PriorityMatrix& matrix, int impact, int urgency, bool is_vip) {
    const int lifted = std::max(1, urgency - (is_vip ? 1 : 0));
    return matrix[static_cast<std::size_t>(impact - 1)][static_cast<std::size_t>(lifted - 1)];
}

int impact_of_affected(const Settings& settings, int affected_count) {
    if (affected_count >= settings.affected_organization_min) return 1;
    return affected_count >= settings.affected_department_min ? 2 : 3;
}

void recompute_priority(Incident& incident, const Desk& desk, bool is_vip) {
    if (incident.is_priority_set) return;
    incident.is_priority_known = incident.impact.has_value() && incident.urgency.has_value();
    incident.priority = incident.is_priority_known
                            ? priority_of(desk.matrix, *incident.impact, *incident.urgency, is_vip)
                            : Priority::p3;
}

}  // namespace firstline::domain
