// firstline token create | list | revoke
#include "cli/command.hpp"

namespace firstline::cli {
namespace {

struct TokenFlags {
    std::string user, name = "command line", expires_at;
    std::vector<std::string> scopes;
    std::int64_t days = 0, id = 0;
    bool is_json = false;
};

int run_create(Run& run, const TokenFlags& flags) {
    json::object args{{"user", flags.user}, {"name", flags.name}};
    args["scopes"] = json::value_from(flags.scopes);
    if (flags.days > 0) args["days"] = flags.days;
    return administer(run, "token.create", args, [&](const json::object& made) {
        print(flags.is_json ? pretty(made) : text_of(made, "token"));
        return kExitOk;
    });
}

int run_list(Run& run, const TokenFlags& flags) {
    return administer(run, "token.list", {}, [&](const json::object& found) {
        if (flags.is_json) {
            print(pretty(found));
            return kExitOk;
        }
        Table table({"ID", "USER", "SCOPES", "EXPIRES", "LAST USED", "NAME"});
        for (const json::value& item : items_of(found, "items")) {
            const json::object& token = item.as_object();
            table.add({text_of(token, "id"), text_of(token, "user"), joined(items_of(token, "scopes")),
                       text_of(token, "expires_at"), text_of(token, "last_used_at"), text_of(token, "name")});
        }
        print(table.text());
        return kExitOk;
    });
}

int run_revoke(Run& run, const TokenFlags& flags) {
    return administer(run, "token.revoke", {{"id", flags.id}}, [&](const json::object&) {
        print("Token " + std::to_string(flags.id) + " is revoked.");
        return kExitOk;
    });
}

}  // namespace

void add_token(CLI::App& root, Run& run) {
    CLI::App* token = root.add_subcommand("token", "API tokens: create, list, revoke.");
    const auto flags = keep<TokenFlags>();
    CLI::App* create = add_command(*token, run, "create", "Print a new token, and nothing else, on standard output.",
                                   [&run, flags] { return run_create(run, *flags); });
    add_location(*create, run);
    create->add_option("--user", flags->user, "Whose token; it may do what they may do.")->required()->type_name("KEY");
    create
        ->add_option("--scope", flags->scopes,
                     "What it may be used for: '*' all that its person may do, read only reading, write reading and "
                     "changing. May be repeated.")
        ->required()
        ->type_name("SCOPE")
        ->take_all();
    create->add_option("--name", flags->name, "What it is for.")->type_name("TEXT");
    create->add_option("--days", flags->days, "How long it lives, at most 731. Default: 90.")
        ->check(CLI::Range(1, 731))
        ->type_name("N");
    create->add_flag("--json", flags->is_json, "Print JSON: id, token, user, scopes, expires_at.");

    CLI::App* list = add_command(*token, run, "list", "All tokens, without their secrets.",
                                 [&run, flags] { return run_list(run, *flags); });
    add_location(*list, run);
    list->add_flag("--json", flags->is_json, "Print JSON.");

    CLI::App* revoke =
        add_command(*token, run, "revoke", "End a token at once.", [&run, flags] { return run_revoke(run, *flags); });
    add_location(*revoke, run);
    revoke->add_option("id", flags->id, "Its number, as in the list.")->required()->type_name("ID");
}

}  // namespace firstline::cli
