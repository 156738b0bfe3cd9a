// Fills an empty place with the measured desk (bench/README.md "The seeded desk").
#pragma once

#include <functional>
#include <string>

#include "desk/plan.hpp"
#include "server/node.hpp"

namespace firstline::bench {

struct SeedOptions {
    bool follows = true;  // anchors and the search index reach the end before it returns
    std::function<void(std::string_view step, std::int64_t done, std::int64_t total)> progress =
        [](std::string_view, std::int64_t, std::int64_t) {};
};

// Who may ask the server: API tokens, unlimited in rate, for two years.
struct SeededDesk {
    std::string admin_password;
    std::string admin_token, agent_token, requester_token;  // admin, agent-000, five-001
    std::int64_t entries = 0;                               // positions of the feed
};

// The place must hold no desk: a directory that is empty or missing, or an empty database. Errors: those of the stores,
// `desk.exists`, `bench.*`.
[[nodiscard]] Result<SeededDesk> seed(const server::Location& location, const Plan& plan, const SeedOptions& options);

}  // namespace firstline::bench
