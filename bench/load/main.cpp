// firstline-bench-load: puts a load on a running server and prints one JSON object (bench/load/README.md).
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdlib>

#include "load/generator.hpp"

namespace firstline::bench {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

int run(const LoadOptions& options) {
    auto requests = RequestSource::open(options.requests_path, options.token);
    if (!requests) {
        fmt::print(stderr, "error: {}\n", requests.error().detail);
        return kExitUsage;
    }
    Generator generator(options, std::move(*requests));
    if (const Status status = generator.run(); !status) {
        fmt::print(stderr, "error: {}\n", status.error().detail);
        return kExitFailed;
    }
    fmt::print("{}\n", generator.result_json());
    return 0;
}

}  // namespace
}  // namespace firstline::bench

int main(int argc, char** argv) {
    firstline::bench::LoadOptions options;
    CLI::App app("Puts a load on a Firstline server on 127.0.0.1. The bearer token comes from FIRSTLINE_BENCH_TOKEN.");
    app.add_option("--port", options.port, "The server's port")->required();
    app.add_option("--requests", options.requests_path, "File of requests, one a line: METHOD TARGET [JSON]")
        ->required();
    app.add_option("--connections", options.connections, "Kept-alive connections")->check(CLI::Range(1, 10'000));
    app.add_option("--rate", options.rate, "Requests due a second, whatever the answers do; 0: one after the other")
        ->check(CLI::Range(0.0, 1e6));
    app.add_option("--seconds", options.seconds, "How long requests become due")->check(CLI::Range(0.01, 86'400.0));
    app.add_option("--drain-seconds", options.drain_seconds, "How long the last answers are awaited")
        ->check(CLI::Range(0.0, 600.0));
    app.add_option("--status", options.expected_status, "The status that is no error (default: any 2xx)");
    CLI11_PARSE(app, argc, argv);
    if (const char* token = std::getenv("FIRSTLINE_BENCH_TOKEN")) options.token = token;
    return firstline::bench::run(options);
}
