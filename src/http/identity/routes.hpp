// The routes of signing in and out, of the caller themselves, and of tokens (api.md §4).
#pragma once

#include "app/identity/password/sign_in.hpp"
#include "http/api/api.hpp"

namespace firstline::http {

struct IdentityOptions {
    // The cookie is sent back over TLS alone. Browsers take loopback for safe; only where people reach the desk by
    // plain HTTP over a network they trust, this has to go.
    bool has_secure_cookie = true;
};
// `identity` outlives the API.
void add_identity_routes(Api& api, app::IdentityTools& identity, IdentityOptions options);

// Its parts.
void add_session_routes(Api& api, app::IdentityTools& identity, IdentityOptions options);
void add_me_routes(Api& api, app::IdentityTools& identity);
void add_token_routes(Api& api, app::IdentityTools& identity);

}  // namespace firstline::http
