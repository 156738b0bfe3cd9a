#include "app/core/session.hpp"

namespace firstline::app {

domain::Standing standing_of(const Session& session, const domain::Incident& incident, const domain::Sight& sight) {
    domain::Standing out;
    out.is_agent = domain::may(session.caller, domain::Permission::incident_act_as_agent, sight);
    out.is_team_lead = out.is_agent && session.caller.roles.has(domain::Role::team_lead);
    const bool is_requester = incident.requester.is_set() && incident.requester == session.user();
    const bool is_plain_opener =
        incident.opened_by.is_set() && incident.opened_by == session.user() && !session.is_agent();
    out.is_requester = is_requester || is_plain_opener;
    return out;
}

Status need(const Session& session, domain::Permission permission) {
    if (session.may(permission)) return {};
    return fail(ErrorKind::forbidden, "auth.forbidden",
                "Your roles do not allow this (" + std::string(domain::to_string(permission)) + ").");
}

}  // namespace firstline::app
