// Who may see an incident as index terms, seen from the caller's side (storage.md §5 "Search"); the incident's side is scope_terms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/core/session.hpp"
#include "app/port/store.hpp"

namespace firstline::app {

// Any of these in an incident's terms lets the caller see it; none: every incident (an auditor).
// Agents: "a", "t…", "u…"; requesters: "u…", "o…" where their organization shares.
[[nodiscard]] std::optional<std::vector<std::string>> terms_of(const domain::Caller& caller);

// Whether one of the caller's terms is among an incident's ("a u3 u17").
[[nodiscard]] bool has_common_term(const std::optional<std::vector<std::string>>& terms,
                                   std::string_view incident_terms);

// Whether the caller reads internal text of incidents that are not restricted.
[[nodiscard]] bool reads_internal(const domain::Caller& caller);

// What decides about sight of one incident, as stored now.
struct IncidentSight {
    domain::Incident incident;  // only the members that sight_of reads
    std::vector<domain::UserId> watchers;

    [[nodiscard]] domain::Sight of(const domain::Caller& caller) const;
};
// By ascending id; incidents that do not exist are left out.
[[nodiscard]] Result<std::vector<IncidentSight>> load_sights(Reader& reader, std::vector<std::int64_t> ids);
// Null where the id is not among them.
[[nodiscard]] const IncidentSight* find_sight(const std::vector<IncidentSight>& sights, std::int64_t id);

}  // namespace firstline::app
