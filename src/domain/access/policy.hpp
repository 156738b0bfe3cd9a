// Who may do what to what: role × permission × scope as one table (domain.md §10).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "domain/access/roles.hpp"
#include "domain/desk/desk.hpp"

namespace firstline::domain {

enum class Permission : std::uint8_t {
    incident_see,
    incident_log_for_self,
    incident_log_for_other,
    incident_act_as_agent,
    incident_act_as_requester,
    incident_reply,
    incident_note,
    incident_edit,
    incident_attach,
    incident_watch_self,
    incident_watch_other,
    incident_link,
    incident_redact,
    incident_restrict,
    incident_unrestrict,
    incident_triage_closed,
    timeline_see_internal,
    team_see,
    team_edit_own,
    team_edit_any,
    user_see,
    user_edit,
    user_create_caller,
    organization_edit,
    category_edit,
    service_edit,
    matrix_edit,
    settings_edit,
    token_own,
    token_any,
    audit_see,
    report_see,
    view_own,
    search,
    import
};
template <>
struct Words<Permission> {
    static constexpr std::array<std::string_view, 35> kWords{"incident.see",
                                                             "incident.log_for_self",
                                                             "incident.log_for_other",
                                                             "incident.act_as_agent",
                                                             "incident.act_as_requester",
                                                             "incident.reply",
                                                             "incident.note",
                                                             "incident.edit",
                                                             "incident.attach",
                                                             "incident.watch_self",
                                                             "incident.watch_other",
                                                             "incident.link",
                                                             "incident.redact",
                                                             "incident.restrict",
                                                             "incident.unrestrict",
                                                             "incident.triage_closed",
                                                             "timeline.see_internal",
                                                             "team.see",
                                                             "team.edit_own",
                                                             "team.edit_any",
                                                             "user.see",
                                                             "user.edit",
                                                             "user.create_caller",
                                                             "organization.edit",
                                                             "category.edit",
                                                             "service.edit",
                                                             "matrix.edit",
                                                             "settings.edit",
                                                             "token.own",
                                                             "token.any",
                                                             "audit.see",
                                                             "report.see",
                                                             "view.own",
                                                             "search",
                                                             "import"};
};

// How one incident stands to the caller; `none` for what is not about one incident.
enum class Scope : std::uint8_t { own, org_shared, unrestricted_other, restricted_member, restricted_other, none };
template <>
struct Words<Scope> {
    static constexpr std::array<std::string_view, 6> kWords{
        "own", "org_shared", "unrestricted_other", "restricted_member", "restricted_other", "none"};
};

struct Caller {
    UserId user;
    Roles roles;
    OrganizationId organization;
    bool organization_shares = false;
    std::vector<TeamId> teams;  // the active ones they are a member of
};

// The caller's relations to one incident.
struct Sight {
    bool is_own = false;  // requester, opener or watcher
    bool is_org_shared = false;
    bool is_restricted = false;
    bool is_member = false;  // of a restricted incident's team, its assignee, or a named watcher
};

[[nodiscard]] Sight sight_of(const Caller& caller, const Incident& incident, bool is_watcher);
[[nodiscard]] std::vector<Scope> scopes_of(const Sight& sight);

[[nodiscard]] bool may(Role role, Permission permission, Scope scope);
[[nodiscard]] bool may(Roles roles, Permission permission, Scope scope = Scope::none);
// Over all scopes that apply to the incident.
[[nodiscard]] bool may(const Caller& caller, Permission permission, const Sight& sight);

// Sees internal text and the agent's shape of this incident.
[[nodiscard]] bool sees_as_agent(const Caller& caller, const Sight& sight);

}  // namespace firstline::domain
