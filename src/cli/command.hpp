// What the files of cli/commands share: each adds its commands to the tree and says what runs when one is chosen.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/json.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/console.hpp"
#include "cli/port.hpp"

namespace firstline::cli {

namespace json = boost::json;

// One run of the program: what was chosen and with which flags.
struct Run {
    Program& program;
    CLI::App& root;
    Flags flags{};
    std::function<int()> chosen{};
};

// A leaf of the tree; `act` runs after the whole command line was understood and gives the exit code.
CLI::App* add_command(CLI::App& parent, Run& run, const std::string& name, const std::string& about,
                      std::function<int()> act);
// --data, --database, --config: which desk is meant.
void add_location(CLI::App& command, Run& run);
// A setting as a flag of `command`.
void add_setting(CLI::App& command, Run& run, std::string_view name);
// Values that live as long as the tree, one for each option.
template <class T>
std::shared_ptr<T> keep(T value = {}) {
    return std::make_shared<T>(std::move(value));
}

// Opens the desk and runs one command of the admin table, with progress; `show` gets the result.
int administer(Run& run, std::string_view command, const json::object& args,
               const std::function<int(const json::object&)>& show);
// Members of a result; "" and 0 where it is missing.
[[nodiscard]] std::string text_of(const json::object& object, std::string_view name);
[[nodiscard]] std::int64_t number_of(const json::object& object, std::string_view name);
[[nodiscard]] const json::array& items_of(const json::object& object, std::string_view name);
[[nodiscard]] std::string joined(const json::array& items);
[[nodiscard]] Result<json::object> parse_object(std::string_view text);
// Indented JSON, as people and diffs want it.
[[nodiscard]] std::string pretty(const json::value& value, std::size_t depth = 0);

void add_serve(CLI::App& root, Run& run);
void add_init(CLI::App& root, Run& run);
void add_demo(CLI::App& root, Run& run);
void add_user(CLI::App& root, Run& run);
void add_token(CLI::App& root, Run& run);
void add_import(CLI::App& root, Run& run);
void add_report(CLI::App& root, Run& run);
void add_upkeep(CLI::App& root, Run& run);  // verify, reindex, backup, restore
void add_config(CLI::App& root, Run& run);
void add_about(CLI::App& root, Run& run);  // version, completion, man

}  // namespace firstline::cli
