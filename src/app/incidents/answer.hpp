// What an incident looks like to a caller: the incident with the names and counts beside it; formats belong to http.
#pragma once

#include <string>
#include <vector>

#include "app/directory/people.hpp"
#include "app/incidents/workspace.hpp"
#include "domain/incident/offers.hpp"

namespace firstline::app {

struct Named {
    std::string key, name;
};

struct IncidentAnswer {
    domain::Incident incident;
    domain::DeskPtr desk;
    std::optional<Named> requester, opened_by, assignee;
    bool is_vip = false;
    std::vector<Named> tags;
    std::int64_t children_count = 0;  // those the caller may see
    std::string external_ref;
    std::string recorded;  // JSON object of an import, or ""
    bool sees_internal = false;
    domain::Offers offers;
};

// Completes the answer for `loaded` as it will stand after the unit. `now`: desk time, for what is offered.
[[nodiscard]] Result<IncidentAnswer> answer_for(Reader& reader, const domain::DeskPtr& desk, const Session& session,
                                                const Loaded& loaded, Instant now,
                                                const domain::Entry* last_entry = nullptr);

// A requester sees when something public last happened, never when the desk worked inside.
[[nodiscard]] Status show_public_time(Reader& reader, domain::Incident& incident, Instant stored);

// GET /incidents/{number}.
[[nodiscard]] Result<IncidentAnswer> read_incident(Reader& reader, Toolbox& tools, const Session& session,
                                                   domain::IncidentId id);

}  // namespace firstline::app
