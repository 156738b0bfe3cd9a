// Who is in a team: the writes and records that a membership takes on either side.
#pragma once

#include <string>
#include <vector>

#include "app/directory/config_change.hpp"

namespace firstline::app {

[[nodiscard]] std::string team_keys(const domain::Desk& desk,
                                    const std::vector<domain::TeamId>& teams);  // "desk,network"
// `rank`: which of the person's teams it is.
[[nodiscard]] Write put_member(domain::TeamId team, domain::UserId user, bool is_lead, std::size_t rank);
[[nodiscard]] Write insert_team(const domain::Team& team);
[[nodiscard]] Write update_team(const domain::Team& team);
[[nodiscard]] std::string member_ids(const std::vector<domain::Member>& members,
                                     bool leads_only);  // "3,5,9", ascending

// The team's side of a membership that a person's edit makes or ends: its version and an entry of its own.
[[nodiscard]] Status record_membership(ConfigChange& change, domain::TeamId team, domain::UserId user, bool joins);
// The person's side of one that a team's edit makes or ends.
[[nodiscard]] Status record_joined(ConfigChange& change, domain::TeamId team, domain::UserId user, bool joins);

}  // namespace firstline::app
