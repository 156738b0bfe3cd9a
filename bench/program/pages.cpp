// firstline-bench pages: (d) the storage part of queue pages and counts: the use case in a snapshot, without HTTP.
#include <fmt/format.h>

#include "desk/scenarios.hpp"
#include "program/figures.hpp"
#include "program/parts.hpp"

namespace firstline::bench {

using namespace app;

namespace {

constexpr std::int64_t kWarm = 20;
constexpr std::int64_t kPages = 1'000;
constexpr std::int64_t kCounts = 200;

Status run_scenario(server::Node& node, const PartOptions& options, const Scenario& scenario) {
    const std::int64_t own = scenario.question == Question::counts ? kCounts : kPages;
    const std::int64_t count = options.count > 0 ? options.count : own;
    std::size_t rows = 0;
    const auto once = [&]() -> Status {
        return node.store().read([&](Reader& reader) -> Status {
            TRY(rows, ask(reader, node.tools(), scenario));
            return {};
        });
    };
    for (std::int64_t n = 0; n < kWarm; ++n) CHECK_OK(once());
    std::vector<double> wall_ms;
    const CpuClock clock(options.postmaster);
    for (std::int64_t n = 0; n < count; ++n) {
        const auto begun = std::chrono::steady_clock::now();
        CHECK_OK(once());
        wall_ms.push_back(1e3 * std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
    }
    const double cpu_us = 1e6 * clock.seconds() / static_cast<double>(count);
    print({"d", scenario.name + ", p50", "ms", percentile(wall_ms, 50), cpu_us, count});
    print({"d", scenario.name + ", p99", "ms", percentile(wall_ms, 99), cpu_us, count});
    if (rows == 0) return fail(ErrorKind::internal, "bench.pages", scenario.name + " has no rows");
    return {};
}

}  // namespace

Status run_pages(const PartOptions& options) {
    server::NodeOptions opening;
    opening.location = options.location;
    TRY(auto node, server::Node::open(std::move(opening)));
    TRY(const auto all, scenarios(node->tools(), options.plan));
    for (const Scenario& scenario : all) CHECK_OK(run_scenario(*node, options, scenario));
    return {};
}

}  // namespace firstline::bench
