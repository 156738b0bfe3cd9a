// firstline import users | incident-log
#include <filesystem>

#include "cli/command.hpp"

namespace firstline::cli {
namespace {

constexpr std::size_t kProblemsShown = 20;

struct ImportFlags {
    std::string file, mapping, zone, source;
    bool is_json = false;
};

// The process that reads it may stand in another directory.
std::string absolute(const std::string& path) {
    if (path.empty()) return path;
    std::error_code broken;
    const auto whole = std::filesystem::absolute(path, broken);
    return broken ? path : whole.lexically_normal().string();
}

int show_problems(const json::object& done, const ImportFlags& flags, const std::string& summary) {
    const json::array& problems = items_of(done, "problems");
    const std::int64_t count = done.contains("problems_count") ? number_of(done, "problems_count")
                                                               : static_cast<std::int64_t>(problems.size());
    if (flags.is_json) {
        print(pretty(done));
        return count == 0 ? kExitOk : kExitFailed;
    }
    std::size_t shown = 0;
    for (const json::value& item : problems) {
        if (++shown > kProblemsShown) break;
        const json::object& problem = item.as_object();
        const std::string column = text_of(problem, "column");
        print_note(flags.file + ":" + text_of(problem, "line") + ": " + (column.empty() ? "" : column + ": ") +
                   text_of(problem, "reason"));
    }
    if (count > static_cast<std::int64_t>(kProblemsShown)) {
        print_note(
            "… and " + std::to_string(count - static_cast<std::int64_t>(kProblemsShown)) + " more; --json lists " +
            (count > static_cast<std::int64_t>(problems.size()) ? "the first " + std::to_string(problems.size()) + "."
                                                                : "them all."));
    }
    print(summary);
    return count == 0 ? kExitOk : kExitFailed;
}

int run_users(Run& run, const ImportFlags& flags) {
    return administer(run, "import.users", {{"file", absolute(flags.file)}}, [&](const json::object& done) {
        return show_problems(done, flags,
                             text_of(done, "rows") + " rows: " + text_of(done, "created") + " people added, " +
                                 text_of(done, "updated") + " changed, " + text_of(done, "unchanged") +
                                 " as they were, " + std::to_string(items_of(done, "problems").size()) + " refused.");
    });
}

int run_incidents(Run& run, const ImportFlags& flags) {
    json::object args{{"file", absolute(flags.file)},
                      {"mapping", absolute(flags.mapping)},
                      {"zone", flags.zone},
                      {"source", flags.source}};
    return administer(run, "import.incident_log", args, [&](const json::object& done) {
        show_problems(done, flags,
                      text_of(done, "rows") + " rows: " + text_of(done, "incidents") + " incidents added, " +
                          text_of(done, "incidents_known") + " known already, " + text_of(done, "rows_not_understood") +
                          " rows not understood.");
        return kExitOk;  // the file stays importable around what was not understood
    });
}

}  // namespace

void add_import(CLI::App& root, Run& run) {
    CLI::App* import = root.add_subcommand("import", "Bring in people, or another desk's incidents.");
    const auto flags = keep<ImportFlags>();
    CLI::App* users = add_command(
        *import, run, "users",
        "People from a CSV file with a header: key, name, email, phone, language, zone, organization, location, "
        "department, vip, roles, teams, active. Found by key, else by address; repeatable.",
        [&run, flags] { return run_users(run, *flags); });
    CLI::App* incidents =
        add_command(*import, run, "incident-log",
                    "Incidents with their history from CSV, .gz or .zst; may be interrupted and repeated.",
                    [&run, flags] { return run_incidents(run, *flags); });
    for (CLI::App* command : {users, incidents}) {
        command->add_option("file", flags->file, "The file.")->required()->type_name("FILE");
        add_location(*command, run);
        command->add_flag("--json", flags->is_json, "Print JSON, with every row that was not taken.");
    }
    incidents
        ->add_option("--mapping", flags->mapping,
                     "What the columns and values mean. Default: the incident event log of UCI.")
        ->type_name("FILE");
    incidents->add_option("--zone", flags->zone, "Time zone of the file's times, over the mapping's.")
        ->type_name("ZONE");
    incidents->add_option("--source", flags->source, "Name under which its numbers are unique, over the mapping's.")
        ->type_name("NAME");
}

}  // namespace firstline::cli
