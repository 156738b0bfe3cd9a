// RFC 3339 texts and local times of zones, case by case.
#include "base/time.hpp"

#include <gtest/gtest.h>

namespace firstline {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

TEST(rfc3339, is_read) {
    struct Row {
        const char* text;
        std::int64_t us;
    };
    const Row rows[]{{"1970-01-01T00:00:00Z", 0},
                     {"1970-01-01t00:00:01z", kSecond},
                     {"1969-12-31T23:59:59.999999Z", -1},
                     {"2026-03-27T16:30:00Z", 1'774'629'000 * kSecond},
                     {"2026-03-27T16:30:00.5Z", 1'774'629'000 * kSecond + 500'000},
                     {"2026-03-27T16:30:00.000001Z", 1'774'629'000 * kSecond + 1},
                     {"2026-03-27T16:30:00.123456789Z", 1'774'629'000 * kSecond + 123'456},
                     {"2026-03-27T17:30:00+01:00", 1'774'629'000 * kSecond},
                     {"2026-03-27T11:00:00-05:30", 1'774'629'000 * kSecond},
                     {"2026-03-28T06:15:00+13:45", 1'774'629'000 * kSecond},
                     {"2026-03-27T16:30:00-00:00", 1'774'629'000 * kSecond},
                     {"2024-02-29T00:00:00Z", 1'709'164'800 * kSecond},
                     {"2000-02-29T00:00:00Z", 951'782'400 * kSecond},
                     {"2016-12-31T23:59:60Z", 1'483'228'799 * kSecond},
                     {"0000-01-01T00:00:00Z", -62'167'219'200 * kSecond},
                     {"9999-12-31T23:59:59Z", 253'402'300'799 * kSecond}};
    for (const Row& row : rows) {
        const auto at = parse_rfc3339(row.text);
        ASSERT_TRUE(at) << row.text;
        EXPECT_EQ(at->us, row.us) << row.text;
    }
}

TEST(rfc3339, is_refused) {
    for (const char* text : {"",
                             "2026",
                             "2026-03-27",
                             "2026-03-27T16:30Z",
                             "2026-03-27T16:30:00",
                             "2026-03-27 16:30:00Z",
                             "2026-03-27T16:30:00 Z",
                             "2026-02-29T00:00:00Z",
                             "1900-02-29T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-01-00T00:00:00Z",
                             "2026-04-31T00:00:00Z",
                             "2026-03-27T24:00:00Z",
                             "2026-03-27T23:60:00Z",
                             "2026-03-27T23:59:61Z",
                             "2026-03-27T16:30:00.Z",
                             "2026-03-27T16:30:00.1234567890Z",
                             "2026-03-27T16:30:00,5Z",
                             "2026-03-27T16:30:00.5",
                             "2026-03-27T16:30:00+24:00",
                             "2026-03-27T16:30:00+01:60",
                             "2026-03-27T16:30:00+0100",
                             "2026-03-27T16:30:00+01",
                             "2026-03-27T16:30:00+01:0",
                             "2026-03-27T16:30:00Zx",
                             "2026-03-27T16:30:00+01:00Z",
                             "+026-03-27T16:30:00Z",
                             "2026-3-27T16:30:00Z",
                             " 2026-03-27T16:30:00Z",
                             "2026-03-27T16:30:00Z ",
                             "2026-03-27T-1:30:00Z",
                             "10000-01-01T00:00:00Z",
                             "2026-03-27T16:30:0\xC2\xB2Z"}) {
        const auto at = parse_rfc3339(text);
        ASSERT_FALSE(at) << text;
        EXPECT_EQ(at.error().code, "time.malformed") << text;
    }
}

TEST(rfc3339, is_written_with_a_fraction_only_where_it_is_not_zero) {
    struct Row {
        std::int64_t us;
        const char* text;
    };
    const Row rows[]{{0, "1970-01-01T00:00:00Z"},
                     {-1, "1969-12-31T23:59:59.999999Z"},
                     {500'000, "1970-01-01T00:00:00.5Z"},
                     {120, "1970-01-01T00:00:00.00012Z"},
                     {1'774'629'000 * kSecond + 10, "2026-03-27T16:30:00.00001Z"},
                     {-62'167'219'200 * kSecond, "0000-01-01T00:00:00Z"},
                     {253'402'300'799 * kSecond, "9999-12-31T23:59:59Z"}};
    for (const Row& row : rows) {
        EXPECT_EQ(to_rfc3339(Instant{row.us}), row.text);
        EXPECT_EQ(parse_rfc3339(row.text)->us, row.us) << row.text;
    }
    std::string out = "at ";
    append_rfc3339(out, Instant{0});
    EXPECT_EQ(out, "at 1970-01-01T00:00:00Z");
}

// What lies outside the four-digit years has no text of its own; it is shown at the edge, never as broken text.
TEST(rfc3339, stays_readable_beyond_its_years) {
    EXPECT_EQ(to_rfc3339(kNever), "9999-12-31T23:59:59.999999Z");
    EXPECT_EQ(to_rfc3339(Instant{INT64_MIN}), "0000-01-01T00:00:00Z");
    // An offset can push an instant over the edge.
    EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:59-01:00"));
    EXPECT_FALSE(parse_rfc3339("0000-01-01T00:00:00+00:01"));
}

TEST(local_times, in_gaps_and_overlaps) {
    struct Row {
        const char* name;
        LocalTime local;
        const char* zone;
        const char* utc;
    };
    const Row rows[]{
        {"winter", {2026, 1, 15, 9, 0, 0}, "Europe/Stockholm", "2026-01-15T08:00:00Z"},
        {"summer", {2026, 7, 15, 9, 0, 0}, "Europe/Stockholm", "2026-07-15T07:00:00Z"},
        {"before the gap", {2026, 3, 29, 1, 59, 59}, "Europe/Stockholm", "2026-03-29T00:59:59Z"},
        {"the gap's first", {2026, 3, 29, 2, 0, 0}, "Europe/Stockholm", "2026-03-29T01:00:00Z"},
        {"in the gap", {2026, 3, 29, 2, 30, 0}, "Europe/Stockholm", "2026-03-29T01:00:00Z"},
        {"after the gap", {2026, 3, 29, 3, 0, 0}, "Europe/Stockholm", "2026-03-29T01:00:00Z"},
        {"repeated: the first", {2026, 10, 25, 2, 30, 0}, "Europe/Stockholm", "2026-10-25T00:30:00Z"},
        {"repeated: its start", {2026, 10, 25, 2, 0, 0}, "Europe/Stockholm", "2026-10-25T00:00:00Z"},
        {"after the repeat", {2026, 10, 25, 3, 0, 0}, "Europe/Stockholm", "2026-10-25T02:00:00Z"},
        {"gap at midnight", {2024, 9, 8, 0, 30, 0}, "America/Santiago", "2024-09-08T04:00:00Z"},
        {"half an hour", {2026, 10, 4, 2, 15, 0}, "Australia/Lord_Howe", "2026-10-03T15:30:00Z"},
        {"half past", {2026, 6, 1, 12, 0, 0}, "Asia/Kolkata", "2026-06-01T06:30:00Z"},
        {"a day that never was", {2011, 12, 30, 12, 0, 0}, "Pacific/Apia", "2011-12-30T10:00:00Z"},
        {"utc", {2016, 2, 29, 1, 16, 0}, "UTC", "2016-02-29T01:16:00Z"},
    };
    for (const Row& row : rows) {
        const auto at = from_local(row.local, row.zone);
        ASSERT_TRUE(at) << row.name;
        EXPECT_EQ(to_rfc3339(*at), row.utc) << row.name;
    }
}

TEST(local_times, refuse_what_does_not_exist) {
    for (const LocalTime& local :
         {LocalTime{2026, 2, 29, 0, 0, 0}, LocalTime{2026, 13, 1, 0, 0, 0}, LocalTime{2026, 0, 1, 0, 0, 0},
          LocalTime{2026, 1, 32, 0, 0, 0}, LocalTime{2026, 1, 1, 24, 0, 0}, LocalTime{2026, 1, 1, 0, 60, 0},
          LocalTime{2026, 1, 1, 0, 0, 60}, LocalTime{2026, 1, 1, -1, 0, 0}, LocalTime{2026, -1, 1, 0, 0, 0},
          LocalTime{2026, 257, 1, 0, 0, 0}, LocalTime{2026, 1, 257, 0, 0, 0}, LocalTime{99999, 1, 1, 0, 0, 0}}) {
        const auto at = from_local(local, "UTC");
        ASSERT_FALSE(at) << local.year << "-" << local.month << "-" << local.day;
        EXPECT_EQ(at.error().code, "time.malformed");
    }
    for (const char* zone : {"", "Mars/Olympus", "europe/stockholm", "../etc/passwd"}) {
        EXPECT_FALSE(is_known_zone(zone)) << zone;
        EXPECT_EQ(from_local({}, zone).error().code, "time.unknown_zone") << zone;
        EXPECT_EQ(to_local({}, zone).error().code, "time.unknown_zone") << zone;
    }
    EXPECT_TRUE(is_known_zone("Europe/Stockholm") && is_known_zone("UTC"));
}

TEST(local_times, read_back) {
    for (const char* zone : {"UTC", "Europe/Stockholm", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata"}) {
        for (std::int64_t hour = 0; hour < 24 * 366; hour += 5) {
            const Instant at{1'767'225'600 * kSecond + hour * 3600 * kSecond};
            const auto local = to_local(at, zone);
            ASSERT_TRUE(local);
            const auto again = from_local(*local, zone);
            ASSERT_TRUE(again);
            // Only the second occurrence of a repeated hour reads back as the first.
            const auto moved = (at.us - again->us) / kSecond;
            EXPECT_TRUE(moved == 0 || moved == 3600 || moved == 1800) << zone << " " << to_rfc3339(at);
        }
    }
    const auto before = to_local(Instant{-1}, "UTC");
    ASSERT_TRUE(before);
    EXPECT_EQ(before->year, 1969);
    EXPECT_EQ(before->second, 59);
}

}  // namespace
}  // namespace firstline
