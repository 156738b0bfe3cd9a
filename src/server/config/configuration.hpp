// The settings in force (architecture.md §5): flags, then the environment, then firstline.toml, then the defaults.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/port.hpp"

namespace firstline::server {

struct SettingValue {
    std::string value;
    std::string source;  // "default", "flag", "FIRSTLINE_DATA", or the file
};

class Configuration {
public:
    // Errors: `config.invalid` with all that is wrong, `config.unreadable` (the file).
    [[nodiscard]] static Result<Configuration> load(const cli::Flags& flags);

    [[nodiscard]] const std::string& text(std::string_view name) const { return values_.at(std::string(name)).value; }
    [[nodiscard]] std::size_t number(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const { return text(name) == "true"; }
    [[nodiscard]] const std::map<std::string, SettingValue>& values() const { return values_; }
    [[nodiscard]] const std::string& file() const { return file_; }  // "" = none

private:
    std::map<std::string, SettingValue> values_;
    std::string file_;
};

}  // namespace firstline::server
