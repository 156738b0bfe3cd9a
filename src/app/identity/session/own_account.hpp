// PATCH /me and POST /users/{key}/password: a person's own fields, and passwords (api.md §4).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/directory/users/users.hpp"
#include "app/identity/password/sign_in.hpp"

namespace firstline::app {

struct EditMeRequest {
    std::optional<std::string> phone, language, zone;       // an empty phone clears it
    std::optional<std::string> password, current_password;  // both or none
    std::string session_hash;  // the session that asks and stays when the password changes; "" for a token
};
// `done` is called once. A new password ends the other sessions. Errors: `request.invalid`, `rate.limited`.
void edit_me(IdentityTools& identity, const Session& session, EditMeRequest request, Runner::Deadline deadline,
             std::function<void(Result<UserAnswer>)> done);
// What the caller is; `users.hpp` has the answer for anybody else.
[[nodiscard]] Result<UserAnswer> read_me(Reader& reader, Toolbox& tools, const Session& session);

// Sets another person's password, or one's own without the old one, and ends the person's sessions. `done` is called
// once. Errors: `request.invalid`, `auth.forbidden`, `not_found`, `rate.limited`.
void set_password(IdentityTools& identity, const Session& session, std::string user_key, std::string password,
                  Runner::Deadline deadline, std::function<void(Status)> done);
// The part of it that decides; `password_hash` is argon2id text. For callers that hash themselves.
[[nodiscard]] Result<Decided<UserAnswer>> put_password(Reader& reader, Toolbox& tools, const Session& session,
                                                       std::string_view user_key, const std::string& password_hash);

}  // namespace firstline::app
