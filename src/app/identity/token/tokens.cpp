#include "app/identity/token/tokens.hpp"

#include <charconv>

#include "app/directory/audit.hpp"
#include "app/directory/config_change.hpp"
#include "app/directory/people.hpp"
#include "base/text.hpp"
#include "domain/incident/decide.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::string_view kPrefix = "flt_";
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kTokenBytesMax = 128;

TokenInfo info_from_row(const Row& row) {
    TokenInfo info;
    info.id = row.integer(0);
    info.user = row.id<UserId>(1);
    info.user_key = row.text(2);
    info.user_name = row.text(3);
    info.name = row.text(4);
    info.rights = rights_from_text(row.text(5));
    info.created_at = row.instant(6);
    info.expires_at = row.instant(7);
    info.last_used_at = row.instant_or_none(8);
    return info;
}

Result<Person> owner_of(Reader& reader, const Session& session, const TokenRequest& request, FieldErrors& errors) {
    const bool is_own = request.user.empty() || request.user == session.key;
    if (!is_own) CHECK_OK(need(session, Permission::token_any));
    if (is_own) CHECK_OK(need(session, Permission::token_own));
    std::optional<Person> person;
    if (request.user.empty()) {
        TRY(person, find_person(reader, session.user()));
    } else {
        TRY(person, find_person(reader, request.user));
    }
    errors.need(person.has_value(), "/user", "not_found", "There is no such person.");
    errors.need(!person || person->is_active, "/user", "inactive", "This person has left.");
    return person.value_or(Person{});
}

TokenRights check_request(const TokenRequest& request, Instant real_now, FieldErrors& errors) {
    errors.need(!is_blank(request.name), "/name", "blank", "Say what the token is for.");
    errors.need(count_characters(request.name) <= kTokenNameCharactersMax, "/name", "too_long",
                "At most " + std::to_string(kTokenNameCharactersMax) + " characters.");
    TokenRights rights;
    for (std::size_t i = 0; i < request.scopes.size(); ++i) {
        const auto right = parse_word<TokenRight>(request.scopes[i]);
        const std::string place = "/scopes/" + std::to_string(i);
        errors.need(right.has_value(), place, "enum", "A scope is one of *, read, write.");
        errors.need(!right || !rights.has(*right), place, "duplicate", "Name each scope once.");
        if (right) rights.add(*right);
    }
    errors.need(!request.scopes.empty(), "/scopes", "required", "A token needs at least one scope.");
    if (request.expires_at) {
        errors.need(*request.expires_at > real_now, "/expires_at", "range", "This is over already.");
        errors.need(*request.expires_at <= real_now + kTokenLifeMax, "/expires_at", "range",
                    "A token lives two years at most.");
    }
    return rights;
}

}  // namespace

std::string to_text(TokenRights rights) {
    std::string out;
    for (std::size_t i = 0; i < kCount<TokenRight>; ++i) {
        if (!rights.has(static_cast<TokenRight>(i))) continue;
        if (!out.empty()) out.push_back(',');
        out += to_string(static_cast<TokenRight>(i));
    }
    return out;
}

TokenRights rights_from_text(std::string_view text) {
    TokenRights rights;
    while (!text.empty()) {
        const auto comma = text.find(',');
        if (const auto right = parse_word<TokenRight>(text.substr(0, comma))) rights.add(*right);
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    }
    return rights;
}

std::optional<ParsedToken> parse_token(std::string_view text) {
    if (!text.starts_with(kPrefix) || text.size() > kTokenBytesMax) return std::nullopt;
    text.remove_prefix(kPrefix.size());
    const auto cut = text.find('_');
    if (cut == std::string_view::npos || text.size() == cut + 1) return std::nullopt;
    ParsedToken out;
    const auto [end, error] = std::from_chars(text.data(), text.data() + cut, out.id);
    if (error != std::errc{} || end != text.data() + cut || out.id < 1) return std::nullopt;
    out.secret_hash = std::string(as_bytes(sha256(text.substr(cut + 1))));
    return out;
}

Result<Decided<CreatedToken>> create_token(Reader& reader, Toolbox& tools, const Session& session,
                                           const TokenRequest& request, Instant real_now) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    FieldErrors errors;
    TRY(const Person owner, owner_of(reader, session, request, errors));
    const TokenRights rights = check_request(request, real_now, errors);
    CHECK_OK(errors.result());

    CreatedToken out;
    TRY(out.info.id, tools.store.next_id(IdKind::token));
    const std::string secret = to_base64url(random_bytes(kSecretBytes));
    out.text = std::string(kPrefix) + std::to_string(out.info.id) + "_" + secret;
    out.info.user = owner.id;
    out.info.user_key = owner.key;
    out.info.user_name = owner.name;
    out.info.name = std::string(trim(request.name));
    out.info.rights = rights;
    out.info.created_at = real_now;
    out.info.expires_at = request.expires_at.value_or(real_now + kTokenLifeDefault);

    TRY(auto entry, audit_entry(reader, *desk, session, tools.clock.now(),
                                {"token",
                                 out.info.id,
                                 1,
                                 "create",
                                 {{"user", owner.id.value}, {"scopes", to_text(rights)}},
                                 {{"name", out.info.name}}}));
    Change change;
    change.config_version = desk->config_version;
    change.writes.push_back({"token.insert",
                             {out.info.id, Blob{std::string(as_bytes(sha256(secret)))}, owner.id.value, out.info.name,
                              to_text(rights), real_now.us, out.info.expires_at.us},
                             OnConflict::stale});
    change.entries.push_back(std::move(entry));
    return Decided<CreatedToken>{std::move(change), std::move(out)};
}

Result<Page<TokenInfo>> list_tokens(Reader& reader, const Session& session, const PageRequest& page) {
    CHECK_OK(need(session, Permission::token_own));
    Page<TokenInfo> out;
    std::int64_t after = 0;
    std::from_chars(page.after.data(), page.after.data() + page.after.size(), after);
    const auto take = [&](const Row& row) {
        out.add(page, info_from_row(row), [](const TokenInfo& token) { return std::to_string(token.id); });
        return true;
    };
    if (session.may(Permission::token_any)) {
        CHECK_OK(reader.query("token.all", {after, page.limit + 1}, take));
    } else {
        CHECK_OK(reader.query("token.of_user", {session.user().value, after, page.limit + 1}, take));
    }
    return out;
}

Result<Decided<bool>> revoke_token(Reader& reader, Toolbox& tools, const Session& session, std::int64_t id) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    std::optional<TokenInfo> token;
    CHECK_OK(reader.query("token.one", {id}, [&](const Row& row) {
        token = info_from_row(row);
        return false;
    }));
    const bool is_visible = token && (token->user == session.user() || session.may(Permission::token_any));
    if (!is_visible) return fail(ErrorKind::not_found, "not_found", "There is no such token.");
    TRY(const std::int64_t last, last_seq_of(reader, "token", id));
    TRY(auto entry, audit_entry(reader, *desk, session, tools.clock.now(),
                                {"token", id, last + 1, "revoke", {{"user", token->user.value}}}));
    Change change;
    change.writes.push_back({"token.revoke", {id}});
    change.entries.push_back(std::move(entry));
    return Decided<bool>{std::move(change), true};
}

}  // namespace firstline::app
