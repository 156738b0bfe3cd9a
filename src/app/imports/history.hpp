// One incident's rows as one unit of work: each row's steps, decided by the domain with the importer's capacity, in the
// order of the file and at the rows' own times (docs/import.md, domain.md §2).
#pragma once

#include <string>
#include <vector>

#include "app/imports/names.hpp"
#include "app/imports/snapshot.hpp"
#include "domain/incident/messages.hpp"

namespace firstline::app::imports {

// What is told at one instant: a row, or for one row per incident each of its times.
struct Step {
    const Snapshot* row = nullptr;
    std::optional<RowState> state;
    std::optional<Instant> at;
    bool has_facts = true;  // team, category, … of the row count from here
};

// What an incident's rows became.
struct History {
    domain::Unit unit;
    std::vector<Step> steps;
    std::vector<RowProblem> problems;  // steps that the rules do not allow; the state was kept
};

// Decides the whole history. `incident` must have a time to begin with (opened_at_of). The unit refers to `desk`.
// Error: what the domain says where the incident cannot even be logged.
[[nodiscard]] Result<History> tell_history(const domain::Desk& desk, const Names& names, const RowReader& reader,
                                           const IncidentRows& incident, domain::IncidentId id, Instant recorded_at);

// The first opening time that a row names, else its first time; none: the incident cannot be dated.
[[nodiscard]] std::optional<Instant> opened_at_of(const IncidentRows& incident);

}  // namespace firstline::app::imports
