// firstline init
#include <cstdlib>

#include "cli/command.hpp"

namespace firstline::cli {
namespace {

struct InitFlags {
    std::string admin = "admin", name = "Administrator", email, desk_name, zone = "UTC";
    bool is_json = false;
};

int run_init(Run& run, const InitFlags& flags) {
    json::object args{{"admin", flags.admin},
                      {"name", flags.name},
                      {"email", flags.email},
                      {"desk_name", flags.desk_name},
                      {"zone", flags.zone}};
    const char* password = std::getenv("FIRSTLINE_ADMIN_PASSWORD");
    if (password != nullptr && *password != '\0') args["password"] = password;
    auto answer = run.program.init(run.flags, json::serialize(args));
    if (!answer) return print_error(answer.error());
    auto made = parse_object(*answer);
    if (!made) return print_error(made.error());
    if (flags.is_json) {
        print(pretty(*made));
        return kExitOk;
    }
    const bool is_made = made->contains("password") && !made->at("password").is_null();
    print("Sign in     " + text_of(*made, "user") +
          (is_made ? "   password " + text_of(*made, "password") : ", with FIRSTLINE_ADMIN_PASSWORD"));
    if (is_made)
        print_note("The password is shown this once; firstline user password " + text_of(*made, "user") +
                   " sets another.");
    return kExitOk;
}

}  // namespace

void add_init(CLI::App& root, Run& run) {
    const auto flags = keep<InitFlags>();
    CLI::App* command = add_command(
        root, run, "init",
        "Make a desk with its administrator and print the sign-in. FIRSTLINE_ADMIN_PASSWORD sets the password.",
        [&run, flags] { return run_init(run, *flags); });
    add_location(*command, run);
    command->add_option("--admin", flags->admin, "Key of the administrator. Default: admin.")->type_name("KEY");
    command->add_option("--name", flags->name, "Name of the administrator.")->type_name("NAME");
    command->add_option("--email", flags->email, "Address of the administrator.")->type_name("ADDRESS");
    command->add_option("--desk-name", flags->desk_name, "What the desk is called.")->type_name("NAME");
    command
        ->add_option("--zone", flags->zone, "Time zone of the administrator, such as Europe/Stockholm. Default: UTC.")
        ->type_name("ZONE");
    command->add_flag("--json", flags->is_json, "Print JSON.");
}

}  // namespace firstline::cli
