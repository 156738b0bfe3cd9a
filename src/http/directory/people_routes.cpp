// Users and teams.
#include "app/identity/session/own_account.hpp"
#include "http/api/problem.hpp"
#include "http/directory/routes.hpp"
#include "http/directory/user_json.hpp"

namespace firstline::http {

using app::Reader;
using app::Session;
using app::TeamAnswer;
using app::TeamFields;
using app::Toolbox;
using app::UserAnswer;
using app::UserFields;
using domain::Permission;

namespace {

Status may_create_user(const Session& session) {
    return session.may(Permission::user_edit) ? Status{} : app::need(session, Permission::user_create_caller);
}

Kind<UserAnswer, UserFields> user_kind(Toolbox& tools) {
    Kind<UserAnswer, UserFields> kind{};
    kind.word = "user";
    kind.path = "/api/v1/users";
    kind.one_path = "/api/v1/users/{key}";
    kind.members = user_members();
    kind.may_create = may_create_user;
    kind.may_edit = [](const Session& session) { return app::need(session, Permission::user_edit); };
    kind.read = [&tools](Reader& reader, const Session& session, const std::string& key) {
        return read_user(reader, tools, session, key);
    };
    kind.create = [&tools](Reader& reader, const Session& session, const std::string& key, const UserFields& fields) {
        return create_user(reader, tools, session, key, fields);
    };
    kind.edit = [&tools](Reader& reader, const Session& session, const std::string& key, const UserFields& fields,
                         const app::VersionGuard& guard) {
        return edit_user(reader, tools, session, key, fields, guard);
    };
    kind.decode = decode_user;
    kind.write = write_user;
    kind.key_of = [](const UserAnswer& user) { return user.person.key; };
    kind.version_of = [](const UserAnswer& user) { return user.person.version; };
    return kind;
}

Kind<TeamAnswer, TeamFields> team_kind(Toolbox& tools) {
    Kind<TeamAnswer, TeamFields> kind{};
    kind.word = "team";
    kind.path = "/api/v1/teams";
    kind.one_path = "/api/v1/teams/{key}";
    kind.members = team_members();
    kind.may_create = [](const Session& session) { return app::need(session, Permission::team_edit_any); };
    kind.may_edit = [](const Session& session) { return app::need(session, Permission::team_edit_own); };
    kind.list = [&tools](Reader& reader, const Session& session, std::optional<bool> is_active,
                         const app::PageRequest& page) { return list_teams(reader, tools, session, is_active, page); };
    kind.read = [&tools](Reader& reader, const Session& session, const std::string& key) {
        return read_team(reader, tools, session, key);
    };
    kind.create = [&tools](Reader& reader, const Session& session, const std::string& key, const TeamFields& fields) {
        return create_team(reader, tools, session, key, fields);
    };
    kind.edit = [&tools](Reader& reader, const Session& session, const std::string& key, const TeamFields& fields,
                         const app::VersionGuard& guard) {
        return edit_team(reader, tools, session, key, fields, guard);
    };
    kind.decode = decode_team;
    kind.write = write_team;
    kind.key_of = [](const TeamAnswer& team) { return team.team.key; };
    kind.version_of = [](const TeamAnswer& team) { return team.team.version; };
    return kind;
}

Result<Response> users_page(const Call& call, Reader& reader, Toolbox& tools) {
    CHECK_OK(app::need(call.session, Permission::user_see));
    std::vector<FieldError> errors;
    QueryFields query(call.query, errors);
    TRY(const ListQuery list, ListQuery::read(call, reader, "user", query, user_members(), true));
    app::UserFilter filter;
    filter.is_active = list.is_active;
    if (const auto q = query.one("q")) {
        if (q->empty()) query.refuse("q", "blank", "Give the start of a word.");
        filter.q = *q;
    }
    query.finish();
    CHECK_OK(fields_status(std::move(errors)));
    TRY(const auto page, app::list_users(reader, tools, call.session, filter, list.page));
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const UserAnswer& user : page.items) write_user(json, user, list.fields);
    json.end_array();
    write_next(json, list, page.next);
    json.end_object();
    return json_response(200, json.take());
}

// A change whose commit has something to follow: decided on a worker, answered 204, then `after`.
void run_ending(Toolbox& tools, Call&& from, Responder way_back,
                std::function<Result<app::Runner::Decision>(const Call&, Reader&)> decide,
                std::function<void()> after) {
    struct Running {
        Call call;
        Responder respond;
    };
    const auto running = std::make_shared<Running>(Running{std::move(from), std::move(way_back)});
    tools.runner.run(
        0, running->call.request.deadline,
        [running, decide = std::move(decide)](Reader& reader) { return decide(running->call, reader); },
        [running, after = std::move(after)](const Status& status) {
            running->respond(status ? no_content() : problem_from(status.error(), running->call.request.request_id));
            if (status) after();
        });
}

Result<std::string> read_successor(const Call& call) {
    std::vector<FieldError> errors;
    QueryFields query(call.query, errors);
    const auto successor = query.one("successor");
    if (successor && successor->empty()) query.refuse("successor", "blank", "Name a key.");
    query.finish();
    CHECK_OK(fields_status(std::move(errors)));
    return successor.value_or(std::string());
}

template <class End>
DirectHandler ending_handler(Toolbox& tools, app::LeaversWorker& leavers, Permission permission, End end) {
    return [&tools, &leavers, permission, end](Call&& call, Responder respond) {
        const auto decide = [&tools, permission, end](const Call& from,
                                                      Reader& reader) -> Result<app::Runner::Decision> {
            CHECK_OK(app::need(from.session, permission));
            TRY(const std::string successor, read_successor(from));
            TRY(auto decided, end(reader, tools, from.session, from.param("key"), successor));
            return std::move(decided.change);
        };
        run_ending(tools, std::move(call), std::move(respond), decide, [&leavers] { leavers.wake(); });
    };
}

void set_password_of(app::IdentityTools& identity, const Call& call, Responder way_back) {
    const auto respond = std::make_shared<Responder>(std::move(way_back));
    const std::string request_id = call.request.request_id;
    const auto given = [&]() -> Result<std::string> {
        CHECK_OK(app::need(call.session, Permission::user_edit));
        TRY(const Body body, call.json());
        std::vector<FieldError> errors;
        Fields fields(body.value(), "", errors);
        const auto password = fields.required_text("password");
        fields.finish();
        CHECK_OK(fields_status(std::move(errors)));
        return password.value_or(std::string());
    }();
    if (!given) {
        (*respond)(problem_from(given.error(), request_id));
        return;
    }
    app::set_password(identity, call.session, call.param("key"), *given, call.request.deadline,
                      [respond, request_id](const Status& status) {
                          (*respond)(status ? no_content() : problem_from(status.error(), request_id));
                      });
}

}  // namespace

void add_people_routes(Api& api, app::IdentityTools& identity, app::LeaversWorker& leavers) {
    Toolbox& tools = identity.tools;
    Router& r = api.router();
    add_named_routes(api, user_kind(tools));
    add_named_routes(api, team_kind(tools));
    r.add({"GET", "/api/v1/users", Auth::caller,
           ReadHandler([&tools](Call& call, Reader& reader) { return users_page(call, reader, tools); })});
    r.add({"DELETE", "/api/v1/users/{key}", Auth::caller,
           ending_handler(tools, leavers, Permission::user_edit, app::deactivate_user)});
    r.add({"DELETE", "/api/v1/teams/{key}", Auth::caller,
           ending_handler(tools, leavers, Permission::team_edit_any, app::dissolve_team)});
    r.add({"POST", "/api/v1/users/{key}/password", Auth::caller,
           DirectHandler(
               [&identity](Call&& call, Responder respond) { set_password_of(identity, call, std::move(respond)); })});
}

void add_directory_routes(Api& api, app::IdentityTools& identity, app::LeaversWorker& leavers) {
    add_people_routes(api, identity, leavers);
    add_catalogue_routes(api, identity.tools);
    add_rule_routes(api, identity.tools);
}

}  // namespace firstline::http
