// The overview of a desk with imported history: what the source recorded, and what our own timelines say (domain.md §11).
// The two never mix: recorded figures are read from table origin, derived ones from our incidents, whoever logged them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/port/store.hpp"

namespace firstline::app::reports {

// A number with four decimals, rounded half up; none where there is nothing to divide by.
struct Decimal4 {
    std::optional<std::int64_t> ten_thousandths;
};
[[nodiscard]] Decimal4 ratio(std::int64_t numerator, std::int64_t denominator);
// "0.9396", "22.1", "3", "null".
[[nodiscard]] std::string to_text(const Decimal4& number);

struct Reassignments {
    std::map<std::int64_t, std::int64_t> incidents_by_count;
    Decimal4 mean;
    std::int64_t max = 0;
};
struct Reopens {
    std::int64_t incidents = 0;
    Decimal4 share;
    std::int64_t sum = 0;
};
struct Hours {
    std::int64_t n = 0;
    Decimal4 median;
};
// All, then P1 … P5 where there are any.
using HoursByPriority = std::vector<std::pair<std::string, Hours>>;

struct Figures {
    Reassignments reassignments;
    Reopens reopens;
    HoursByPriority hours_to_resolve;
};
using Counts = std::vector<std::pair<std::string, std::int64_t>>;

struct Overview {
    std::int64_t rows = 0, rows_not_understood = 0;
    struct {
        std::int64_t events = 0, incidents = 0;
        Counts state, priority, ever_in_state;
        Figures figures;
        std::int64_t made_sla_true = 0, made_sla_false = 0;
        Decimal4 made_sla_share;
        Counts contact_type, channel;
        std::int64_t problems_incidents = 0, problems_distinct = 0, problems_distinct_ever = 0;
    } recorded;
    Figures derived;
};

// Computed at the call, in slices: incidents that change meanwhile count as they were or as they are. Canceled incidents and
// requests do not count. Errors: the store's.
[[nodiscard]] Result<Overview> overview(Store& store);
// The object of the contract's OverviewReport; with line breaks for people where `is_indented`.
[[nodiscard]] std::string to_json(const Overview& overview, bool is_indented = false);

}  // namespace firstline::app::reports
