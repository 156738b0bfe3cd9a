// What a password must be (architecture.md §6); stored as argon2id text only.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace firstline::app {

inline constexpr std::size_t kPasswordCharactersMin = 10;
inline constexpr std::size_t kPasswordCharactersMax = 256;

// Error `request.invalid` at `pointer`: too short, too long, blank, or no clean UTF-8.
[[nodiscard]] Status check_new_password(std::string_view password, const std::string& pointer);
// A random one of 20 letters, digits, - and _; 120 bits.
[[nodiscard]] std::string make_password();

}  // namespace firstline::app
