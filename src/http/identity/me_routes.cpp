// GET and PATCH /me: who am I and what may I do.
#include <memory>

#include "app/identity/session/own_account.hpp"
#include "app/identity/session/sessions.hpp"
#include "http/api/json_writer.hpp"
#include "http/api/problem.hpp"
#include "http/directory/user_json.hpp"
#include "http/identity/routes.hpp"

namespace firstline::http {

using namespace domain;
using app::Reader;

namespace {

// What a page may offer the caller: allowed in at least one standing to things.
bool may_somewhere(Roles roles, Permission permission) {
    for (std::size_t i = 0; i < kCount<Scope>; ++i) {
        if (domain::may(roles, permission, static_cast<Scope>(i))) return true;
    }
    return false;
}

std::string me_json(const app::UserAnswer& me, const app::Session& session, const std::string& csrf) {
    JsonWriter json;
    const WantedFields all;
    {
        Item item(json, all);
        write_user_members(item, me);
        json.key("abilities").begin_array();
        for (std::size_t i = 0; i < kCount<Permission>; ++i) {
            const auto permission = static_cast<Permission>(i);
            if (may_somewhere(session.caller.roles, permission)) json.text(to_string(permission));
        }
        json.end_array();
        json.key("csrf_token").text_or_null(csrf);
    }
    return json.take();
}

Result<std::string> csrf_of(const Call& call, Reader& reader) {
    if (!call.is_by_cookie) return std::string();
    return app::load_csrf(reader, call.session_id);
}

Result<app::EditMeRequest> decode_edit(const Call& call) {
    TRY(const Body body, call.json());
    std::vector<FieldError> errors;
    need_some_member(body, errors);
    Fields fields(body.value(), "", errors);
    app::EditMeRequest out;
    out.phone = fields.text_or_null("phone", app::kPhoneCharactersMax);
    out.language = fields.text("language", app::kLanguageBytesMax);
    out.zone = fields.text("zone", app::kPhoneCharactersMax);
    out.password = fields.text("password");
    out.current_password = fields.text("current_password");
    fields.finish();
    CHECK_OK(fields_status(std::move(errors)));
    out.session_hash = call.session_id;
    return out;
}

void edit_me(app::IdentityTools& identity, Call&& from, Responder way_back) {
    struct Running {
        Call call;
        Responder respond;
    };
    const auto running = std::make_shared<Running>(Running{std::move(from), std::move(way_back)});
    auto request = decode_edit(running->call);
    if (!request) {
        running->respond(problem_from(request.error(), running->call.request.request_id));
        return;
    }
    app::edit_me(identity, running->call.session, std::move(*request), running->call.request.deadline,
                 [running, &identity](const Result<app::UserAnswer>& answer) {
                     const Call& call = running->call;
                     if (!answer) {
                         running->respond(problem_from(answer.error(), call.request.request_id));
                         return;
                     }
                     // The session's CSRF token is read after the commit, on a worker.
                     const auto csrf = std::make_shared<std::string>();
                     identity.tools.runner.run(
                         0, call.request.deadline,
                         [running, csrf](Reader& reader) -> Result<app::Runner::Decision> {
                             TRY(*csrf, csrf_of(running->call, reader));
                             return std::nullopt;
                         },
                         [running, csrf, me = *answer](const Status& status) {
                             running->respond(status ? json_response(200, me_json(me, running->call.session, *csrf))
                                                     : problem_from(status.error(), running->call.request.request_id));
                         });
                 });
}

}  // namespace

void add_me_routes(Api& api, app::IdentityTools& identity) {
    Router& r = api.router();
    r.add({"GET", "/api/v1/me", Auth::caller, ReadHandler([&identity](Call& call, Reader& reader) -> Result<Response> {
               std::vector<FieldError> errors;
               QueryFields(call.query, errors).finish();
               CHECK_OK(fields_status(std::move(errors)));
               TRY(const auto me, app::read_me(reader, identity.tools, call.session));
               TRY(const std::string csrf, csrf_of(call, reader));
               return json_response(200, me_json(me, call.session, csrf));
           })});
    r.add({"PATCH", "/api/v1/me", Auth::caller, DirectHandler([&identity](Call&& call, Responder respond) {
               edit_me(identity, std::move(call), std::move(respond));
           })});
}

}  // namespace firstline::http
