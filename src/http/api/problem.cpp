#include "http/api/problem.hpp"

#include "base/utf8.hpp"
#include "http/api/json_writer.hpp"

namespace firstline::http {

unsigned status_of(const Error& error) {
    switch (error.kind) {
        case ErrorKind::invalid: return 422;
        case ErrorKind::malformed: return 400;
        case ErrorKind::unauthenticated: return 401;
        case ErrorKind::forbidden: return 403;
        case ErrorKind::not_found: return 404;
        case ErrorKind::exists: return 409;
        case ErrorKind::stale: return 409;
        case ErrorKind::wrong_state: return 409;
        case ErrorKind::too_large: return 413;
        case ErrorKind::too_many: return 429;
        case ErrorKind::unavailable: return 503;
        case ErrorKind::internal: return 500;
    }
    return 500;
}

Response problem_from(const Error& error, std::string_view request_id) {
    // Some codes have a status of their own within their kind.
    unsigned status = status_of(error);
    if (error.code == "request.unsupported_type") status = 415;
    if (error.code == "precondition.failed") status = 412;
    if (error.code == "method_not_allowed") status = 405;
    // What is wrong inside is for the log, not for the caller.
    const bool is_ours = status == 500;
    JsonWriter json;
    json.begin_object();
    json.key("type").text("about:blank");
    json.key("title").text(reason_phrase(status));
    json.key("status").number(static_cast<std::int64_t>(status));
    json.key("code").text(is_ours ? "server.internal" : error.code);
    json.key("detail").text(is_ours ? "The server has a defect here; the request id finds it in its log."
                                    : to_clean_utf8(error.detail));
    json.key("request_id").text(request_id);
    if (!error.fields.empty()) {
        json.key("fields").begin_array();
        for (const FieldError& field : error.fields) {
            json.begin_object();
            // Messages quote the beginning of what was sent, and a cut may fall within a character.
            json.key("pointer").text(to_clean_utf8(field.pointer));
            json.key("code").text(field.code);
            json.key("detail").text(to_clean_utf8(field.detail));
            json.end_object();
        }
        json.end_array();
    }
    for (const auto& [name, value] : error.extra) json.key(name).raw(value);
    json.end_object();
    Response response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = json.take();
    if (status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
    if (status == 503 || status == 429) response.headers.push_back({"Retry-After", "1"});
    return response;
}

}  // namespace firstline::http
