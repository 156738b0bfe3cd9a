#include "app/reports/tally.hpp"

#include <algorithm>

namespace firstline::app::reports {
namespace {

constexpr std::int64_t kTenThousand = 10'000;
constexpr std::int64_t kMicrosPerTenThousandthHour = 360'000;

}  // namespace

Decimal4 ratio(std::int64_t numerator, std::int64_t denominator) {
    if (denominator == 0) return {};
    return {(2 * numerator * kTenThousand + denominator) / (2 * denominator)};
}

std::string to_text(const Decimal4& number) {
    if (!number.ten_thousandths) return "null";
    const std::int64_t value = *number.ten_thousandths;
    std::string out = std::to_string(value / kTenThousand);
    std::string fraction = std::to_string(kTenThousand + value % kTenThousand).substr(1);
    while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
    return fraction.empty() ? out : out + "." + fraction;
}

void FiguresTally::add(std::int64_t reassignments, std::int64_t reopens, std::optional<Duration> to_resolve,
                       std::optional<domain::Priority> priority) {
    ++incidents_;
    ++by_count_[reassignments];
    moves_ += reassignments;
    reopened_ += reopens > 0 ? 1 : 0;
    reopens_ += reopens;
    if (!to_resolve) return;
    // A source may record a resolution before the opening; no time is less than none.
    const std::int64_t span = std::max<std::int64_t>(0, to_resolve->us);
    all_.push_back(span);
    if (priority) by_priority_[static_cast<std::size_t>(*priority)].push_back(span);
}

Hours FiguresTally::hours_of(std::vector<std::int64_t>& spans) {
    if (spans.empty()) return {};
    const auto middle = spans.begin() + static_cast<std::ptrdiff_t>(spans.size() / 2);
    std::nth_element(spans.begin(), middle, spans.end());
    const std::int64_t upper = *middle;
    const std::int64_t lower = spans.size() % 2 == 1 ? upper : *std::max_element(spans.begin(), middle);
    // Half the sum of the middle two, in ten-thousandths of an hour, half up.
    const std::int64_t twice = 2 * kMicrosPerTenThousandthHour;
    return {static_cast<std::int64_t>(spans.size()), {(lower + upper + twice / 2) / twice}};
}

Figures FiguresTally::figures() {
    Figures out;
    out.reassignments = {by_count_, ratio(moves_, incidents_), by_count_.empty() ? 0 : by_count_.rbegin()->first};
    out.reopens = {reopened_, ratio(reopened_, incidents_), reopens_};
    out.hours_to_resolve.emplace_back("all", hours_of(all_));
    for (std::size_t i = 0; i < by_priority_.size(); ++i) {
        if (by_priority_[i].empty()) continue;
        out.hours_to_resolve.emplace_back(std::string(domain::to_string(static_cast<domain::Priority>(i))),
                                          hours_of(by_priority_[i]));
    }
    return out;
}

}  // namespace firstline::app::reports
