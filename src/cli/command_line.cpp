#include "cli/command_line.hpp"

#include "cli/command.hpp"

namespace firstline::cli {
namespace {

constexpr std::string_view kAfterHelp =
    "Start here:\n"
    "  firstline serve --data DIR           an empty directory becomes a desk; prints the sign-in\n"
    "  firstline demo --data DIR            fills it with an example desk\n"
    "  firstline token create --data DIR --user admin --scope '*'\n"
    "\n"
    "Every command has --help. Commands also work while a server runs on the directory,\n"
    "all but restore and demo --remove.\n"
    "Exit codes: 0 done, 1 failed or found something, 2 wrong input, 3 desk not reachable, 4 refused.";

void build(CLI::App& root, Run& run) {
    root.require_subcommand(0, 1);
    root.footer(std::string(kAfterHelp));
    add_serve(root, run);
    add_init(root, run);
    add_demo(root, run);
    add_user(root, run);
    add_token(root, run);
    add_import(root, run);
    add_report(root, run);
    add_upkeep(root, run);
    add_config(root, run);
    add_about(root, run);
}

const CLI::App* deepest(const CLI::App& app) {
    const CLI::App* at = &app;
    while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
    return at;
}

std::string path_of(const CLI::App& app) {
    std::string out = app.get_name();
    for (const CLI::App* at = app.get_parent(); at != nullptr; at = at->get_parent()) out = at->get_name() + " " + out;
    return out;
}

}  // namespace

int run(int argc, const char* const* argv, Program& program) {
    CLI::App root("Firstline carries IT incidents from detection to a closure that the user has confirmed.",
                  "firstline");
    Run run{program, root};
    build(root, run);
    try {
        root.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        print(root.help());
        return kExitOk;
    } catch (const CLI::ParseError& wrong) {
        print_note(std::string("error: ") + wrong.what());
        print_note("Try " + path_of(*deepest(root)) + " --help");
        return kExitUsage;
    }
    if (run.chosen) return run.chosen();
    print_note(root.help());
    return kExitUsage;
}

}  // namespace firstline::cli
