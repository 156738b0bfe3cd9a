// firstline-bench: the parts of the benchmark that stand on the store alone. bench/run calls it; bench/README.md says what
// is measured.
#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>

#include "program/parts.hpp"

namespace {

using namespace firstline;
using namespace firstline::bench;

struct Part {
    const char* name;
    const char* about;
    Status (*run)(const PartOptions&);
};
constexpr std::array kParts{
    Part{"seed", "make the desk that is measured", &run_seed},
    Part{"units", "(a) full units in bulk and through the queue; writes", &run_units},
    Part{"pages", "(d) queue pages and counts of views", &run_pages},
    Part{"search", "(e) words that are rare, absent, middling, common", &run_search},
    Part{"visible", "(e) how soon a new incident is found; writes", &run_visible},
    Part{"work", "(d) VM steps and buffers of each list statement", &run_work},
};

int fail_with(const Error& error) {
    std::fprintf(stderr, "firstline-bench: %s: %s\n", error.code.c_str(), error.detail.c_str());
    for (const auto& field : error.fields)
        std::fprintf(stderr, "  %s: %s\n", field.pointer.c_str(), field.detail.c_str());
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App program{"The parts of Firstline's benchmark that stand on the store alone; bench/run calls them."};
    program.require_subcommand(1);
    PartOptions options;
    std::string database;
    program.add_option("--database", database, "directory or postgres:// URL")->required();
    program.add_option("--size", options.plan.size, "incidents")->capture_default_str();
    program.add_option("--open", options.plan.open, "of them open")->capture_default_str();
    program.add_option("--seed", options.plan.seed, "number that the desk is made from")->capture_default_str();
    program.add_option("--postmaster", options.postmaster, "process of the PostgreSQL server, for its CPU");
    program.add_option("--count", options.count, "operations instead of the part's own number");
    program.fallthrough();
    for (const Part& part : kParts) program.add_subcommand(part.name, part.about);
    CLI11_PARSE(program, argc, argv);

    const auto location = server::parse_location(database);
    if (!location) return fail_with(location.error());
    options.location = *location;
    for (const Part& part : kParts) {
        if (!program.got_subcommand(part.name)) continue;
        if (const Status status = part.run(options); !status) return fail_with(status.error());
    }
    return 0;
}
