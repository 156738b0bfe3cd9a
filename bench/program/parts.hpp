// The parts of the program, one file each; each runs once and prints its figures.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "desk/plan.hpp"
#include "server/node.hpp"

namespace firstline::bench {

struct PartOptions {
    server::Location location;
    Plan plan;
    int postmaster = 0;      // process of the PostgreSQL server, 0: none or unknown
    std::int64_t count = 0;  // operations; 0: the part's own number
};

// Makes the desk; prints its tokens, password and number of entries as one JSON object.
[[nodiscard]] Status run_seed(const PartOptions& options);
// (a) Writes into the desk: give it a copy.
[[nodiscard]] Status run_units(const PartOptions& options);
// (d) Queue pages and counts of views.
[[nodiscard]] Status run_pages(const PartOptions& options);
// (e) Search, beside nothing.
[[nodiscard]] Status run_search(const PartOptions& options);
// (e) How soon what was committed is found at 1,000 creates a second. Writes into the desk: give it a copy.
[[nodiscard]] Status run_visible(const PartOptions& options);
// The engine's work of each list statement: VM steps, buffers.
[[nodiscard]] Status run_work(const PartOptions& options);

}  // namespace firstline::bench
