// What may be said of a person, checked (api.md §4 "Users"): all field errors at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/desk/desk.hpp"
#include "domain/incident/decide.hpp"

namespace firstline::app {

inline constexpr std::size_t kEmailBytesMax = 254;  // RFC 5321 §4.5.3.1.3
inline constexpr std::size_t kPhoneCharactersMax = 64;
inline constexpr std::size_t kPlaceCharactersMax = 250;  // location, department
inline constexpr std::size_t kLanguageBytesMax = 35;     // RFC 5646 §4.4.1
inline constexpr std::size_t kTeamsOfPersonMax = 100;

// Each member absent stays as it is; an empty text clears what may be empty.
struct UserFields {
    std::optional<std::string> name, email, phone, language, zone;
    std::optional<std::string> organization;  // a key
    std::optional<std::string> location, department;
    std::optional<bool> is_vip;
    std::optional<std::vector<std::string>> roles;  // words
    std::optional<std::vector<std::string>> teams;  // keys, the first one first
    bool reactivates = false;
};

// One @ with something on both sides, no blanks, a host of letters, digits, dots and hyphens: what mail servers
// refuse, they refuse.
[[nodiscard]] bool is_email_address(std::string_view text);
// The shape of BCP 47: "en", "pt-BR".
[[nodiscard]] bool is_language_tag(std::string_view text);

// Applies the fields to `person`, and the team keys to `teams`; what is refused goes to `errors`.
void apply_fields(const domain::Desk& desk, const UserFields& fields, domain::Person& person,
                  std::vector<domain::TeamId>& teams, domain::FieldErrors& errors);

}  // namespace firstline::app
