// firstline demo, firstline demo --remove
#include <cstdlib>

#include "cli/command.hpp"

namespace firstline::cli {
namespace {

struct DemoFlags {
    bool is_remove = false, is_forced = false, is_json = false;
};

int run_remove(Run& run, const DemoFlags& flags) {
    auto answer = run.program.remove_demo(run.flags, flags.is_forced);
    if (!answer) return print_error(answer.error());
    auto removed = parse_object(*answer);
    if (!removed) return print_error(removed.error());
    if (flags.is_json) {
        print(pretty(*removed));
    } else {
        print("Removed " + text_of(*removed, "incidents") + " incidents and " + text_of(*removed, "people") +
              " people. The desk is empty; " + joined(items_of(*removed, "kept")) +
              " can sign in as before. Tokens have ended.");
    }
    return kExitOk;
}

int run_make(Run& run, const DemoFlags& flags) {
    json::object args;
    const char* password = std::getenv("FIRSTLINE_DEMO_PASSWORD");
    if (password != nullptr && *password != '\0') args["password"] = password;
    return administer(run, "demo.make", args, [&](const json::object& made) {
        if (flags.is_json) {
            print(pretty(made));
            return kExitOk;
        }
        if (made.at("is_complete_already").as_bool()) {
            print("The demo desk is here already; firstline demo --remove empties it.");
            return kExitOk;
        }
        print("Demo desk   " + text_of(made, "incidents") + " incidents, " + text_of(made, "people") + " people, " +
              text_of(made, "teams") + " teams, " + text_of(made, "services") + " services");
        const std::string password_text = made.contains("password") && !made.at("password").is_null()
                                              ? "   password " + text_of(made, "password")
                                              : ", with FIRSTLINE_DEMO_PASSWORD";
        print("Agent       " + text_of(made, "agent") + password_text);
        print("Requester   " + text_of(made, "requester") + password_text);
        return kExitOk;
    });
}

}  // namespace

void add_demo(CLI::App& root, Run& run) {
    const auto flags = keep<DemoFlags>();
    CLI::App* command =
        add_command(root, run, "demo",
                    "Fill a desk without incidents with an example; prints an agent's and a requester's sign-in. "
                    "FIRSTLINE_DEMO_PASSWORD sets their password.",
                    [&run, flags] { return flags->is_remove ? run_remove(run, *flags) : run_make(run, *flags); });
    add_location(*command, run);
    CLI::Option* remove = command->add_flag(
        "--remove", flags->is_remove, "Empty a demo desk again: only its administrators stay. Stop the server first.");
    command
        ->add_flag("--force", flags->is_forced, "With --remove: also where incidents or people were added to the demo.")
        ->needs(remove);
    command->add_flag("--json", flags->is_json, "Print JSON.");
}

}  // namespace firstline::cli
