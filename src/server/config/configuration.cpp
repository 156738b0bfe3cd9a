#include "server/config/configuration.hpp"

#include <toml++/toml.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>

#include "cli/settings.hpp"

namespace firstline::server {
namespace {

std::string environment_name(std::string_view name) {
    std::string out = "FIRSTLINE_";
    for (const char c : name) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

std::optional<std::string> from_environment(const std::string& name) {
    const char* given = std::getenv(name.c_str());
    if (given == nullptr || *given == '\0') return std::nullopt;
    return std::string(given);
}

// The file to read: the one that is named, else one beside the data, else one here; "" = none.
std::string choose_file(const cli::Flags& flags) {
    if (const auto found = flags.find("config"); found != flags.end()) return found->second;
    if (auto named = from_environment("FIRSTLINE_CONFIG")) return *named;
    const auto data = flags.find("data");
    std::string directory = data != flags.end() ? data->second : from_environment("FIRSTLINE_DATA").value_or("data");
    for (std::string path : {directory + "/firstline.toml", std::string("firstline.toml")}) {
        if (::access(path.c_str(), F_OK) == 0) return path;
    }
    return {};
}

std::optional<std::string> text_of(const toml::node& node) {
    if (const auto text = node.value<std::string>(); node.is_string()) return text;
    if (node.is_boolean()) return std::string(node.value_or(false) ? "true" : "false");
    if (node.is_integer()) return std::to_string(node.value_or(std::int64_t{0}));
    return std::nullopt;
}

// A list of texts as the environment would write it; nothing where something else is in it.
std::optional<std::string> list_of(const toml::array& items) {
    std::string out;
    for (const toml::node& item : items) {
        if (!item.is_string()) return std::nullopt;
        out += (out.empty() ? "" : ", ") + item.value_or(std::string());
    }
    return out;
}

Result<std::map<std::string, std::string>> read_file(const std::string& path, std::vector<FieldError>& wrong) {
    std::ifstream file(path);
    std::stringstream bytes;
    bytes << file.rdbuf();
    if (!file) return fail(ErrorKind::invalid, "config.unreadable", "The file " + path + " cannot be read.");
    std::map<std::string, std::string> out;
    try {
        const toml::table table = toml::parse(bytes.str(), path);
        for (const auto& [key, node] : table) {
            const std::string name(key.str());
            const cli::SettingRow* row = cli::find_setting(name);
            const bool is_list = row != nullptr && row->kind == cli::SettingKind::networks && node.is_array();
            const auto text = is_list ? list_of(*node.as_array()) : text_of(node);
            if (row == nullptr) {
                wrong.push_back({name, "unknown", "There is no such setting; firstline config explain lists all."});
            } else if (!text) {
                wrong.push_back({name, "type", "A text, a number or true or false is needed."});
            } else {
                out[name] = *text;
            }
        }
    } catch (const toml::parse_error& broken) {
        return fail(
            ErrorKind::invalid, "config.unreadable",
            path + ":" + std::to_string(broken.source().begin.line) + ": " + std::string(broken.description()) + ".");
    }
    return out;
}

}  // namespace

Result<Configuration> Configuration::load(const cli::Flags& flags) {
    Configuration out;
    std::vector<FieldError> wrong;
    out.file_ = choose_file(flags);
    std::map<std::string, std::string> of_file;
    if (!out.file_.empty()) {
        TRY(of_file, read_file(out.file_, wrong));
    }
    for (const cli::SettingRow& row : cli::setting_rows()) {
        const std::string name(row.name);
        SettingValue value{std::string(row.preset), "default"};
        if (const auto found = of_file.find(name); found != of_file.end()) value = {found->second, out.file_};
        if (const auto given = from_environment(environment_name(row.name)))
            value = {*given, environment_name(row.name)};
        if (const auto found = flags.find(name); found != flags.end()) value = {found->second, "flag"};
        if (const Status status = cli::check_setting(row, value.value); !status) {
            wrong.push_back({name, "range", status.error().detail + " (" + value.source + ")"});
        }
        out.values_[name] = std::move(value);
    }
    const std::string& database = out.values_["database"].value;
    if (!database.empty() && !database.starts_with("postgres://") && !database.starts_with("postgresql://")) {
        wrong.push_back(
            {"database", "format", "Write it as postgres://user@host/name (" + out.values_["database"].source + ")."});
    }
    if (!wrong.empty())
        return fail(
            Error{ErrorKind::invalid, "config.invalid", "The settings are not in order.", std::move(wrong), {}});
    return out;
}

std::size_t Configuration::number(std::string_view name) const {
    std::size_t out = 0;
    const std::string& value = text(name);
    std::from_chars(value.data(), value.data() + value.size(), out);
    return out;
}

}  // namespace firstline::server
