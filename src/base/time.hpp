// Instants and durations of desk time in integer microseconds UTC; RFC 3339 text; local times of IANA zones.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace firstline {

struct Duration {
    std::int64_t us = 0;
    friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
};
constexpr Duration microseconds(std::int64_t n) { return Duration{n}; }
constexpr Duration milliseconds(std::int64_t n) { return Duration{n * 1'000}; }
constexpr Duration seconds(std::int64_t n) { return Duration{n * 1'000'000}; }
constexpr Duration minutes(std::int64_t n) { return seconds(n * 60); }
constexpr Duration hours(std::int64_t n) { return minutes(n * 60); }
constexpr Duration days(std::int64_t n) { return hours(n * 24); }

struct Instant {
    std::int64_t us = 0;  // since 1970-01-01T00:00:00Z, without leap seconds
    friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
    friend constexpr Instant operator+(Instant at, Duration by) { return Instant{at.us + by.us}; }
    friend constexpr Instant operator-(Instant at, Duration by) { return Instant{at.us - by.us}; }
    friend constexpr Duration operator-(Instant a, Instant b) { return Duration{a.us - b.us}; }
};

// The due time of what has none; sorts last (storage.md §4).
inline constexpr Instant kNever{INT64_MAX};

// "2026-03-27T16:30:00Z", with a fraction only where it is not zero. Years 0000–9999.
[[nodiscard]] std::string to_rfc3339(Instant at);
void append_rfc3339(std::string& out, Instant at);
// RFC 3339 with any offset, 1–6 fraction digits. Error `time.malformed`.
[[nodiscard]] Result<Instant> parse_rfc3339(std::string_view text);

// A local wall time "2016-02-29 01:16" in `zone`. A time in a DST gap means the first instant after it, a repeated one
// its first occurrence (domain.md §4). Error `time.unknown_zone`, `time.malformed` when the date does not exist.
struct LocalTime {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
};
[[nodiscard]] Result<Instant> from_local(const LocalTime& local, std::string_view zone);
[[nodiscard]] Result<LocalTime> to_local(Instant at, std::string_view zone);
[[nodiscard]] bool is_known_zone(std::string_view zone);

}  // namespace firstline
