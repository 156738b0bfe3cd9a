// firstline report overview
#include "cli/command.hpp"

namespace firstline::cli {
namespace {

// One figure a line: "recorded.reopened   1234".
void flatten(const json::value& value, const std::string& path, Table& table) {
    if (value.is_object()) {
        for (const auto& member : value.get_object()) {
            flatten(member.value(), path.empty() ? std::string(member.key()) : path + "." + std::string(member.key()),
                    table);
        }
        return;
    }
    table.add({path, value.is_string() ? std::string(value.get_string()) : json::serialize(value)});
}

}  // namespace

void add_report(CLI::App& root, Run& run) {
    CLI::App* report = root.add_subcommand("report", "Figures of the desk.");
    const auto is_json = keep<bool>(false);
    CLI::App* overview =
        add_command(*report, run, "overview", "Incidents by state, priority, channel and more, recorded and derived.",
                    [&run, is_json] {
                        return administer(run, "report.overview", {}, [&](const json::object& figures) {
                            if (*is_json) {
                                print(pretty(figures));
                                return kExitOk;
                            }
                            Table table({"FIGURE", "VALUE"});
                            flatten(figures, "", table);
                            print(table.text());
                            return kExitOk;
                        });
                    });
    add_location(*overview, run);
    overview->add_flag("--json", *is_json, "Print JSON.");
}

}  // namespace firstline::cli
