// Sessions of browsers: a random id in a cookie, of which only the SHA-256 is stored (architecture.md §6).
// All their instants are real time, not desk time (storage.md §5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/core/toolbox.hpp"
#include "app/incidents/workspace.hpp"

namespace firstline::app {

inline constexpr Duration kSessionIdleMax = hours(12);
inline constexpr Duration kSessionAgeMax = days(7);
inline constexpr Duration kSessionTouchEvery = minutes(5);  // so often at most is a use written down

struct NewSession {
    std::string cookie;  // 256 bits, base64url; never stored
    std::string csrf;    // likewise random; carried by changes as X-CSRF-Token
    Instant expires_at{};
    Write insert;
};
// `address` and `agent` are cut to sensible lengths.
[[nodiscard]] NewSession make_session(domain::UserId user, Instant real_now, std::string_view address,
                                      std::string_view agent);
// What is stored of a cookie.
[[nodiscard]] std::string hash_of_cookie(std::string_view cookie);
[[nodiscard]] Instant session_expiry(Instant created_at, Instant seen_at);

struct SessionInfo {
    std::string id;  // public: tells sessions apart, opens nothing
    Instant created_at{}, seen_at{}, expires_at{};
    std::string address, agent;
    bool is_current = false;
};
// The caller's own; `current_hash` is "" for a token.
[[nodiscard]] Result<std::vector<SessionInfo>> list_sessions(Reader& reader, const Session& session,
                                                             std::string_view current_hash, Instant real_now);
// The CSRF token of a session. Error `auth.failed` where it has ended.
[[nodiscard]] Result<std::string> load_csrf(Reader& reader, std::string_view session_hash);

// DELETE /session and DELETE /me/sessions; audited.
[[nodiscard]] Result<Decided<bool>> sign_out(Reader& reader, Toolbox& tools, const Session& session,
                                             std::string_view session_hash);
[[nodiscard]] Result<Decided<bool>> end_other_sessions(Reader& reader, Toolbox& tools, const Session& session,
                                                       std::string_view session_hash);

// An entry about signing in and out: subject `session`, the person's id (0: nobody known).
[[nodiscard]] Result<NewEntry> session_entry(Reader& reader, const domain::Desk& desk, const Session& actor,
                                             domain::UserId person, std::string_view kind, Instant now,
                                             std::string_view address);

}  // namespace firstline::app
