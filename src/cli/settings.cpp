#include "cli/settings.hpp"

#include <charconv>

#include "base/network.hpp"

namespace firstline::cli {
namespace {

constexpr std::int64_t kPathBytesMax = 4096;

// clang-format off
constexpr SettingRow kSettings[]{
    {"data",       SettingKind::text,    "DIR",       "The data directory of the embedded database.",                    "", 1, kPathBytesMax, "", "data"},
    {"database",   SettingKind::text,    "URL",       "A PostgreSQL database instead: postgres://user@host/name.",       "", 0, kPathBytesMax, "", ""},
    {"listen",     SettingKind::address, "ADDR:PORT", "Where the server answers HTTP; port 0 takes a free one.",         "", 1, 256,           "", "127.0.0.1:8080"},
    {"trusted_proxies", SettingKind::networks, "NET,...", "Proxies whose X-Forwarded-For is believed; without them the address of the connection counts.", "", 0, kPathBytesMax, "", ""},
    {"workers",    SettingKind::number,  "N",         "Threads that read and decide.",                                   "threads", 1, 64,     "", "4"},
    {"io_threads", SettingKind::number,  "N",         "Threads that hold the connections.",                              "threads", 1, 16,     "", "2"},
    {"log_level",  SettingKind::choice,  "LEVEL",     "The least that is logged.",                                       "", 0, 0,             "debug|info|warning|error", "info"},
    {"log_format", SettingKind::choice,  "FORMAT",    "How a log line is written.",                                      "", 0, 0,             "logfmt|json", "logfmt"},
    {"access_log", SettingKind::flag,    "BOOL",      "Whether every request is logged with its id, status and time.",   "", 0, 0,             "", "true"},
};
// clang-format on

Status refuse(const SettingRow& row, std::string_view value) {
    return fail(ErrorKind::invalid, "config.invalid",
                std::string(row.name) + " is \"" + std::string(value.substr(0, 100)) + "\", but must be " +
                    bounds_of(row) + ".");
}

bool is_choice(std::string_view choices, std::string_view value) {
    while (true) {
        const auto bar = choices.find('|');
        if (choices.substr(0, bar) == value) return true;
        if (bar == std::string_view::npos) return false;
        choices.remove_prefix(bar + 1);
    }
}

bool is_within(const SettingRow& row, std::string_view value) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    return error == std::errc{} && end == value.data() + value.size() && number >= row.min && number <= row.max;
}

}  // namespace

std::span<const SettingRow> setting_rows() { return kSettings; }

const SettingRow* find_setting(std::string_view name) {
    for (const SettingRow& row : kSettings) {
        if (row.name == name) return &row;
    }
    return nullptr;
}

std::string bounds_of(const SettingRow& row) {
    switch (row.kind) {
        case SettingKind::text: return row.min == 0 ? "a text, or nothing" : "a text";
        case SettingKind::number: return std::to_string(row.min) + " to " + std::to_string(row.max);
        case SettingKind::flag: return "true or false";
        case SettingKind::address: return "an address and a port such as 127.0.0.1:8080 or [::1]:8080";
        case SettingKind::networks:
            return "addresses and networks such as 127.0.0.1, 10.0.0.0/8 or 2001:db8::/32, or nothing";
        case SettingKind::choice: break;
    }
    std::string out;
    for (const char c : row.choices) out += c == '|' ? std::string(" or ") : std::string(1, c);
    return out;
}

Status check_setting(const SettingRow& row, std::string_view value) {
    switch (row.kind) {
        case SettingKind::text: {
            const auto size = static_cast<std::int64_t>(value.size());
            const bool fits = size >= row.min && size <= row.max && value.find('\0') == std::string_view::npos;
            return fits ? Status{} : refuse(row, value);
        }
        case SettingKind::number: return is_within(row, value) ? Status{} : refuse(row, value);
        case SettingKind::flag: return value == "true" || value == "false" ? Status{} : refuse(row, value);
        case SettingKind::choice: return is_choice(row.choices, value) ? Status{} : refuse(row, value);
        case SettingKind::address: return parse_listen(value) ? Status{} : refuse(row, value);
        case SettingKind::networks: return parse_networks(value) ? Status{} : refuse(row, value);
    }
    return {};
}

Result<ListenAddress> parse_listen(std::string_view text) {
    const auto refused = [&] {
        return fail(ErrorKind::invalid, "config.invalid",
                    "\"" + std::string(text.substr(0, 100)) +
                        "\" is no address to listen on: write 127.0.0.1:8080 or [::1]:8080.");
    };
    ListenAddress out{"127.0.0.1", 0};
    const auto colon = text.rfind(':');
    std::string_view port = text;
    if (colon != std::string_view::npos) {
        std::string_view address = text.substr(0, colon);
        port = text.substr(colon + 1);
        const bool is_bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
        if (is_bracketed) address = address.substr(1, address.size() - 2);
        if (!is_bracketed && address.find(':') != std::string_view::npos) return refused();
        if (address == "localhost") address = "127.0.0.1";
        if (!address.empty()) out.address = std::string(address);
    }
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (port.empty() || error != std::errc{} || end != port.data() + port.size()) return refused();
    return out;
}

}  // namespace firstline::cli
