// API tokens: `flt_<id>_<secret>`, of which only the SHA-256 of the secret is stored (architecture.md §6).
// Their instants are real time, as those of sessions: a jump of desk time neither lengthens nor ends access.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/core/toolbox.hpp"
#include "app/directory/page.hpp"
#include "app/incidents/workspace.hpp"

namespace firstline::app {

// What a token may be used for; rights add up.
enum class TokenRight : std::uint8_t {
    all,    // all that the person may do, without a limit on the rate
    read,   // only reading
    write,  // reading and changing
};
}  // namespace firstline::app
template <>
struct firstline::domain::Words<firstline::app::TokenRight> {
    static constexpr std::array<std::string_view, 3> kWords{"*", "read", "write"};
};
namespace firstline::app {

class TokenRights {
public:
    constexpr TokenRights() = default;
    constexpr explicit TokenRights(TokenRight right) { add(right); }
    constexpr void add(TokenRight right) { bits_ = static_cast<std::uint8_t>(bits_ | bit(right)); }
    [[nodiscard]] constexpr bool has(TokenRight right) const { return (bits_ & bit(right)) != 0; }
    [[nodiscard]] constexpr bool is_empty() const { return bits_ == 0; }
    [[nodiscard]] constexpr bool may_write() const { return has(TokenRight::all) || has(TokenRight::write); }

private:
    static constexpr std::uint8_t bit(TokenRight right) {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(right));
    }
    std::uint8_t bits_ = 0;
};
[[nodiscard]] std::string to_text(TokenRights rights);  // "read,write"
[[nodiscard]] TokenRights rights_from_text(std::string_view text);

inline constexpr Duration kTokenLifeDefault = days(90);
inline constexpr Duration kTokenLifeMax = days(731);
inline constexpr Duration kTokenTouchEvery = hours(1);  // so often at most is a use written down
inline constexpr std::size_t kTokenNameCharactersMax = 250;

struct ParsedToken {
    std::int64_t id = 0;
    std::string secret_hash;
};
[[nodiscard]] std::optional<ParsedToken> parse_token(std::string_view text);

struct TokenInfo {
    std::int64_t id = 0;
    domain::UserId user;
    std::string user_key, user_name, name;
    TokenRights rights;
    Instant created_at{}, expires_at{};
    std::optional<Instant> last_used_at;
};

struct TokenRequest {
    std::string name;
    std::vector<std::string> scopes;    // words: "*", "read", "write"
    std::optional<Instant> expires_at;  // absent: 90 days from now
    std::string user;                   // a key; "" = the caller
};
struct CreatedToken {
    TokenInfo info;
    std::string text;  // shown this once
};
// POST /tokens. Errors: `request.invalid`, `auth.forbidden` (for another person without token.any).
[[nodiscard]] Result<Decided<CreatedToken>> create_token(Reader& reader, Toolbox& tools, const Session& session,
                                                         const TokenRequest& request, Instant real_now);
// GET /tokens: the caller's, an administrator's everybody's; by id.
[[nodiscard]] Result<Page<TokenInfo>> list_tokens(Reader& reader, const Session& session, const PageRequest& page);
// DELETE /tokens/{id}. Error `not_found`, also for another person's without token.any.
[[nodiscard]] Result<Decided<bool>> revoke_token(Reader& reader, Toolbox& tools, const Session& session,
                                                 std::int64_t id);

}  // namespace firstline::app
