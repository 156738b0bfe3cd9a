// The people, teams and services of the measured desk: made once in an empty database, found again by their keys.
#pragma once

#include <string>
#include <vector>

#include "app/core/session.hpp"
#include "app/core/toolbox.hpp"
#include "desk/plan.hpp"
#include "domain/desk/desk.hpp"

namespace firstline::bench {

struct Cast {
    domain::DeskPtr desk;
    std::vector<domain::TeamId> teams;
    std::vector<domain::UserId> agents;      // the n-th in team n % 40; the first also in the next three
    std::vector<domain::Person> requesters;  // in ordinary numbers
    std::vector<domain::Person> fives;       // with five incidents each
    std::vector<domain::CategoryId> categories;
    std::vector<domain::ServiceId> services;
};

[[nodiscard]] std::string team_key(std::int64_t n);
[[nodiscard]] std::string agent_key(std::int64_t n);
[[nodiscard]] std::string requester_key(std::int64_t n);
[[nodiscard]] std::string five_key(std::int64_t n);

// Adds the cast to a desk that has been initialized. Errors: the store's.
[[nodiscard]] Status make_cast(app::Toolbox& tools, const Plan& plan);
// Error `bench.no_cast` where the desk is another one.
[[nodiscard]] Result<Cast> load_cast(app::Toolbox& tools, const Plan& plan);
// A person as the API would know them after authenticating. Error `bench.no_cast`.
[[nodiscard]] Result<app::Session> session_of(app::Toolbox& tools, const std::string& key);

}  // namespace firstline::bench
