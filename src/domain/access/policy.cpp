#include "domain/access/policy.hpp"

#include <algorithm>

namespace firstline::domain {
namespace {

constexpr unsigned bit(Scope scope) { return 1U << static_cast<unsigned>(scope); }
constexpr unsigned kOwn = bit(Scope::own);
constexpr unsigned kShared = bit(Scope::org_shared);
constexpr unsigned kOther = bit(Scope::unrestricted_other);
constexpr unsigned kMember = bit(Scope::restricted_member);
constexpr unsigned kHidden = bit(Scope::restricted_other);
constexpr unsigned kNone = bit(Scope::none);
constexpr unsigned kSeenByAgents = kOwn | kShared | kOther | kMember;

struct Rule {
    Role role;
    Permission permission;
    unsigned scopes;
};

using R = Role;
using P = Permission;
// Roles add up: a row holds what the role brings; agents are requesters too. What no row grants is refused.
// clang-format off
constexpr Rule kPolicy[]{
    {R::requester, P::incident_see,              kOwn | kShared | kMember},
    {R::requester, P::incident_log_for_self,     kNone},
    {R::requester, P::incident_act_as_requester, kOwn},
    {R::requester, P::incident_reply,            kOwn | kMember},
    {R::requester, P::incident_attach,           kOwn | kMember},
    {R::requester, P::incident_watch_self,       kOwn | kMember},
    {R::requester, P::token_own,                 kNone},
    {R::requester, P::search,                    kNone},

    {R::agent, P::incident_see,              kSeenByAgents},
    {R::agent, P::incident_log_for_other,    kNone},
    {R::agent, P::incident_act_as_agent,     kSeenByAgents},
    {R::agent, P::incident_reply,            kSeenByAgents},
    {R::agent, P::incident_note,             kSeenByAgents},
    {R::agent, P::incident_edit,             kSeenByAgents},
    {R::agent, P::incident_attach,           kSeenByAgents},
    {R::agent, P::incident_watch_self,       kSeenByAgents},
    {R::agent, P::incident_watch_other,      kSeenByAgents},
    {R::agent, P::incident_link,             kSeenByAgents},
    {R::agent, P::incident_restrict,         kSeenByAgents},
    {R::agent, P::timeline_see_internal,     kSeenByAgents},
    {R::agent, P::team_see,                  kNone},
    {R::agent, P::user_see,                  kNone},
    {R::agent, P::user_create_caller,        kNone},
    {R::agent, P::view_own,                  kNone},

    {R::team_lead, P::incident_redact,        kSeenByAgents},
    {R::team_lead, P::incident_unrestrict,    kSeenByAgents},
    {R::team_lead, P::incident_triage_closed, kSeenByAgents},
    {R::team_lead, P::team_edit_own,          kNone},
    {R::team_lead, P::report_see,             kNone},

    {R::auditor, P::incident_see,          kSeenByAgents | kHidden},
    {R::auditor, P::timeline_see_internal, kSeenByAgents | kHidden},
    {R::auditor, P::team_see,              kNone},
    {R::auditor, P::user_see,              kNone},
    {R::auditor, P::audit_see,             kNone},
    {R::auditor, P::report_see,            kNone},
    {R::auditor, P::view_own,              kNone},

    {R::admin, P::team_see,           kNone},
    {R::admin, P::team_edit_own,      kNone},
    {R::admin, P::team_edit_any,      kNone},
    {R::admin, P::user_see,           kNone},
    {R::admin, P::user_edit,          kNone},
    {R::admin, P::user_create_caller, kNone},
    {R::admin, P::organization_edit,  kNone},
    {R::admin, P::category_edit,      kNone},
    {R::admin, P::service_edit,       kNone},
    {R::admin, P::matrix_edit,        kNone},
    {R::admin, P::settings_edit,      kNone},
    {R::admin, P::token_any,          kNone},
    {R::admin, P::audit_see,          kNone},
    {R::admin, P::import,             kNone},
};
// clang-format on

}  // namespace

Sight sight_of(const Caller& caller, const Incident& incident, bool is_watcher) {
    Sight sight;
    sight.is_restricted = incident.is_restricted;
    sight.is_own = (incident.requester.is_set() && incident.requester == caller.user) ||
                   (incident.opened_by.is_set() && incident.opened_by == caller.user) || is_watcher;
    sight.is_org_shared = !incident.is_restricted && caller.organization_shares && caller.organization.is_set() &&
                          incident.organization == caller.organization;
    const bool in_team = incident.team.is_set() &&
                         std::find(caller.teams.begin(), caller.teams.end(), incident.team) != caller.teams.end();
    sight.is_member = incident.is_restricted &&
                      (in_team || is_watcher || (incident.assignee.is_set() && incident.assignee == caller.user));
    // An opener who is an agent keeps no sight of what was restricted since (domain.md §10 names the requester only).
    if (incident.is_restricted && !is_watcher && incident.requester != caller.user && caller.roles.has(Role::agent)) {
        sight.is_own = false;
    }
    return sight;
}

std::vector<Scope> scopes_of(const Sight& sight) {
    std::vector<Scope> out;
    if (sight.is_own) out.push_back(Scope::own);
    if (sight.is_org_shared) out.push_back(Scope::org_shared);
    if (!sight.is_restricted) out.push_back(Scope::unrestricted_other);
    if (sight.is_restricted) out.push_back(sight.is_member ? Scope::restricted_member : Scope::restricted_other);
    return out;
}

bool may(Role role, Permission permission, Scope scope) {
    return std::any_of(std::begin(kPolicy), std::end(kPolicy), [&](const Rule& rule) {
        return rule.role == role && rule.permission == permission && (rule.scopes & bit(scope)) != 0;
    });
}

bool may(Roles roles, Permission permission, Scope scope) {
    for (std::size_t i = 0; i < kCount<Role>; ++i) {
        const auto role = static_cast<Role>(i);
        if (roles.has(role) && may(role, permission, scope)) return true;
    }
    return false;
}

bool may(const Caller& caller, Permission permission, const Sight& sight) {
    for (const Scope scope : scopes_of(sight)) {
        // Being its requester gives an agent no agent's rights on an incident restricted to others.
        const bool requester_only = scope == Scope::own && sight.is_restricted && !sight.is_member;
        if (requester_only) {
            if (may(Role::requester, permission, scope)) return true;
        } else if (may(caller.roles, permission, scope)) {
            return true;
        }
    }
    return false;
}

bool sees_as_agent(const Caller& caller, const Sight& sight) {
    return may(caller, Permission::timeline_see_internal, sight);
}

std::string to_text(Roles roles) {
    std::string out;
    for (std::size_t i = 0; i < kCount<Role>; ++i) {
        if (!roles.has(static_cast<Role>(i))) continue;
        if (!out.empty()) out.push_back(',');
        out += to_string(static_cast<Role>(i));
    }
    return out;
}

Roles roles_from_text(std::string_view text) {
    Roles roles{Role::requester};
    while (!text.empty()) {
        const auto comma = text.find(',');
        if (const auto role = parse_word<Role>(text.substr(0, comma))) roles.add(*role);
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    }
    return roles;
}

}  // namespace firstline::domain
