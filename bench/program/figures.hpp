// What a part of the benchmark tells: one JSON object a line on the standard output, for bench/driver.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace firstline::bench {

// One figure of one run. `unit`: us, ms, s, per_s, count, ratio. `cpu_us`: CPU of the program and of the database's server per
// operation; below 0: not measured.
struct Figure {
    std::string letter, what, unit;
    double value = 0;
    double cpu_us = -1;
    std::int64_t operations = 0;
};
void print(const Figure& figure);
// Something to be read beside the figures: rows of a unit, sizes.
void print_note(std::string_view letter, std::string_view text);

// The p-th percentile (0–100) by linear interpolation. `values` is sorted.
[[nodiscard]] double percentile(std::vector<double>& values, double p);

// CPU seconds of this process and, where its number is known, of the database's server with all its children.
class CpuClock {
public:
    explicit CpuClock(int postmaster) : postmaster_(postmaster) { restart(); }
    void restart();
    [[nodiscard]] double seconds() const { return now() - begun_; }
    [[nodiscard]] double wall_seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_begun_).count();
    }

private:
    [[nodiscard]] double now() const;
    int postmaster_;
    double begun_ = 0;
    std::chrono::steady_clock::time_point wall_begun_;
};

}  // namespace firstline::bench
