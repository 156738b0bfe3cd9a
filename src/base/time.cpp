#include "base/time.hpp"

#include <date/date.h>
#include <date/tz.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <stdexcept>

namespace firstline {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;
// The first and last instant that four digits of a year can write.
constexpr Instant kTextMin{-62'167'219'200 * kMicrosPerSecond};
constexpr Instant kTextMax{253'402'300'800 * kMicrosPerSecond - 1};

void put_digits(char*& at, int value, int width) {
    for (int i = width - 1; i >= 0; --i) {
        at[i] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    at += width;
}

bool read_digits(std::string_view text, std::size_t from, std::size_t count, int& out) {
    if (from + count > text.size()) return false;
    out = 0;
    for (std::size_t i = from; i < from + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return false;
        out = out * 10 + (text[i] - '0');
    }
    return true;
}

const date::time_zone* find_zone(std::string_view zone) {
    try {
        return date::locate_zone(std::string(zone));
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

tl::unexpected<Error> malformed(std::string_view text) {
    return fail(ErrorKind::invalid, "time.malformed",
                "\"" + std::string(text.substr(0, 40)) + "\" is no RFC 3339 time like 2026-03-27T16:30:00Z.");
}

}  // namespace

void append_rfc3339(std::string& out, Instant at) {
    at = std::clamp(at, kTextMin, kTextMax);
    std::int64_t day = at.us / kMicrosPerDay;
    std::int64_t rest = at.us % kMicrosPerDay;
    if (rest < 0) {
        rest += kMicrosPerDay;
        --day;
    }
    const date::year_month_day ymd{date::sys_days{date::days{static_cast<int>(day)}}};
    std::array<char, 32> buffer{};
    char* p = buffer.data();
    put_digits(p, static_cast<int>(ymd.year()), 4);
    *p++ = '-';
    put_digits(p, static_cast<int>(static_cast<unsigned>(ymd.month())), 2);
    *p++ = '-';
    put_digits(p, static_cast<int>(static_cast<unsigned>(ymd.day())), 2);
    *p++ = 'T';
    const auto second_of_day = static_cast<int>(rest / kMicrosPerSecond);
    auto fraction = static_cast<int>(rest % kMicrosPerSecond);
    put_digits(p, second_of_day / 3600, 2);
    *p++ = ':';
    put_digits(p, second_of_day / 60 % 60, 2);
    *p++ = ':';
    put_digits(p, second_of_day % 60, 2);
    if (fraction != 0) {
        *p++ = '.';
        int width = 6;
        while (fraction % 10 == 0) {
            fraction /= 10;
            --width;
        }
        put_digits(p, fraction, width);
    }
    *p++ = 'Z';
    out.append(buffer.data(), static_cast<std::size_t>(p - buffer.data()));
}

std::string to_rfc3339(Instant at) {
    std::string out;
    append_rfc3339(out, at);
    return out;
}

Result<Instant> parse_rfc3339(std::string_view text) {
    int year{}, month{}, day{}, hour{}, minute{}, second{};
    if (text.size() < 20 || !read_digits(text, 0, 4, year) || text[4] != '-' || !read_digits(text, 5, 2, month) ||
        text[7] != '-' || !read_digits(text, 8, 2, day) || (text[10] != 'T' && text[10] != 't') ||
        !read_digits(text, 11, 2, hour) || text[13] != ':' || !read_digits(text, 14, 2, minute) || text[16] != ':' ||
        !read_digits(text, 17, 2, second)) {
        return malformed(text);
    }
    std::size_t i = 19;
    std::int64_t fraction = 0;
    if (text[i] == '.') {
        std::int64_t unit = kMicrosPerSecond / 10;
        const std::size_t first = ++i;
        for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, unit /= 10) fraction += (text[i] - '0') * unit;
        if (i == first || i - first > 9) return malformed(text);
    }
    if (i >= text.size()) return malformed(text);
    std::int64_t offset_seconds = 0;
    if (text[i] == 'Z' || text[i] == 'z') {
        ++i;
    } else if (text[i] == '+' || text[i] == '-') {
        int offset_hour{}, offset_minute{};
        if (!read_digits(text, i + 1, 2, offset_hour) || i + 3 >= text.size() || text[i + 3] != ':' ||
            !read_digits(text, i + 4, 2, offset_minute) || offset_hour > 23 || offset_minute > 59) {
            return malformed(text);
        }
        offset_seconds = (offset_hour * 3600 + offset_minute * 60) * (text[i] == '-' ? -1 : 1);
        i += 6;
    } else {
        return malformed(text);
    }
    const date::year_month_day ymd{date::year{year}, date::month{static_cast<unsigned>(month)},
                                   date::day{static_cast<unsigned>(day)}};
    if (i != text.size() || !ymd.ok() || hour > 23 || minute > 59 || second > 60) return malformed(text);
    if (second == 60) second = 59;  // a leap second is its predecessor: our days have 86,400 seconds
    const std::int64_t day_number = date::sys_days{ymd}.time_since_epoch().count();
    const Instant at{(day_number * 86'400 + hour * 3600 + minute * 60 + second - offset_seconds) * kMicrosPerSecond +
                     fraction};
    if (at < kTextMin || at > kTextMax) return malformed(text);  // pushed over the edge by its offset
    return at;
}

bool is_known_zone(std::string_view zone) { return find_zone(zone) != nullptr; }

Result<Instant> from_local(const LocalTime& t, std::string_view zone) {
    const date::time_zone* where = find_zone(zone);
    if (where == nullptr) {
        return fail(ErrorKind::invalid, "time.unknown_zone",
                    "\"" + std::string(zone) + "\" is no IANA time zone such as Europe/Stockholm.");
    }
    const date::year_month_day ymd{date::year{t.year}, date::month{static_cast<unsigned>(t.month)},
                                   date::day{static_cast<unsigned>(t.day)}};
    // The parts of a date wrap in a byte: 257 would be January.
    const bool is_date =
        t.year >= 0 && t.year <= 9999 && t.month >= 1 && t.month <= 12 && t.day >= 1 && t.day <= 31 && ymd.ok();
    if (!is_date || t.hour < 0 || t.hour > 23 || t.minute < 0 || t.minute > 59 || t.second < 0 || t.second > 59) {
        return fail(ErrorKind::invalid, "time.malformed", "That date or time does not exist in the calendar.");
    }
    const auto local = date::local_days{ymd} + std::chrono::hours{t.hour} + std::chrono::minutes{t.minute} +
                       std::chrono::seconds{t.second};
    const date::local_info info = where->get_info(local);
    // In a gap `second` begins exactly at the first instant after it; otherwise `first` holds the (first) occurrence.
    if (info.result == date::local_info::nonexistent) {
        return Instant{info.second.begin.time_since_epoch().count() * kMicrosPerSecond};
    }
    const auto utc = local.time_since_epoch() - info.first.offset;
    return Instant{utc.count() * kMicrosPerSecond};
}

Result<LocalTime> to_local(Instant at, std::string_view zone) {
    const date::time_zone* where = find_zone(zone);
    if (where == nullptr) {
        return fail(ErrorKind::invalid, "time.unknown_zone",
                    "\"" + std::string(zone) + "\" is no IANA time zone such as Europe/Stockholm.");
    }
    const date::sys_seconds utc{std::chrono::floor<std::chrono::seconds>(std::chrono::microseconds{at.us})};
    const auto local = where->to_local(utc);
    const auto day = std::chrono::floor<date::days>(local);
    const date::year_month_day ymd{day};
    const auto second = static_cast<int>((local - day).count());
    return LocalTime{static_cast<int>(ymd.year()),
                     static_cast<int>(static_cast<unsigned>(ymd.month())),
                     static_cast<int>(static_cast<unsigned>(ymd.day())),
                     second / 3600,
                     second / 60 % 60,
                     second % 60};
}

}  // namespace firstline
