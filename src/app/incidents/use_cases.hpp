// The use cases that change an incident: the only way to change one, whoever asks (architecture.md §1).
// Each loads in the reader's snapshot, lets the domain decide, and returns the change with the answer to give.
#pragma once

#include "app/incidents/answer.hpp"
#include "app/incidents/requests.hpp"
#include "app/incidents/timeline.hpp"

namespace firstline::app {

// The incident as it stood where a step of `then` was refused: what the steps before it led to, and what is possible there.
// None where nothing was refused by the table; nothing of it is written.
using RefusedAt = std::optional<IncidentAnswer>;

// POST /incidents. Errors: `request.invalid`, `auth.forbidden`, those of `then`. `refused_at` may be null.
[[nodiscard]] Result<Decided<IncidentAnswer>> log_incident(Reader& reader, Toolbox& tools, const Session& session,
                                                           const LogRequest& request, RefusedAt* refused_at = nullptr);

// POST …/actions/{action}. Errors: `incident.not_found`, `incident.transition_refused`, `incident.window_over`, `incident.stale`,
// `request.invalid`, `auth.forbidden`.
[[nodiscard]] Result<Decided<IncidentAnswer>> act(Reader& reader, Toolbox& tools, const Session& session,
                                                  domain::IncidentId id, const ActionRequest& request);

// What a reply or note became: the entry, and the incident that got it (a follow-up, or the target of a merge).
struct Said {
    domain::IncidentId incident;
    domain::Entry entry;
    std::string hash;  // of the entry in its chain
    std::vector<AttachmentName> attachments;
    bool is_new_incident = false;
    IncidentAnswer answer;
};
// POST …/replies: an agent's public reply, or a message from the requester's side.
[[nodiscard]] Result<Decided<Said>> say_publicly(Reader& reader, Toolbox& tools, const Session& session,
                                                 domain::IncidentId id, const SayRequest& request,
                                                 RefusedAt* refused_at = nullptr);
// POST …/notes: internal.
[[nodiscard]] Result<Decided<Said>> say_internally(Reader& reader, Toolbox& tools, const Session& session,
                                                   domain::IncidentId id, const SayRequest& request,
                                                   RefusedAt* refused_at = nullptr);

// PATCH /incidents/{number}.
[[nodiscard]] Result<Decided<IncidentAnswer>> edit_incident(Reader& reader, Toolbox& tools, const Session& session,
                                                            domain::IncidentId id, const EditRequest& request);

// Pending uploads of the caller, to be claimed by an entry. Error `request.invalid` at "/attachments/n".
[[nodiscard]] Result<std::vector<AttachmentName>> check_attachments(Reader& reader, const Session& session,
                                                                    const std::vector<std::int64_t>& ids);
void claim_attachments(ChangeBuilder& builder, domain::IncidentId incident, std::int64_t seq,
                       const std::vector<AttachmentName>& files, bool is_public);

// Runs further actions on the unit, each in the capacity it needs; refused ones name their place in `then`. `loaded`: the
// caller's standing and sight. Where the table refuses a step, `refused_at` (may be null) gets the incident as it stood.
[[nodiscard]] Status run_then(Reader& reader, const domain::DeskPtr& desk, const Session& session, const Loaded& loaded,
                              const std::vector<ActionRequest>& then, domain::Unit& unit, RefusedAt* refused_at);
// Tags of a new incident; what does not exist yet is made.
[[nodiscard]] Status resolve_tags(Reader& reader, Toolbox& tools, const std::vector<std::string>& keys,
                                  domain::IncidentId id, ChangeBuilder& builder, IncidentAnswer& answer);

}  // namespace firstline::app
