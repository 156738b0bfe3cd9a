// Who asks: a bearer token or a session cookie, looked up on every request (architecture.md §6). Nothing is cached, so
// what is revoked, expired or deactivated is refused at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/core/toolbox.hpp"
#include "app/identity/token/tokens.hpp"
#include "domain/desk/desk.hpp"

namespace firstline::app {

struct Credentials {
    std::string_view bearer;  // what follows "Bearer "; wins over a cookie
    std::string_view cookie;  // the value of the session cookie
};

struct Authenticated {
    Session session;
    TokenRights rights;          // of the token; `all` for a session
    std::string session_hash;    // of the cookie, "" for a token
    std::string csrf;            // of the session, "" for a token
    std::optional<Write> touch;  // notes that it was used; now and then only
};

// One statement besides the desk's head. `real_now`: real time. Errors: `auth.required` where neither is given,
// `auth.failed` for all that is wrong, expired, revoked or of somebody who has left.
[[nodiscard]] Result<Authenticated> authenticate(Reader& reader, DeskCache& desks, const Credentials& credentials,
                                                 Instant real_now);
// Writes the use down, without waiting for it and without an error: it may be lost.
void keep_alive(Store& store, const Authenticated& caller);

// Error `csrf.missing` unless `given` is the session's token; a bearer token needs none.
[[nodiscard]] Status check_csrf(const Authenticated& caller, std::string_view given);

// A person's session with all rights of their roles. `via`: a literal.
[[nodiscard]] Session session_of(const domain::Desk& desk, const domain::Person& person, std::string_view via);
// The desk's own: the command line beside the database, jobs. Nobody's id, all roles that change configuration.
[[nodiscard]] Session system_session(std::string_view via);

}  // namespace firstline::app
