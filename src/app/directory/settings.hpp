// The desk's settings as rows name → value; each with its bounds and a sentence (architecture.md §5).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/desk/desk.hpp"

namespace firstline::app {

enum class SettingType : std::uint8_t { text, number, zone, team };

struct SettingRow {
    std::string_view name;
    SettingType type;
    std::int64_t min, max;  // of numbers; characters of texts
    std::string_view about;
    std::string (*get)(const domain::Settings&);
    void (*set)(domain::Settings&, std::string_view);
};
[[nodiscard]] std::span<const SettingRow> setting_rows();
[[nodiscard]] const SettingRow* find_setting(std::string_view name);
// Unknown names are ignored: a newer program may have written them.
void set_setting(domain::Settings& settings, std::string_view name, std::string_view value);
// The stored text for a value that a person gave; a team is given by key and stored by id. Error `request.invalid`.
[[nodiscard]] Result<std::string> check_setting(const SettingRow& row, std::string_view value,
                                                const domain::Desk& desk);

}  // namespace firstline::app
