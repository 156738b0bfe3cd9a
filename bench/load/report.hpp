// What a load came to: each answer's latency, and what went wrong.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace firstline::bench {

class LoadReport {
public:
    void add_answer(std::chrono::nanoseconds latency, unsigned status, bool is_expected);
    void add_lost() { ++lost_; }
    void add_unanswered(std::uint64_t count) { unanswered_ += count; }
    // How much later than due the program itself looked at a due request: its own part of the latencies.
    void add_delay(std::chrono::nanoseconds delay) { delay_max_ = std::max(delay_max_, delay); }

    // One JSON object on one line. `rate` is what was answered a second.
    [[nodiscard]] std::string json(double seconds, double cpu_seconds);

private:
    std::vector<std::uint32_t> latencies_us_;
    std::map<unsigned, std::uint64_t> statuses_;
    std::uint64_t unexpected_ = 0;
    std::uint64_t lost_ = 0;        // the connection broke before the whole answer was there
    std::uint64_t unanswered_ = 0;  // due, and not answered when the waiting ended
    std::chrono::nanoseconds delay_max_{};
};

}  // namespace firstline::bench
