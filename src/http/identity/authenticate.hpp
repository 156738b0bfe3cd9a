// From a request's Authorization header or cookie to its caller, with CSRF protection (api.md §1).
#pragma once

#include <string_view>

#include "app/identity/password/sign_in.hpp"
#include "http/api/api.hpp"

namespace firstline::http {

inline constexpr std::string_view kSessionCookie = "firstline_session";

// What the API asks of every request that needs a caller. Errors: `auth.required`, `auth.failed`, `csrf.missing`.
[[nodiscard]] Authenticate authenticate_by(app::IdentityTools& identity);

}  // namespace firstline::http
