// firstline-bench seed
#include <boost/json.hpp>
#include <cstdio>

#include "desk/seed.hpp"
#include "program/parts.hpp"

namespace firstline::bench {

Status run_seed(const PartOptions& options) {
    SeedOptions seeding;
    seeding.progress = [](std::string_view step, std::int64_t done, std::int64_t total) {
        std::fprintf(stderr, "%.*s: %lld of %lld\n", static_cast<int>(step.size()), step.data(),
                     static_cast<long long>(done), static_cast<long long>(total));
    };
    TRY(const SeededDesk desk, seed(options.location, options.plan, seeding));
    const boost::json::object line{{"admin_password", desk.admin_password},
                                   {"admin_token", desk.admin_token},
                                   {"agent_token", desk.agent_token},
                                   {"requester_token", desk.requester_token},
                                   {"entries", desk.entries}};
    std::puts(boost::json::serialize(line).c_str());
    return {};
}

}  // namespace firstline::bench
