// Teams: reading, making, editing and dissolving them (api.md §4, domain.md §4 "People and teams end").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/core/toolbox.hpp"
#include "app/directory/page.hpp"
#include "app/directory/people.hpp"
#include "app/incidents/workspace.hpp"

namespace firstline::app {

inline constexpr int kTierMax = 3;
inline constexpr std::size_t kMembersMax = 1000;

struct TeamAnswer {
    domain::Team team;
    std::vector<PersonName> members, leads;  // those who are active, by key
};

// Each member absent stays as it is.
struct TeamFields {
    std::optional<std::string> name, public_name;  // a new team's public name is its name unless said otherwise
    std::optional<int> tier;
    std::optional<std::string> mode;                         // a word
    std::optional<std::vector<std::string>> members, leads;  // keys; whoever leads is a member
    bool reactivates = false;
};

// By key. Error `auth.forbidden`.
[[nodiscard]] Result<Page<TeamAnswer>> list_teams(Reader& reader, Toolbox& tools, const Session& session,
                                                  std::optional<bool> is_active, const PageRequest& page);
[[nodiscard]] Result<TeamAnswer> read_team(Reader& reader, Toolbox& tools, const Session& session,
                                           std::string_view key);
// Errors: `auth.forbidden`, `request.invalid`, `exists`.
[[nodiscard]] Result<Decided<TeamAnswer>> create_team(Reader& reader, Toolbox& tools, const Session& session,
                                                      const std::string& key, const TeamFields& fields);
// A team lead edits their own team, but for its tier and whether it is in use. Errors: `not_found`,
// `precondition.failed`, `request.invalid`, `auth.forbidden`.
[[nodiscard]] Result<Decided<TeamAnswer>> edit_team(Reader& reader, Toolbox& tools, const Session& session,
                                                    std::string_view key, const TeamFields& fields,
                                                    const VersionGuard& guard);
// Inactive at once; categories, services and the default team that name it pass to the successor in the same change,
// its open incidents by a job (app/jobs/leavers.hpp), which the caller starts after the commit. Errors: `not_found`,
// `auth.forbidden`, `request.invalid` at "?successor".
[[nodiscard]] Result<Decided<TeamAnswer>> dissolve_team(Reader& reader, Toolbox& tools, const Session& session,
                                                        std::string_view key, const std::string& successor);

}  // namespace firstline::app
