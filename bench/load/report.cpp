#include "load/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace firstline::bench {
namespace {

// The smallest latency that `share` of all do not exceed, in milliseconds; `sorted` is not empty.
double percentile_ms(const std::vector<std::uint32_t>& sorted, double share) {
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
    return static_cast<double>(sorted[std::min(rank, sorted.size() - 1)]) / 1000.0;
}

}  // namespace

void LoadReport::add_answer(std::chrono::nanoseconds latency, unsigned status, bool is_expected) {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(latency).count();
    constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
    latencies_us_.push_back(static_cast<std::uint32_t>(std::clamp<std::int64_t>(us, 0, kMost)));
    ++statuses_[status];
    if (!is_expected) ++unexpected_;
}

std::string LoadReport::json(double seconds, double cpu_seconds) {
    std::sort(latencies_us_.begin(), latencies_us_.end());
    const auto count = latencies_us_.size();
    std::string out = fmt::format("{{\"count\":{},\"errors\":{},\"seconds\":{:.6f},\"rate\":{:.1f}", count,
                                  unexpected_ + lost_ + unanswered_, seconds, static_cast<double>(count) / seconds);
    out += fmt::format(",\"lost\":{},\"unanswered\":{},\"statuses\":{{", lost_, unanswered_);
    const char* comma = "";
    for (const auto& [status, times] : statuses_) {
        out += fmt::format("{}\"{}\":{}", comma, status, times);
        comma = ",";
    }
    out += "}";
    if (count > 0) {
        out += fmt::format(
            ",\"p50_ms\":{:.3f},\"p90_ms\":{:.3f},\"p99_ms\":{:.3f},\"p999_ms\":{:.3f},\"max_ms\":{:.3f}",
            percentile_ms(latencies_us_, 0.5), percentile_ms(latencies_us_, 0.9), percentile_ms(latencies_us_, 0.99),
            percentile_ms(latencies_us_, 0.999), percentile_ms(latencies_us_, 1));
    }
    return out + fmt::format(",\"own_cpu_seconds\":{:.6f},\"own_delay_max_ms\":{:.3f}}}", cpu_seconds,
                             static_cast<double>(delay_max_.count()) / 1e6);
}

}  // namespace firstline::bench
