// The import of another desk's history: rows become incidents with a whole timeline, through the same rules as everything
// else (docs/import.md). It streams, may be stopped at any moment and repeated: (source, external reference) is unique, so
// nothing is made twice, and the counts of the report come from what is stored, not from the last run.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "app/core/session.hpp"
#include "app/core/toolbox.hpp"
#include "app/imports/mapping.hpp"
#include "app/imports/source.hpp"

namespace firstline::app::imports {

struct Progress {
    std::int64_t rows = 0, incidents = 0, rows_not_understood = 0;
    std::int64_t bytes_read = 0, bytes_total = 0;  // of the file as it lies on the disk; 0: not known
    double rows_per_second = 0;
};

struct ImportOptions {
    std::size_t in_flight_max = 512;                                         // incidents with the store's queue
    std::size_t problems_kept_max = 1000;                                    // in the report; `problem` hears of all
    std::function<void(const Progress&)> progress = [](const Progress&) {};  // a few times a second
    std::function<void(const RowProblem&)> problem = [](const RowProblem&) {
    };  // in the order of the file, as they are found
    std::function<bool()> is_stopped = [] { return false; };  // true: end here, what is decided is kept
};

struct ImportReport {
    std::int64_t rows = 0;                 // read in this run
    std::int64_t rows_not_understood = 0;  // of them, wholly or in part
    std::int64_t incidents_made = 0;
    std::int64_t incidents_there = 0;  // imported before
    std::int64_t problems_count = 0;   // one row may have several
    std::vector<RowProblem> problems;
    bool is_complete = false;  // the end of the file was reached
    double seconds = 0;
};

// Needs Permission::import. Errors: `auth.forbidden`, `import.mapping_invalid` (a column is not there), `import.unreadable`,
// `import.busy`, `storage.unavailable`: what was committed until then stays, a repeated import goes on.
// Waits for commits: not for a worker or an I/O thread.
[[nodiscard]] Result<ImportReport> import_incident_log(Toolbox& tools, const Session& session, RowSource& source,
                                                       const Mapping& mapping, const ImportOptions& options);

}  // namespace firstline::app::imports
