#include "app/identity/authenticate.hpp"

#include "app/directory/people.hpp"
#include "app/identity/session/sessions.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr int kPersonColumns = 17;

tl::unexpected<Error> refused() {
    return fail(ErrorKind::unauthenticated, "auth.failed",
                "The password, token or session is wrong, or it has expired.");
}

struct Found {
    Person person;
    Authenticated caller;
};

Result<std::optional<Found>> find_by_token(Reader& reader, std::string_view text, Instant real_now) {
    const auto token = parse_token(text);
    if (!token) return std::nullopt;
    std::optional<Found> found;
    CHECK_OK(reader.query("token.by_id", {token->id}, [&](const Row& row) {
        const bool fits = equal_in_constant_time(row.bytes(kPersonColumns), token->secret_hash);
        const bool is_over = row.instant(kPersonColumns + 2) <= real_now || !row.flag(kPersonColumns + 4);
        if (!fits || is_over) return false;
        found.emplace();
        found->person = person_from_row(row);
        found->caller.rights = rights_from_text(row.text(kPersonColumns + 1));
        const auto last_used = row.instant_or_none(kPersonColumns + 3);
        if (!last_used || *last_used + kTokenTouchEvery <= real_now)
            found->caller.touch = Write{"token.touch", {token->id, real_now.us}};
        return false;
    }));
    return found;
}

Result<std::optional<Found>> find_by_cookie(Reader& reader, std::string_view cookie, Instant real_now) {
    std::optional<Found> found;
    const std::string hash = hash_of_cookie(cookie);
    CHECK_OK(reader.query("session.by_hash", {Blob{hash}}, [&](const Row& row) {
        const Instant created_at = row.instant(kPersonColumns + 1);
        const Instant seen_at = row.instant(kPersonColumns + 2);
        if (row.instant(kPersonColumns + 3) <= real_now) return false;
        found.emplace();
        found->person = person_from_row(row);
        found->caller.rights = TokenRights(TokenRight::all);
        found->caller.session_hash = hash;
        found->caller.csrf = row.text(kPersonColumns);
        if (seen_at + kSessionTouchEvery <= real_now) {
            found->caller.touch =
                Write{"session.touch", {Blob{hash}, real_now.us, session_expiry(created_at, real_now).us}};
        }
        return false;
    }));
    return found;
}

}  // namespace

Session session_of(const Desk& desk, const Person& person, std::string_view via) {
    Session session;
    session.caller.user = person.id;
    session.caller.roles = person.roles;
    session.caller.organization = person.organization;
    const Organization* organization = desk.organization(person.organization);
    session.caller.organization_shares =
        organization != nullptr && organization->is_active && organization->shares_incidents;
    session.caller.teams = desk.teams_of_person(person.id);
    session.key = person.key;
    session.name = person.name;
    session.via = via;
    return session;
}

Session system_session(std::string_view via) {
    Session session;
    session.caller.roles.add(Role::admin);
    session.caller.roles.add(Role::agent);
    session.name = "Firstline";
    session.via = via;
    return session;
}

Result<Authenticated> authenticate(Reader& reader, DeskCache& desks, const Credentials& credentials, Instant real_now) {
    const bool is_by_token = !credentials.bearer.empty();
    if (!is_by_token && credentials.cookie.empty()) {
        return fail(ErrorKind::unauthenticated, "auth.required",
                    "Sign in first, or send a token as Authorization: Bearer.");
    }
    TRY(const DeskPtr desk, desks.current(reader));
    TRY(auto found, is_by_token ? find_by_token(reader, credentials.bearer, real_now)
                                : find_by_cookie(reader, credentials.cookie, real_now));
    if (!found || !found->person.is_active) return refused();
    Authenticated out = std::move(found->caller);
    out.session = session_of(*desk, found->person, is_by_token ? "api" : "web");
    out.session.may_write = out.rights.may_write();
    out.session.is_token_unlimited = is_by_token && out.rights.has(TokenRight::all);
    return out;
}

void keep_alive(Store& store, const Authenticated& caller) {
    if (!caller.touch) return;
    Change change;
    change.writes.push_back(*caller.touch);
    store.submit(std::move(change), [](const Committed&) {});
}

Status check_csrf(const Authenticated& caller, std::string_view given) {
    if (caller.session_hash.empty()) return {};
    if (!given.empty() && equal_in_constant_time(caller.csrf, given)) return {};
    return fail(ErrorKind::forbidden, "csrf.missing",
                "Send the session's csrf_token as X-CSRF-Token with every change.");
}

}  // namespace firstline::app
