// The example desk: teams in three tiers, people, services and some sixty incidents of the last two weeks, all made through the
// use cases under a clock of its own that moves through those days (docs/cli.md).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "app/core/toolbox.hpp"

namespace firstline::app::demo {

struct DemoRequest {
    std::string password;  // of the two people who can sign in; "": one is made
    std::function<void(std::int64_t done, std::int64_t total)> progress = [](std::int64_t, std::int64_t) {};
};
struct DemoMade {
    std::int64_t incidents = 0, people = 0, teams = 0, services = 0;
    std::string agent, requester;  // keys of who can sign in
    std::string password;          // to be shown once
    bool is_password_made = false;
    bool is_complete_already = false;  // nothing was made
};
// Only into a desk without other incidents. One that was interrupted goes on: what is there stays as it is, what is missing
// comes. Waits for commits: not for a worker. Errors: `demo.not_empty`, `request.invalid` (password), `storage.unavailable`.
[[nodiscard]] Result<DemoMade> make_demo(Toolbox& tools, const DemoRequest& request);

}  // namespace firstline::app::demo
