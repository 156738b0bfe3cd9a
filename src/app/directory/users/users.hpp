// People: reading, making, editing and deactivating them (api.md §4 "Users", domain.md §4 "People and teams end").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/core/toolbox.hpp"
#include "app/directory/page.hpp"
#include "app/directory/users/fields.hpp"
#include "app/incidents/workspace.hpp"

namespace firstline::app {

struct UserAnswer {
    domain::Person person;
    std::vector<domain::TeamId> teams;  // active ones, in the person's order
    domain::DeskPtr desk;               // for the names of teams and organization
};

struct UserFilter {
    std::string q;  // the start of a word of name, key or address; "" = all
    std::optional<bool> is_active;
    std::string role;          // a word; "" = all
    std::string organization;  // a key; "" = all
};
inline constexpr std::size_t kUserQueryCharactersMax = 250;

// By key. Errors: `auth.forbidden`, `request.invalid` (role, organization).
[[nodiscard]] Result<Page<UserAnswer>> list_users(Reader& reader, Toolbox& tools, const Session& session,
                                                  const UserFilter& filter, const PageRequest& page);
// Errors: `auth.forbidden`, `not_found`.
[[nodiscard]] Result<UserAnswer> read_user(Reader& reader, Toolbox& tools, const Session& session,
                                           std::string_view key);

// An administrator makes anybody; an agent a caller, without roles, teams or VIP. Errors: `request.invalid`, `exists`,
// `auth.forbidden`.
[[nodiscard]] Result<Decided<UserAnswer>> create_user(Reader& reader, Toolbox& tools, const Session& session,
                                                      const std::string& key, const UserFields& fields);
// Errors: `not_found`, `precondition.failed`, `request.invalid`, `user.last_administrator`, `auth.forbidden`.
[[nodiscard]] Result<Decided<UserAnswer>> edit_user(Reader& reader, Toolbox& tools, const Session& session,
                                                    std::string_view key, const UserFields& fields,
                                                    const VersionGuard& guard);
// Ends the person's sessions and tokens; their open incidents lose the assignee by a job (app/jobs/leavers.hpp), which
// the caller starts after the commit. `successor`: a key, "" where none is named. Deactivating twice changes nothing.
// Errors: `not_found`, `user.last_administrator`, `request.invalid` at "?successor", `auth.forbidden`.
[[nodiscard]] Result<Decided<UserAnswer>> deactivate_user(Reader& reader, Toolbox& tools, const Session& session,
                                                          std::string_view key, const std::string& successor);

// --- import
// ------------------------------------------------------------------------------------------------------------

struct UserRow {
    std::string key;  // "" = found by address, else made from the name
    UserFields fields;
    std::optional<bool> is_active;
};
struct UserRowProblem {
    std::size_t row = 0;  // index into the rows given
    Error error;
};
struct ImportedUsers {
    std::size_t rows =
        0;  // taken from the front; the rest waits for the next call, because it names somebody of this one
    std::size_t created = 0, updated = 0, unchanged = 0;
    std::vector<UserRowProblem> problems;
};
inline constexpr std::size_t kImportRowsMax = 200;  // one change
// People from a file: found by key, else by address, else made; the same rows twice change nothing. A row that is
// refused stands in the answer and stops no other. Error `auth.forbidden`.
[[nodiscard]] Result<Decided<ImportedUsers>> import_users(Reader& reader, Toolbox& tools, const Session& session,
                                                          const std::vector<UserRow>& rows);

}  // namespace firstline::app
