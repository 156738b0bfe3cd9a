// Rows as facts: each cell read by its mapping, with what was not understood (docs/import.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/imports/mapping.hpp"
#include "app/imports/source.hpp"

namespace firstline::app::imports {

// One row's cells, kept beyond the source's next row.
class Cells {
public:
    Cells() = default;
    explicit Cells(const std::vector<std::string_view>& cells);
    [[nodiscard]] std::string_view operator[](std::size_t column) const;
    [[nodiscard]] std::size_t size() const { return ends_.size(); }
    [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }

private:
    std::string bytes_;
    std::vector<std::uint32_t> ends_;
};

// What a row says; "" and none: nothing.
struct Snapshot {
    std::int64_t line = 0;
    Cells cells;
    std::optional<Instant> at, opened_at, started_at, resolved_at, closed_at;
    std::optional<RowState> state;
    std::string team, assignee, requester, category, subcategory, description, contact_type, problem_id;
    std::optional<int> impact, urgency, reassignment_count, reopen_count;
    std::optional<domain::Priority> priority;
    std::optional<domain::Channel> channel;
    std::optional<bool> made_sla;
    std::vector<RowProblem> problems;
};

// One incident's rows in the order of the file.
struct IncidentRows {
    std::string external_ref;
    std::vector<Snapshot> rows;
};

// The beginning of a value, for the report.
[[nodiscard]] std::string shown_value(std::string_view value);

// A mapping bound to a table's columns. One thread.
class RowReader {
public:
    // Times after `now` are no history. Error `import.mapping_invalid`: the table lacks a column that the mapping names.
    [[nodiscard]] static Result<RowReader> bind(const Mapping& mapping, const std::vector<std::string>& columns,
                                                Instant now);

    [[nodiscard]] std::string external_ref(const SourceRow& row) const;
    [[nodiscard]] Snapshot read(const SourceRow& row);
    // The cell as it stands, "" where the mapping calls it missing.
    [[nodiscard]] std::string_view cell(const Snapshot& row, std::size_t column) const;
    // The last row's words for the title, joined; "Imported incident" where there are none. At most 250 characters.
    [[nodiscard]] std::string title_of(const IncidentRows& incident) const;
    [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
    [[nodiscard]] const Mapping& mapping() const { return mapping_; }
    [[nodiscard]] bool is_number_column(std::size_t column) const;

private:
    RowReader(const Mapping& mapping, std::vector<std::string> columns, Instant now)
        : mapping_(mapping), columns_(std::move(columns)), now_(now), times_(mapping.time_format, mapping.zone) {}
    [[nodiscard]] std::string_view value(std::string_view cell) const;
    [[nodiscard]] std::string_view value(const Snapshot& row, Use use) const;
    void complain(Snapshot& row, Use use, std::string reason) const;
    [[nodiscard]] std::optional<Instant> time(Snapshot& row, Use use);
    [[nodiscard]] std::optional<int> level(Snapshot& row, Use use, const Words<int>& words, int max) const;
    [[nodiscard]] std::optional<int> count(Snapshot& row, Use use) const;
    [[nodiscard]] std::string name(Snapshot& row, Use use) const;
    void read_words(Snapshot& row) const;
    void read_marks(Snapshot& row) const;
    void check_times(Snapshot& row) const;

    Mapping mapping_;
    std::vector<std::string> columns_;
    Instant now_;
    std::array<std::optional<std::size_t>, kUseCount> places_;
    std::vector<std::size_t> title_places_;
    TimeReader times_;
};

}  // namespace firstline::app::imports
