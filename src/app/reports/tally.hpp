// Collects what figures of reports are made of.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "app/reports/overview.hpp"
#include "base/time.hpp"
#include "domain/incident/vocabulary.hpp"

namespace firstline::app::reports {

class FiguresTally {
public:
    // Without a span the incident has no standing resolution; without a priority its span counts among all only.
    void add(std::int64_t reassignments, std::int64_t reopens, std::optional<Duration> to_resolve,
             std::optional<domain::Priority> priority);
    [[nodiscard]] Figures figures();  // sorts

private:
    [[nodiscard]] static Hours hours_of(std::vector<std::int64_t>& spans_us);

    std::map<std::int64_t, std::int64_t> by_count_;
    std::int64_t incidents_ = 0, moves_ = 0, reopened_ = 0, reopens_ = 0;
    std::vector<std::int64_t> all_;
    std::array<std::vector<std::int64_t>, domain::kCount<domain::Priority>> by_priority_;
};

}  // namespace firstline::app::reports
