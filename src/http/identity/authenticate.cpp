#include "http/identity/authenticate.hpp"

#include <algorithm>

namespace firstline::http {
namespace {

bool is_reading(std::string_view method) { return method == "GET" || method == "HEAD"; }

std::string_view bearer_of(const Request& request) {
    constexpr std::string_view kScheme = "Bearer ";
    std::string_view header = request.header("Authorization");
    if (header.size() < kScheme.size() || !equal_ignoring_case(header.substr(0, kScheme.size()), kScheme)) return {};
    header.remove_prefix(kScheme.size());
    while (!header.empty() && header.front() == ' ') header.remove_prefix(1);
    return header;
}

// "/api/v1/incidents" covers itself and what lies below it.
bool lies_in(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

Status check_scope(const app::Authenticated& caller, const Request& request) {
    if (covers(caller.rights, request.method, request.path)) return {};
    return fail(ErrorKind::forbidden, "auth.forbidden", "The scopes of this token do not cover this request.");
}

}  // namespace

bool covers(app::TokenRights rights, std::string_view method, std::string_view path) {
    using app::TokenRight;
    if (rights.has(TokenRight::all)) return true;
    if (rights.has(TokenRight::read) && is_reading(method)) return true;
    if (!rights.has(TokenRight::incidents)) return false;
    constexpr std::string_view kChanging[]{"/api/v1/incidents", "/api/v1/attachments"};
    constexpr std::string_view kReading[]{"/api/v1/views", "/api/v1/search", "/api/v1/stream", "/api/v1/me"};
    const auto reaches = [&](std::string_view folder) { return lies_in(path, folder); };
    if (std::any_of(std::begin(kChanging), std::end(kChanging), reaches)) return true;
    return is_reading(method) && std::any_of(std::begin(kReading), std::end(kReading), reaches);
}

Authenticate authenticate_by(app::IdentityTools& identity) {
    return [&identity](Call& call, app::Reader& reader) -> Status {
        const app::Credentials credentials{bearer_of(call.request), call.cookie(kSessionCookie)};
        TRY(const auto caller, app::authenticate(reader, identity.tools.desks, credentials, identity.real_time.now()));
        if (!is_reading(call.request.method)) CHECK_OK(app::check_csrf(caller, call.request.header("X-CSRF-Token")));
        CHECK_OK(check_scope(caller, call.request));
        call.session = caller.session;
        call.session_id = caller.session_hash;
        call.is_by_cookie = !caller.session_hash.empty();
        app::keep_alive(identity.tools.store, caller);
        return {};
    };
}

}  // namespace firstline::http
