#include "http/identity/authenticate.hpp"

#include "app/identity/authenticate.hpp"

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

}  // namespace

Authenticate authenticate_by(app::IdentityTools& identity) {
    return [&identity](Call& call, app::Reader& reader) -> Status {
        const app::Credentials credentials{bearer_of(call.request), call.cookie(kSessionCookie)};
        TRY(const auto caller, app::authenticate(reader, identity.tools.desks, credentials, identity.real_time.now()));
        if (!is_reading(call.request.method)) CHECK_OK(app::check_csrf(caller, call.request.header("X-CSRF-Token")));
        call.session = caller.session;
        call.session_id = caller.session_hash;
        call.is_by_cookie = !caller.session_hash.empty();
        if (!(call.is_background && call.is_by_cookie)) app::keep_alive(identity.tools.store, caller);
        return {};
    };
}

}  // namespace firstline::http
