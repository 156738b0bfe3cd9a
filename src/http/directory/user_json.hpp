// People and teams as JSON, and what bodies say of them (api.md §4 "Users").
#pragma once

#include <span>
#include <string_view>

#include "app/directory/teams/teams.hpp"
#include "app/directory/users/users.hpp"
#include "http/api/body.hpp"
#include "http/directory/crud.hpp"

namespace firstline::http {

[[nodiscard]] std::span<const std::string_view> user_members();
// The members of a person into an object that is open; `/me` has more of them.
void write_user_members(Item& item, const app::UserAnswer& user);
void write_user(JsonWriter& json, const app::UserAnswer& user, const WantedFields& wanted);
[[nodiscard]] app::UserFields decode_user(Fields& fields);

[[nodiscard]] std::span<const std::string_view> team_members();
void write_team(JsonWriter& json, const app::TeamAnswer& team, const WantedFields& wanted);
[[nodiscard]] app::TeamFields decode_team(Fields& fields);

}  // namespace firstline::http
