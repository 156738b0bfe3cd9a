// The port for tables of another desk's history: a header, then rows one by one (docs/import.md). intake/table implements it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace firstline::app::imports {

struct SourceRow {
    std::int64_t line = 0;  // where the row begins, from 1; the header is line 1
    std::vector<std::string_view>
        cells;            // as many as columns, unless `problem` says why not; valid until the next call
    std::string problem;  // why the row cannot be taken at all; empty: it can
    std::string text;     // of a row with a problem: its beginning, for the report
};

class RowSource {
public:
    virtual ~RowSource() = default;
    [[nodiscard]] virtual const std::vector<std::string>& columns() const = 0;
    // False at the end. Errors: `import.unreadable` (the file cannot be read any further).
    virtual Result<bool> next(SourceRow& row) = 0;
    // For progress: bytes of the file that were read, and its size; 0 where it is not known.
    [[nodiscard]] virtual std::int64_t bytes_read() const { return 0; }
    [[nodiscard]] virtual std::int64_t bytes_total() const { return 0; }
};

// A row that was not, or not wholly, understood.
struct RowProblem {
    std::int64_t line = 0;
    std::string column;  // empty: the whole row
    std::string value;   // the beginning of it
    std::string reason;  // one sentence
};

}  // namespace firstline::app::imports
