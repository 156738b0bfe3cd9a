// From a request's Authorization header or cookie to its caller, with CSRF protection and the limits of tokens (api.md §1).
#pragma once

#include <string_view>

#include "app/identity/authenticate.hpp"
#include "app/identity/password/sign_in.hpp"
#include "http/api/api.hpp"

namespace firstline::http {

inline constexpr std::string_view kSessionCookie = "firstline_session";

// What the API asks of every request that needs a caller. Errors: `auth.required`, `auth.failed`, `csrf.missing`, and
// `auth.forbidden` where the token's scopes do not reach the path.
[[nodiscard]] Authenticate authenticate_by(app::IdentityTools& identity);

// Whether a token of these rights reaches the path: `incidents` alone covers incidents, attachments, views, search, the stream
// and who one is; `read` any path, but no change.
[[nodiscard]] bool covers(app::TokenRights rights, std::string_view method, std::string_view path);

}  // namespace firstline::http
