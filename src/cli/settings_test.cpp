// Settings: every row by its bounds, and the words of a refusal.
#include "cli/settings.hpp"

#include <gtest/gtest.h>

namespace firstline::cli {
namespace {

TEST(Settings, ListenAddresses) {
    struct Case {
        std::string_view text, address;
        int port;  // -1: refused
    };
    constexpr Case kCases[]{
        {"127.0.0.1:8080", "127.0.0.1", 8080},
        {"[::1]:80", "::1", 80},
        {"[::]:0", "::", 0},
        {":9000", "127.0.0.1", 9000},
        {"9000", "127.0.0.1", 9000},
        {"localhost:1", "127.0.0.1", 1},
        {"0.0.0.0:65535", "0.0.0.0", 65535},
        {"0.0.0.0:65536", "", -1},
        {"::1:80", "", -1},
        {"", "", -1},
        {"127.0.0.1:", "", -1},
        {"127.0.0.1:x", "", -1},
        {"127.0.0.1:-1", "", -1},
        {"127.0.0.1:80 ", "", -1},
    };
    for (const Case& one : kCases) {
        const auto listen = parse_listen(one.text);
        ASSERT_EQ(listen.has_value(), one.port >= 0) << one.text;
        if (!listen) {
            EXPECT_EQ(listen.error().code, "config.invalid");
            continue;
        }
        EXPECT_EQ(listen->address, one.address) << one.text;
        EXPECT_EQ(listen->port, one.port) << one.text;
    }
}

TEST(Settings, PresetsAreWithinTheirBounds) {
    for (const SettingRow& row : setting_rows()) {
        EXPECT_TRUE(check_setting(row, row.preset)) << row.name;
        EXPECT_EQ(find_setting(row.name), &row);
        EXPECT_FALSE(row.about.empty());
    }
    EXPECT_EQ(find_setting("colour"), nullptr);
}

TEST(Settings, RefusesWhatIsOutOfBounds) {
    struct Case {
        std::string_view name, value;
        bool fits;
    };
    constexpr Case kCases[]{{"workers", "64", true},
                            {"workers", "65", false},
                            {"workers", "0", false},
                            {"workers", "4x", false},
                            {"log_format", "json", true},
                            {"log_format", "logfmt|json", false},
                            {"log_format", "", false},
                            {"access_log", "yes", false},
                            {"data", "", false},
                            {"database", "", true},
                            {"listen", "nowhere", false},
                            {"trusted_proxies", "", true},
                            {"trusted_proxies", "127.0.0.1, ::1 10.0.0.0/8", true},
                            {"trusted_proxies", "10.0.0.1/8", false},
                            {"trusted_proxies", "proxy", false}};
    for (const Case& one : kCases) {
        const Status status = check_setting(*find_setting(one.name), one.value);
        EXPECT_EQ(status.has_value(), one.fits) << one.name << " " << one.value;
        if (!status) {
            EXPECT_NE(status.error().detail.find(one.name), std::string::npos);
        }
    }
}

}  // namespace
}  // namespace firstline::cli
