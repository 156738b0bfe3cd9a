// Who asks: the person behind a request, what their token allows, and by which way they came.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/access/policy.hpp"
#include "domain/incident/decide.hpp"

namespace firstline::app {

struct Session {
    domain::Caller caller;
    std::string key, name;
    std::string_view via = "api";  // a literal: api, web, cli, import, …
    bool may_write = true;         // false for a token of scope `read`
    bool is_token_unlimited = false;

    [[nodiscard]] domain::UserId user() const { return caller.user; }
    [[nodiscard]] bool is_agent() const { return caller.roles.has(domain::Role::agent); }
    [[nodiscard]] bool may(domain::Permission permission) const { return domain::may(caller.roles, permission); }
};

// In what standing the caller is to an incident they see.
[[nodiscard]] domain::Standing standing_of(const Session& session, const domain::Incident& incident,
                                           const domain::Sight& sight);

[[nodiscard]] Status need(const Session& session, domain::Permission permission);

}  // namespace firstline::app
