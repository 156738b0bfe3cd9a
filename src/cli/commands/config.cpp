// firstline config check | show | explain
#include "cli/command.hpp"
#include "cli/settings.hpp"

namespace firstline::cli {
namespace {

std::string environment_name(std::string_view name) {
    std::string out = "FIRSTLINE_";
    for (const char c : name) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

int with_configuration(Run& run, const std::function<int(const json::object&)>& show) {
    auto answer = run.program.configuration(run.flags);
    if (!answer) return print_error(answer.error());
    auto settings = parse_object(*answer);
    if (!settings) return print_error(settings.error());
    return show(*settings);
}

int run_show(Run& run, bool is_json) {
    return with_configuration(run, [&](const json::object& found) {
        if (is_json) {
            print(pretty(found));
            return kExitOk;
        }
        Table table({"SETTING", "VALUE", "FROM"});
        for (const json::value& item : items_of(found, "settings")) {
            const json::object& row = item.as_object();
            table.add({text_of(row, "name"), text_of(row, "value"), text_of(row, "source")});
        }
        print(table.text());
        return kExitOk;
    });
}

json::object explained(const SettingRow& row) {
    return {{"name", std::string(row.name)},      {"about", std::string(row.about)},
            {"unit", std::string(row.unit)},      {"bounds", bounds_of(row)},
            {"default", std::string(row.preset)}, {"environment", environment_name(row.name)}};
}

int run_explain(const std::string& name, bool is_json) {
    json::array rows;
    for (const SettingRow& row : setting_rows()) {
        if (name.empty() || row.name == name) rows.emplace_back(explained(row));
    }
    if (rows.empty()) {
        return print_error(Error{ErrorKind::invalid,
                                 "config.unknown",
                                 "There is no setting \"" + name + "\"; firstline config explain lists all.",
                                 {},
                                 {}});
    }
    if (is_json) {
        print(pretty(json::object{{"settings", rows}}));
        return kExitOk;
    }
    for (const json::value& item : rows) {
        const json::object& row = item.as_object();
        const std::string unit = text_of(row, "unit");
        print(text_of(row, "name") + "\n    " + text_of(row, "about") + "\n    " + text_of(row, "bounds") +
              (unit.empty() ? "" : " " + unit) + "; default " +
              (text_of(row, "default").empty() ? "none" : text_of(row, "default")) + "; environment " +
              text_of(row, "environment"));
    }
    return kExitOk;
}

}  // namespace

void add_config(CLI::App& root, Run& run) {
    CLI::App* config = root.add_subcommand(
        "config", "Settings: flags, then FIRSTLINE_… in the environment, then firstline.toml, then defaults.");
    const auto is_json = keep<bool>(false);
    const auto name = keep<std::string>();
    CLI::App* check = add_command(*config, run, "check", "Say what is wrong with the settings (exit code 2).", [&run] {
        return with_configuration(run, [](const json::object& found) {
            const std::string file = text_of(found, "file");
            print("The settings are in order" +
                  (file.empty() ? std::string(", without a file.") : ", with " + file + "."));
            return kExitOk;
        });
    });
    CLI::App* show = add_command(*config, run, "show", "The settings in force, and where each comes from.",
                                 [&run, is_json] { return run_show(run, *is_json); });
    CLI::App* explain = add_command(*config, run, "explain", "What each setting means, its bounds and default.",
                                    [is_json, name] { return run_explain(*name, *is_json); });
    explain->add_option("name", *name, "Only this one.")->type_name("SETTING");
    for (CLI::App* command : {check, show}) add_location(*command, run);
    for (CLI::App* command : {show, explain}) command->add_flag("--json", *is_json, "Print JSON.");
}

}  // namespace firstline::cli
