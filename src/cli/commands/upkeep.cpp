// firstline verify | reindex | backup | restore
#include <filesystem>

#include "cli/command.hpp"

namespace firstline::cli {
namespace {

constexpr std::size_t kFindingsShown = 50;

struct UpkeepFlags {
    std::string anchor, directory;
    bool is_json = false;
};

std::string absolute(const std::string& path) {
    std::error_code broken;
    const auto whole = std::filesystem::absolute(path, broken);
    return broken ? path : whole.lexically_normal().string();
}

int run_verify(Run& run, const UpkeepFlags& flags) {
    json::object args;
    if (!flags.anchor.empty()) args["anchor"] = flags.anchor;
    return administer(run, "verify", args, [&](const json::object& report) {
        const std::int64_t count = number_of(report, "findings_count");
        if (flags.is_json) {
            print(pretty(report));
            return count == 0 ? kExitOk : kExitFailed;
        }
        std::size_t shown = 0;
        for (const json::value& item : items_of(report, "findings")) {
            if (++shown > kFindingsShown) break;
            const json::object& finding = item.as_object();
            print(text_of(finding, "where") + ": " + text_of(finding, "what") + ": " + text_of(finding, "detail"));
        }
        if (count > static_cast<std::int64_t>(kFindingsShown))
            print("… " + std::to_string(count) + " findings in all; --json lists more.");
        print(std::string(count == 0 ? "Verified: " : "NOT as written: ") + text_of(report, "entries") +
              " entries in " + text_of(report, "chains") + " chains, " + text_of(report, "incidents") + " incidents, " +
              text_of(report, "anchors") + " anchors, " + text_of(report, "redacted_texts") + " redacted texts.");
        if (const std::string last = text_of(report, "last_anchor"); !last.empty())
            print("Keep this anchor elsewhere: " + last);
        return count == 0 ? kExitOk : kExitFailed;
    });
}

int run_restore(Run& run, const UpkeepFlags& flags) {
    auto answer = run.program.restore(run.flags, absolute(flags.directory));
    if (!answer) return print_error(answer.error());
    auto done = parse_object(*answer);
    if (!done) return print_error(done.error());
    print(flags.is_json ? pretty(*done)
                        : "Restored " + text_of(*done, "files") + " files up to entry " + text_of(*done, "position") +
                              " into " + text_of(*done, "directory") + ". Check it with firstline verify.");
    return kExitOk;
}

}  // namespace

void add_upkeep(CLI::App& root, Run& run) {
    const auto flags = keep<UpkeepFlags>();
    CLI::App* verify = add_command(
        root, run, "verify", "Walk all timelines and anchors and say what was changed or taken away (exit code 1).",
        [&run, flags] { return run_verify(run, *flags); });
    verify->add_option("--anchor", flags->anchor, "An anchor kept elsewhere that must still stand.")
        ->type_name("N:HASH");

    CLI::App* reindex = add_command(root, run, "reindex", "Build the search index anew.", [&run, flags] {
        return administer(run, "reindex", {}, [&](const json::object& done) {
            print(flags->is_json ? pretty(done) : "Indexed " + text_of(done, "incidents") + " incidents.");
            return kExitOk;
        });
    });
    CLI::App* backup = add_command(
        root, run, "backup", "Copy the desk into an empty directory, also while the server runs.", [&run, flags] {
            return administer(run, "backup", {{"directory", absolute(flags->directory)}},
                              [&](const json::object& done) {
                                  print(flags->is_json ? pretty(done) : "Backed up to " + text_of(done, "directory"));
                                  return kExitOk;
                              });
        });
    CLI::App* restore = add_command(root, run, "restore", "Write a backup into the empty or missing directory --data.",
                                    [&run, flags] { return run_restore(run, *flags); });
    backup->add_option("directory", flags->directory, "Where to; empty or not there yet.")
        ->required()
        ->type_name("DIR");
    restore->add_option("backup", flags->directory, "The backup.")->required()->type_name("BACKUP");
    for (CLI::App* command : {verify, reindex, backup, restore}) {
        add_location(*command, run);
        command->add_flag("--json", flags->is_json, "Print JSON.");
    }
}

}  // namespace firstline::cli
