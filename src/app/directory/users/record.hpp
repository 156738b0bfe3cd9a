// The parts of users.hpp: one person's edit as writes and audit entries.
#pragma once

#include "app/directory/config_change.hpp"
#include "app/directory/users/users.hpp"

namespace firstline::app::users_parts {

// A person before and after, with their teams.
struct Edit {
    domain::Person before, after;
    std::vector<domain::TeamId> teams_before, teams_after;
    bool is_new = false;

    [[nodiscard]] bool is_same() const;
    // What nodes keep in memory (staff, memberships) has changed.
    [[nodiscard]] bool touches_staff() const { return before.roles.is_staff() || after.roles.is_staff(); }
};

// Among what the person's fields cannot know alone: an address that somebody else active has. Error: the store's.
[[nodiscard]] Status check_address(Reader& reader, const domain::Person& after, domain::FieldErrors& errors);
// Error `user.last_administrator` where nobody else active would be one.
[[nodiscard]] Status check_last_administrator(const domain::Desk& desk, const Edit& edit);
// Raises the version, writes the person and their memberships and records both; `kind` of the person's entry: a
// literal.
[[nodiscard]] Status write_edit(ConfigChange& change, Edit& edit, std::string_view kind);

}  // namespace firstline::app::users_parts
