// Signing in by password: limits, then the pool, then a session; no step tells a wrong password from an unknown person.
#pragma once

#include <functional>
#include <string>

#include "app/core/toolbox.hpp"
#include "app/identity/password/limits.hpp"
#include "app/identity/password/pool.hpp"

namespace firstline::app {

// What identity needs besides the toolbox; outlives every request.
struct IdentityTools {
    Toolbox& tools;
    const Clock& real_time;  // of sessions and tokens
    PasswordPool& passwords;
    SignInLimits& limits;
};

struct SignInRequest {
    std::string user;  // a key or an e-mail address
    std::string password;
    std::string address, agent;  // where from and with what, for the list of sessions
};
struct SignedIn {
    std::string user_key, user_name;
    std::string cookie, csrf;
    Instant expires_at{};
};
struct SignInOutcome {
    Result<SignedIn> result;
    RateState rate;
};
// `done` is called once, on a worker, on a thread of the pool or of the store. Errors: `rate.limited`, `auth.failed`,
// `storage.unavailable`, `server.busy`.
void sign_in(IdentityTools& identity, SignInRequest request, Runner::Deadline deadline,
             std::function<void(SignInOutcome)> done);

}  // namespace firstline::app
