// user.list, user.add, user.edit, user.deactivate, user.password
#include "app/directory/users/users.hpp"
#include "app/identity/authenticate.hpp"
#include "app/identity/password/rules.hpp"
#include "app/identity/session/own_account.hpp"
#include "app/jobs/leavers.hpp"
#include "base/crypto.hpp"
#include "server/admin/table.hpp"

namespace firstline::server::admin {
namespace {

constexpr std::int64_t kPage = 200;

json::object to_json(const app::UserAnswer& user) {
    json::array roles, teams;
    for (std::size_t i = 0; i < domain::kCount<domain::Role>; ++i) {
        const auto role = static_cast<domain::Role>(i);
        if (user.person.roles.has(role)) roles.emplace_back(std::string(domain::to_string(role)));
    }
    for (const domain::TeamId id : user.teams) {
        if (const domain::Team* team = user.desk->team(id)) teams.emplace_back(team->key);
    }
    const domain::Organization* organization = user.desk->organization(user.person.organization);
    return {{"key", user.person.key},
            {"name", user.person.name},
            {"email", user.person.email},
            {"phone", user.person.phone},
            {"language", user.person.language},
            {"zone", user.person.zone},
            {"organization", organization == nullptr ? json::value(nullptr) : json::value(organization->key)},
            {"location", user.person.location},
            {"department", user.person.department},
            {"vip", user.person.is_vip},
            {"roles", std::move(roles)},
            {"teams", std::move(teams)},
            {"active", user.person.is_active}};
}

app::UserFields fields_of(Arguments& args) {
    app::UserFields fields;
    fields.name = args.maybe_text("name");
    fields.email = args.maybe_text("email");
    fields.phone = args.maybe_text("phone");
    fields.language = args.maybe_text("language");
    fields.zone = args.maybe_text("zone");
    fields.organization = args.maybe_text("organization");
    fields.location = args.maybe_text("location");
    fields.department = args.maybe_text("department");
    fields.is_vip = args.maybe_flag("vip");
    fields.roles = args.maybe_list("roles");
    fields.teams = args.maybe_list("teams");
    return fields;
}

}  // namespace

Result<json::object> list_users(Call& call) {
    app::UserFilter filter;
    filter.q = call.args.text("q");
    filter.role = call.args.text("role");
    if (!call.args.maybe_flag("inactive_too").value_or(false)) filter.is_active = true;
    CHECK_OK(call.args.check());
    json::array items;
    app::PageRequest page{"", kPage};
    do {
        CHECK_OK(call.node.store().read([&](app::Reader& reader) -> Status {
            TRY(const auto found, app::list_users(reader, call.node.tools(), app::system_session("cli"), filter, page));
            for (const auto& user : found.items) items.emplace_back(to_json(user));
            page.after = found.next;
            return {};
        }));
    } while (!page.after.empty());
    return json::object{{"items", std::move(items)}};
}

Result<json::object> add_user(Call& call) {
    const std::string key = call.args.needed_text("key");
    const app::UserFields fields = fields_of(call.args);
    CHECK_OK(call.args.check());
    TRY(const auto user, run_change(call.node, [&](app::Reader& reader) {
            return app::create_user(reader, call.node.tools(), app::system_session("cli"), key, fields);
        }));
    return to_json(user);
}

Result<json::object> edit_user(Call& call) {
    const std::string key = call.args.needed_text("key");
    app::UserFields fields = fields_of(call.args);
    fields.reactivates = call.args.maybe_flag("active").value_or(false);
    CHECK_OK(call.args.check());
    TRY(const auto user, run_change(call.node, [&](app::Reader& reader) {
            return app::edit_user(reader, call.node.tools(), app::system_session("cli"), key, fields, {});
        }));
    return to_json(user);
}

Result<json::object> deactivate_user(Call& call) {
    const std::string key = call.args.needed_text("key");
    const std::string successor = call.args.text("successor");
    CHECK_OK(call.args.check());
    TRY(const auto user, run_change(call.node, [&](app::Reader& reader) {
            return app::deactivate_user(reader, call.node.tools(), app::system_session("cli"), key, successor);
        }));
    CHECK_OK(app::run_leavers(call.node.tools()));
    return to_json(user);
}

Result<json::object> set_password(Call& call) {
    const std::string key = call.args.needed_text("key");
    const auto given = call.args.maybe_text("password");
    CHECK_OK(call.args.check());
    const std::string password = given ? *given : app::make_password();
    CHECK_OK(app::check_new_password(password, "/password"));
    const std::string stored = hash_password(password);
    TRY(const auto user, run_change(call.node, [&](app::Reader& reader) {
            return app::put_password(reader, call.node.tools(), app::system_session("cli"), key, stored);
        }));
    json::object out{{"key", user.person.key}};
    if (!given) out["password"] = password;
    return out;
}

}  // namespace firstline::server::admin
