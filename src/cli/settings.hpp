// What the program may be told, by firstline.toml, environment or flag (architecture.md §5): one row each. What belongs to the
// desk (teams, services, …) lies in the database.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace firstline::cli {

enum class SettingKind : std::uint8_t { text, number, choice, flag, address, networks };

struct SettingRow {
    std::string_view name;  // in the file; FIRSTLINE_NAME in the environment; --name with - for _
    SettingKind kind;
    std::string_view value_name;  // what help calls it
    std::string_view about;       // a sentence
    std::string_view unit;        // "" = none
    std::int64_t min, max;        // of numbers; bytes of texts
    std::string_view choices;     // of a choice: "logfmt|json"
    std::string_view preset;
};
[[nodiscard]] std::span<const SettingRow> setting_rows();
[[nodiscard]] const SettingRow* find_setting(std::string_view name);
// "1 to 64", "logfmt or json"
[[nodiscard]] std::string bounds_of(const SettingRow& row);
// Error `config.invalid`, one sentence that names the setting.
[[nodiscard]] Status check_setting(const SettingRow& row, std::string_view value);

struct ListenAddress {
    std::string address;
    std::uint16_t port = 0;  // 0: a free one
};
// "127.0.0.1:8080", "[::1]:8080", ":8080", "8080". Error `config.invalid`.
[[nodiscard]] Result<ListenAddress> parse_listen(std::string_view text);

}  // namespace firstline::cli
