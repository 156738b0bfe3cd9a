// firstline user list | add | edit | deactivate | password
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "cli/command.hpp"

namespace firstline::cli {
namespace {

struct UserFlags {
    std::string key, successor, q, role;
    json::object fields;  // what was given, by member name
    bool is_json = false, is_inactive_too = false;
};

json::object shown(const UserFlags& flags) {
    json::object args = flags.fields;
    args["key"] = flags.key;
    return args;
}

std::string describe(const json::object& user) {
    return text_of(user, "key") + "   " + text_of(user, "name") + "   " + joined(items_of(user, "roles"));
}

std::function<int(const json::object&)> show_user(const UserFlags& flags, const std::string& what) {
    return [&flags, what](const json::object& user) {
        print(flags.is_json ? pretty(user) : what + describe(user));
        return kExitOk;
    };
}

int run_list(Run& run, const UserFlags& flags) {
    json::object args{{"q", flags.q}, {"role", flags.role}, {"inactive_too", flags.is_inactive_too}};
    return administer(run, "user.list", args, [&](const json::object& found) {
        if (flags.is_json) {
            print(pretty(found));
            return kExitOk;
        }
        Table table({"KEY", "NAME", "ROLES", "TEAMS", "ADDRESS", "ACTIVE"});
        for (const json::value& item : items_of(found, "items")) {
            const json::object& user = item.as_object();
            table.add({text_of(user, "key"), text_of(user, "name"), joined(items_of(user, "roles")),
                       joined(items_of(user, "teams")), text_of(user, "email"),
                       text_of(user, "active") == "true" ? "yes" : "no"});
        }
        print(table.text());
        return kExitOk;
    });
}

// From the environment, else asked for on a terminal without showing it, else the first line of standard input.
Result<std::string> read_password() {
    if (const char* given = std::getenv("FIRSTLINE_USER_PASSWORD"); given != nullptr && *given != '\0')
        return std::string(given);
    if (::isatty(STDIN_FILENO) == 1) {
        const char* typed = ::getpass("New password (empty: one is made): ");
        return std::string(typed == nullptr ? "" : typed);
    }
    std::string line;
    std::getline(std::cin, line);
    return line;
}

int run_password(Run& run, const UserFlags& flags) {
    auto password = read_password();
    if (!password) return print_error(password.error());
    json::object args{{"key", flags.key}};
    if (!password->empty()) args["password"] = *password;
    return administer(run, "user.password", args, [&](const json::object& done) {
        if (flags.is_json) {
            print(pretty(done));
        } else if (done.contains("password")) {
            print("Sign in     " + flags.key + "   password " + text_of(done, "password"));
        } else {
            print("The password of " + flags.key + " is set; their sessions have ended.");
        }
        return kExitOk;
    });
}

void add_text(CLI::App& command, const std::shared_ptr<UserFlags>& flags, const std::string& name,
              const std::string& about) {
    command
        .add_option_function<std::string>(
            "--" + name, [flags, name](const std::string& value) { flags->fields[name] = value; }, about)
        ->type_name("TEXT");
}

void add_list(CLI::App& command, const std::shared_ptr<UserFlags>& flags, const std::string& flag,
              const std::string& member, const std::string& about) {
    command
        .add_option_function<std::vector<std::string>>(
            flag,
            [flags, member](const std::vector<std::string>& values) {
                flags->fields[member] = json::value_from(values);
            },
            about)
        ->type_name("KEY")
        ->take_all()
        ->delimiter(',');
}

void add_fields(CLI::App& command, const std::shared_ptr<UserFlags>& flags) {
    add_text(command, flags, "name", "Full name.");
    add_text(command, flags, "email", "E-mail address.");
    add_text(command, flags, "phone", "Telephone number.");
    add_text(command, flags, "language", "Language, such as en or sv.");
    add_text(command, flags, "zone", "Time zone, such as Europe/Stockholm.");
    add_text(command, flags, "organization", "Key of the organization.");
    add_text(command, flags, "location", "Where they work.");
    add_text(command, flags, "department", "Department.");
    add_list(
        command, flags, "--role", "roles",
        "All of their roles: requester, agent, team_lead, incident_manager, problem_manager, knowledge_editor, auditor, admin.");
    add_list(command, flags, "--team", "teams", "All of their teams, the first one first.");
    command.add_flag_function(
        "--vip,!--no-vip", [flags](std::int64_t count) { flags->fields["vip"] = count > 0; },
        "Whether they are a VIP.");
    command.add_flag("--json", flags->is_json, "Print JSON.");
}

}  // namespace

void add_user(CLI::App& root, Run& run) {
    CLI::App* user = root.add_subcommand("user", "People: list, add, edit, deactivate, password.");
    const auto flags = keep<UserFlags>();
    CLI::App* list =
        add_command(*user, run, "list", "People of the desk.", [&run, flags] { return run_list(run, *flags); });
    add_location(*list, run);
    list->add_option("--search", flags->q, "Only whose key, name or address begins with it.")->type_name("TEXT");
    list->add_option("--role", flags->role, "Only who has this role.")->type_name("ROLE");
    list->add_flag("--inactive", flags->is_inactive_too, "Also who has left.");
    list->add_flag("--json", flags->is_json, "Print JSON.");

    CLI::App* add = add_command(
        *user, run, "add", "Add a person; they sign in once they have a password.",
        [&run, flags] { return administer(run, "user.add", shown(*flags), show_user(*flags, "Added       ")); });
    CLI::App* edit = add_command(*user, run, "edit", "Change what is given, leave the rest.", [&run, flags] {
        return administer(run, "user.edit", shown(*flags), show_user(*flags, "Changed     "));
    });
    CLI::App* leave = add_command(
        *user, run, "deactivate", "End a person's access; their open incidents go back to the team.", [&run, flags] {
            return administer(run, "user.deactivate", {{"key", flags->key}, {"successor", flags->successor}},
                              show_user(*flags, "Deactivated "));
        });
    CLI::App* password =
        add_command(*user, run, "password",
                    "Set a password: asked for, from standard input or FIRSTLINE_USER_PASSWORD; none given makes one.",
                    [&run, flags] { return run_password(run, *flags); });
    for (CLI::App* command : {add, edit, leave, password}) {
        command->add_option("key", flags->key, "Whom: their key.")->required()->type_name("KEY");
        add_location(*command, run);
    }
    add_fields(*add, flags);
    add_fields(*edit, flags);
    edit->add_flag_function(
        "--activate", [flags](std::int64_t) { flags->fields["active"] = true; },
        "Give a person who left their access back.");
    leave->add_option("--successor", flags->successor, "Who takes over where the person is named.")->type_name("KEY");
    leave->add_flag("--json", flags->is_json, "Print JSON.");
    password->add_flag("--json", flags->is_json, "Print JSON.");
}

}  // namespace firstline::cli
