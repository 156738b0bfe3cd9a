// firstline-bench work: the exact work of each list statement; the driver compares sizes.
#include "desk/work.hpp"

#include "program/figures.hpp"
#include "program/parts.hpp"

namespace firstline::bench {

Status run_work(const PartOptions& options) {
    TRY(const auto all, measure_work(options.location, options.plan));
    const char* unit = options.location.is_postgres() ? "buffers" : "steps";
    for (const Work& one : all)
        print({"d", one.scenario + ": " + one.statement, unit, static_cast<double>(one.amount), -1, one.queries});
    return {};
}

}  // namespace firstline::bench
