// /tokens: the caller's, an administrator's everybody's.
#include <charconv>

#include "app/identity/token/tokens.hpp"
#include "http/directory/crud.hpp"
#include "http/identity/routes.hpp"

namespace firstline::http {

using app::Reader;
using app::TokenInfo;
using app::TokenRight;

namespace {

void write_token(JsonWriter& json, const TokenInfo& token, const std::string* text) {
    json.begin_object();
    json.key("id").number(token.id);
    json.key("name").text(token.name);
    json.key("user").begin_object().key("key").text(token.user_key).key("name").text(token.user_name).end_object();
    json.key("scopes").begin_array();
    for (std::size_t i = 0; i < domain::kCount<TokenRight>; ++i) {
        if (token.rights.has(static_cast<TokenRight>(i))) json.text(domain::to_string(static_cast<TokenRight>(i)));
    }
    json.end_array();
    json.key("created_at").instant(token.created_at);
    json.key("expires_at").instant(token.expires_at);
    json.key("last_used_at").instant_or_null(token.last_used_at);
    if (text != nullptr) json.key("token").text(*text);
    json.end_object();
}

Result<app::TokenRequest> decode_token(const Call& call) {
    TRY(const Body body, call.json());
    std::vector<FieldError> errors;
    Fields fields(body.value(), "", errors);
    app::TokenRequest out;
    out.name = fields.required_text("name", app::kTokenNameCharactersMax).value_or(std::string());
    out.scopes = fields.texts("scopes", domain::kCount<TokenRight>).value_or(std::vector<std::string>());
    if (!fields.has("scopes")) fields.refuse("scopes", "required", "This is needed.");
    // Null asks for the preset life.
    if (fields.is_null("expires_at")) {
        static_cast<void>(fields.text_or_null("expires_at"));
    } else {
        out.expires_at = fields.instant("expires_at");
    }
    out.user = fields.key("user").value_or(std::string());
    fields.finish();
    CHECK_OK(fields_status(std::move(errors)));
    return out;
}

Result<Response> tokens_page(const Call& call, Reader& reader) {
    std::vector<FieldError> errors;
    QueryFields query(call.query, errors);
    TRY(const ListQuery list, ListQuery::read(call, reader, "token", query, {}, false));
    query.finish();
    CHECK_OK(fields_status(std::move(errors)));
    TRY(const auto page, app::list_tokens(reader, call.session, list.page));
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const TokenInfo& token : page.items) write_token(json, token, nullptr);
    json.end_array();
    write_next(json, list, page.next);
    json.end_object();
    return json_response(200, json.take());
}

Result<std::int64_t> id_of(const Call& call) {
    const std::string& text = call.param("id");
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error == std::errc{} && end == text.data() + text.size() && id > 0) return id;
    return fail(ErrorKind::not_found, "not_found", "There is no such token.");
}

}  // namespace

void add_token_routes(Api& api, app::IdentityTools& identity) {
    Router& r = api.router();
    r.add({"GET", "/api/v1/tokens", Auth::caller,
           ReadHandler([](Call& call, Reader& reader) { return tokens_page(call, reader); })});
    r.add({"POST", "/api/v1/tokens", Auth::caller,
           ChangeHandler([&identity](Call& call, Reader& reader) -> Result<Outcome> {
               TRY(const auto request, decode_token(call));
               TRY(auto decided,
                   app::create_token(reader, identity.tools, call.session, request, identity.real_time.now()));
               JsonWriter json;
               write_token(json, decided.answer.info, &decided.answer.text);
               Response response = json_response(201, json.take());
               response.headers.push_back({"Location", "/api/v1/tokens/" + std::to_string(decided.answer.info.id)});
               return Outcome{std::move(decided.change), std::move(response), {}};
           })});
    r.add({"DELETE", "/api/v1/tokens/{id}", Auth::caller,
           ChangeHandler([&identity](Call& call, Reader& reader) -> Result<Outcome> {
               TRY(const std::int64_t id, id_of(call));
               TRY(auto decided, app::revoke_token(reader, identity.tools, call.session, id));
               return Outcome{std::move(decided.change), no_content(), {}};
           })});
}

}  // namespace firstline::http
