#include "app/feed/scope.hpp"

#include <algorithm>

namespace firstline::app {

using namespace domain;

std::optional<std::vector<std::string>> terms_of(const Caller& caller) {
    if (domain::may(caller.roles, Permission::incident_see, Scope::restricted_other)) return std::nullopt;
    std::vector<std::string> out;
    if (domain::may(caller.roles, Permission::incident_see, Scope::unrestricted_other)) {
        out.emplace_back("a");
        for (const TeamId team : caller.teams) out.push_back("t" + std::to_string(team.value));
    } else if (caller.organization_shares && caller.organization.is_set()) {
        out.push_back("o" + std::to_string(caller.organization.value));
    }
    out.push_back("u" + std::to_string(caller.user.value));
    return out;
}

bool has_common_term(const std::optional<std::vector<std::string>>& terms, std::string_view incident_terms) {
    if (!terms) return !incident_terms.empty();
    while (!incident_terms.empty()) {
        const auto blank = incident_terms.find(' ');
        const auto term = incident_terms.substr(0, blank);
        if (std::find(terms->begin(), terms->end(), term) != terms->end()) return true;
        incident_terms = blank == std::string_view::npos ? std::string_view{} : incident_terms.substr(blank + 1);
    }
    return false;
}

bool reads_internal(const Caller& caller) {
    return domain::may(caller.roles, Permission::timeline_see_internal, Scope::unrestricted_other);
}

Sight IncidentSight::of(const Caller& caller) const {
    return sight_of(caller, incident, std::find(watchers.begin(), watchers.end(), caller.user) != watchers.end());
}

Result<std::vector<IncidentSight>> load_sights(Reader& reader, std::vector<std::int64_t> ids) {
    std::vector<IncidentSight> out;
    if (ids.empty()) return out;
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    const std::vector<Value> params{IntList{std::move(ids)}};
    std::vector<std::pair<std::int64_t, UserId>> watchers;
    const Query queries[]{{"feed.sights", params,
                           [&](const Row& row) {
                               IncidentSight sight;
                               sight.incident.id = row.id<IncidentId>(0);
                               sight.incident.team = row.id<TeamId>(1);
                               sight.incident.assignee = row.id<UserId>(2);
                               sight.incident.requester = row.id<UserId>(3);
                               sight.incident.opened_by = row.id<UserId>(4);
                               sight.incident.organization = row.id<OrganizationId>(5);
                               sight.incident.is_restricted = row.flag(6);
                               out.push_back(std::move(sight));
                               return true;
                           }},
                          {"feed.watchers", params, [&](const Row& row) {
                               watchers.emplace_back(row.integer(0), row.id<UserId>(1));
                               return true;
                           }}};
    CHECK_OK(reader.query_all(queries));
    std::sort(out.begin(), out.end(),
              [](const IncidentSight& a, const IncidentSight& b) { return a.incident.id < b.incident.id; });
    std::sort(watchers.begin(), watchers.end());
    auto next = watchers.begin();
    for (IncidentSight& sight : out) {
        while (next != watchers.end() && next->first < sight.incident.id.value) ++next;
        for (; next != watchers.end() && next->first == sight.incident.id.value; ++next)
            sight.watchers.push_back(next->second);
    }
    return out;
}

const IncidentSight* find_sight(const std::vector<IncidentSight>& sights, std::int64_t id) {
    const auto found = std::lower_bound(
        sights.begin(), sights.end(), id,
        [](const IncidentSight& sight, std::int64_t wanted) { return sight.incident.id.value < wanted; });
    return found != sights.end() && found->incident.id.value == id ? &*found : nullptr;
}

}  // namespace firstline::app
