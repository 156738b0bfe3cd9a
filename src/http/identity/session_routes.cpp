// POST and DELETE /session, /me/sessions.
#include <memory>

#include "app/identity/session/sessions.hpp"
#include "http/api/json_writer.hpp"
#include "http/api/problem.hpp"
#include "http/directory/crud.hpp"
#include "http/identity/authenticate.hpp"
#include "http/identity/routes.hpp"

namespace firstline::http {

using app::Reader;

namespace {

constexpr std::size_t kUserCharactersMax = 254;
constexpr std::size_t kPasswordGivenMax = 256;

std::string cookie_of(std::string_view value, std::int64_t seconds, const IdentityOptions& options) {
    std::string out = std::string(kSessionCookie) + "=" + std::string(value) +
                      "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds);
    if (options.has_secure_cookie) out += "; Secure";
    return out;
}

Result<app::SignInRequest> decode_sign_in(const Call& call) {
    TRY(const Body body, call.json());
    std::vector<FieldError> errors;
    QueryFields(call.query, errors).finish();
    Fields fields(body.value(), "", errors);
    const auto user = fields.required_text("user", kUserCharactersMax);
    const auto password = fields.text("password", kPasswordGivenMax);
    if (!fields.has("password")) fields.refuse("password", "required", "This is needed.");
    if (password && password->empty()) fields.refuse("password", "blank", "This must not be empty.");
    fields.finish();
    CHECK_OK(fields_status(std::move(errors)));
    return app::SignInRequest{*user, *password, call.request.remote_address,
                              std::string(call.request.header("User-Agent"))};
}

void add_rate_headers(Response& response, const app::RateState& rate) {
    if (rate.limit == 0) return;
    response.headers.push_back({"RateLimit-Limit", std::to_string(rate.limit)});
    response.headers.push_back({"RateLimit-Remaining", std::to_string(rate.remaining)});
    response.headers.push_back({"RateLimit-Reset", std::to_string(rate.reset_seconds)});
    if (rate.is_allowed) return;
    std::erase_if(response.headers, [](const Header& header) { return header.name == "Retry-After"; });
    response.headers.push_back({"Retry-After", std::to_string(rate.reset_seconds)});
}

Response signed_in(const app::SignedIn& session, const IdentityOptions& options) {
    JsonWriter json;
    json.begin_object();
    json.key("user").begin_object().key("key").text(session.user_key).key("name").text(session.user_name).end_object();
    json.key("csrf_token").text(session.csrf);
    json.key("expires_at").instant(session.expires_at);
    json.end_object();
    Response response = json_response(200, json.take());
    response.headers.push_back(
        {"Set-Cookie", cookie_of(session.cookie, app::kSessionAgeMax.us / seconds(1).us, options)});
    return response;
}

void sign_in(app::IdentityTools& identity, const IdentityOptions& options, const Call& call, Responder way_back) {
    auto request = decode_sign_in(call);
    if (!request) {
        way_back(problem_from(request.error(), call.request.request_id));
        return;
    }
    const auto respond = std::make_shared<Responder>(std::move(way_back));
    app::sign_in(identity, std::move(*request), call.request.deadline,
                 [respond, options, request_id = call.request.request_id](const app::SignInOutcome& outcome) {
                     Response response = outcome.result ? signed_in(*outcome.result, options)
                                                        : problem_from(outcome.result.error(), request_id);
                     add_rate_headers(response, outcome.rate);
                     (*respond)(std::move(response));
                 });
}

Result<Response> sessions_page(const Call& call, Reader& reader, const app::IdentityTools& identity) {
    std::vector<FieldError> errors;
    QueryFields(call.query, errors).finish();
    CHECK_OK(fields_status(std::move(errors)));
    TRY(const auto sessions, app::list_sessions(reader, call.session, call.session_id, identity.real_time.now()));
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const auto& session : sessions) {
        json.begin_object();
        json.key("id").text(session.id);
        json.key("created_at").instant(session.created_at);
        json.key("seen_at").instant(session.seen_at);
        json.key("expires_at").instant(session.expires_at);
        json.key("address").text(session.address);
        json.key("agent").text(session.agent);
        json.key("current").flag(session.is_current);
        json.end_object();
    }
    json.end_array().key("next").null().end_object();
    return json_response(200, json.take());
}

}  // namespace

void add_session_routes(Api& api, app::IdentityTools& identity, IdentityOptions options) {
    Router& r = api.router();
    r.add({"POST", "/api/v1/session", Auth::open, DirectHandler([&identity, options](Call&& call, Responder respond) {
               sign_in(identity, options, call, std::move(respond));
           })});
    r.add({"DELETE", "/api/v1/session", Auth::caller,
           ChangeHandler([&identity, options](Call& call, Reader& reader) -> Result<Outcome> {
               if (!call.is_by_cookie)
                   return fail(ErrorKind::forbidden, "auth.forbidden",
                               "A token has no session to end: revoke the token.");
               TRY(auto decided, app::sign_out(reader, identity.tools, call.session, call.session_id));
               Response response = no_content();
               response.headers.push_back({"Set-Cookie", cookie_of("", 0, options)});
               return Outcome{std::move(decided.change), std::move(response), {}};
           })});
    r.add({"GET", "/api/v1/me/sessions", Auth::caller,
           ReadHandler([&identity](Call& call, Reader& reader) { return sessions_page(call, reader, identity); })});
    r.add({"DELETE", "/api/v1/me/sessions", Auth::caller,
           ChangeHandler([&identity](Call& call, Reader& reader) -> Result<Outcome> {
               TRY(auto decided, app::end_other_sessions(reader, identity.tools, call.session, call.session_id));
               return Outcome{std::move(decided.change), no_content(), {}};
           })});
}

void add_identity_routes(Api& api, app::IdentityTools& identity, IdentityOptions options) {
    add_session_routes(api, identity, options);
    add_me_routes(api, identity);
    add_token_routes(api, identity);
}

}  // namespace firstline::http
