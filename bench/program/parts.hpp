// The parts of the program, one file each; each runs once and prints its figures.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "bench/desk/plan.hpp"
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

}  // namespace firstline::bench
