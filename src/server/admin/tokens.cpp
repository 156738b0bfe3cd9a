// token.create, token.list, token.revoke
#include "app/identity/token/tokens.hpp"
#include "app/identity/authenticate.hpp"
#include "server/admin/table.hpp"

namespace firstline::server::admin {
namespace {

constexpr std::int64_t kPage = 200;

json::array scopes_of(app::TokenRights rights) {
    json::array out;
    for (std::size_t i = 0; i < domain::kCount<app::TokenRight>; ++i) {
        const auto right = static_cast<app::TokenRight>(i);
        if (rights.has(right)) out.emplace_back(std::string(domain::to_string(right)));
    }
    return out;
}

json::object to_json(const app::TokenInfo& token) {
    return {{"id", token.id},
            {"user", token.user_key},
            {"name", token.name},
            {"scopes", scopes_of(token.rights)},
            {"created_at", to_rfc3339(token.created_at)},
            {"expires_at", to_rfc3339(token.expires_at)},
            {"last_used_at", token.last_used_at ? json::value(to_rfc3339(*token.last_used_at)) : json::value(nullptr)}};
}

}  // namespace

Result<json::object> create_token(Call& call) {
    const Instant real_now = call.node.identity().real_time.now();
    app::TokenRequest request;
    request.user = call.args.needed_text("user");
    request.name = call.args.text("name");
    request.scopes = call.args.maybe_list("scopes").value_or(std::vector<std::string>{});
    if (const auto count = call.args.maybe_number("days")) request.expires_at = real_now + days(*count);
    CHECK_OK(call.args.check());
    TRY(const auto made, run_change(call.node, [&](app::Reader& reader) {
            return app::create_token(reader, call.node.tools(), app::system_session("cli"), request, real_now);
        }));
    json::object out = to_json(made.info);
    out["token"] = made.text;
    return out;
}

Result<json::object> list_tokens(Call& call) {
    CHECK_OK(call.args.check());
    json::array items;
    app::PageRequest page{"", kPage};
    do {
        CHECK_OK(call.node.store().read([&](app::Reader& reader) -> Status {
            TRY(const auto found, app::list_tokens(reader, app::system_session("cli"), page));
            for (const auto& token : found.items) items.emplace_back(to_json(token));
            page.after = found.next;
            return {};
        }));
    } while (!page.after.empty());
    return json::object{{"items", std::move(items)}};
}

Result<json::object> revoke_token(Call& call) {
    const std::int64_t id = call.args.maybe_number("id").value_or(0);
    CHECK_OK(call.args.check());
    TRY([[maybe_unused]] const bool done, run_change(call.node, [&](app::Reader& reader) {
            return app::revoke_token(reader, call.node.tools(), app::system_session("cli"), id);
        }));
    return json::object{{"id", id}};
}

}  // namespace firstline::server::admin
