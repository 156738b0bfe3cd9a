#include "app/identity/session/sessions.hpp"

#include <algorithm>

#include "app/directory/audit.hpp"
#include "app/directory/config_change.hpp"
#include "base/text.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kAddressBytesMax = 64;
constexpr std::size_t kAgentBytesMax = 200;
constexpr std::size_t kPublicIdBytes = 8;

std::string cut(std::string_view text, std::size_t bytes_max) {
    std::string out(text.substr(0, bytes_max));
    return is_clean_utf8(out) ? out : std::string();
}

}  // namespace

Instant session_expiry(Instant created_at, Instant seen_at) {
    return std::min(created_at + kSessionAgeMax, seen_at + kSessionIdleMax);
}

std::string hash_of_cookie(std::string_view cookie) { return std::string(as_bytes(sha256(cookie))); }

NewSession make_session(UserId user, Instant real_now, std::string_view address, std::string_view agent) {
    NewSession out;
    out.cookie = to_base64url(random_bytes(kSecretBytes));
    out.csrf = to_base64url(random_bytes(kSecretBytes));
    out.expires_at = session_expiry(real_now, real_now);
    out.insert = {"session.insert",
                  {Blob{hash_of_cookie(out.cookie)}, user.value, out.csrf, real_now.us, real_now.us, out.expires_at.us,
                   cut(address, kAddressBytesMax), cut(agent, kAgentBytesMax)},
                  OnConflict::stale};
    return out;
}

Result<std::vector<SessionInfo>> list_sessions(Reader& reader, const Session& session, std::string_view current_hash,
                                               Instant real_now) {
    std::vector<SessionInfo> out;
    CHECK_OK(reader.query("session.of_user", {session.user().value, real_now.us}, [&](const Row& row) {
        SessionInfo info;
        info.is_current = row.bytes(0) == current_hash;
        info.id = to_hex(row.bytes(0).substr(0, kPublicIdBytes));
        info.created_at = row.instant(1);
        info.seen_at = row.instant(2);
        info.expires_at = row.instant(3);
        info.address = row.text(4);
        info.agent = row.text(5);
        out.push_back(std::move(info));
        return true;
    }));
    return out;
}

Result<std::string> load_csrf(Reader& reader, std::string_view session_hash) {
    std::string csrf;
    CHECK_OK(reader.query("session.by_hash", {Blob{std::string(session_hash)}}, [&](const Row& row) {
        csrf = row.text(17);
        return false;
    }));
    if (csrf.empty()) return fail(ErrorKind::unauthenticated, "auth.failed", "This session has ended: sign in again.");
    return csrf;
}

Result<NewEntry> session_entry(Reader& reader, const Desk& desk, const Session& actor, UserId person,
                               std::string_view kind, Instant now, std::string_view address) {
    TRY(const std::int64_t last, last_seq_of(reader, "session", person.value));
    AuditFact fact{"session", person.value, last + 1, kind};
    if (!address.empty()) fact.texts.push_back({"address", cut(address, kAddressBytesMax)});
    return audit_entry(reader, desk, actor, now, fact);
}

Result<Decided<bool>> sign_out(Reader& reader, Toolbox& tools, const Session& session, std::string_view session_hash) {
    if (session_hash.empty()) return Decided<bool>{std::nullopt, false};
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(auto entry, session_entry(reader, *desk, session, session.user(), "sign_out", tools.clock.now(), {}));
    Change change;
    change.writes.push_back({"session.delete", {Blob{std::string(session_hash)}}});
    change.entries.push_back(std::move(entry));
    return Decided<bool>{std::move(change), true};
}

Result<Decided<bool>> end_other_sessions(Reader& reader, Toolbox& tools, const Session& session,
                                         std::string_view session_hash) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(auto entry, session_entry(reader, *desk, session, session.user(), "revoke", tools.clock.now(), {}));
    Change change;
    change.writes.push_back({"session.delete_others", {session.user().value, Blob{std::string(session_hash)}}});
    change.entries.push_back(std::move(entry));
    return Decided<bool>{std::move(change), true};
}

}  // namespace firstline::app
