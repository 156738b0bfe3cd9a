// firstline version | completion | man
#include "cli/command.hpp"
#include "cli/describe/describe.hpp"

namespace firstline::cli {

void add_about(CLI::App& root, Run& run) {
    const auto is_json = keep<bool>(false);
    const auto shell = keep<std::string>();
    CLI::App* version = add_command(root, run, "version", "Print the version.", [&run, is_json] {
        const std::string text(run.program.version());
        print(*is_json ? pretty(json::object{{"version", text}}) : "firstline " + text);
        return kExitOk;
    });
    version->add_flag("--json", *is_json, "Print JSON.");
    CLI::App* completion = add_command(
        root, run, "completion", "Print completion for a shell: source <(firstline completion bash).", [&run, shell] {
            print(completion_of(run.root, *shell));
            return kExitOk;
        });
    completion->add_option("shell", *shell, "bash, zsh or fish.")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}))
        ->type_name("SHELL");
    add_command(root, run, "man", "Print the manual page: firstline man | man -l -", [&run] {
        print(man_page_of(run.root, run.program.version()));
        return kExitOk;
    });
}

}  // namespace firstline::cli
