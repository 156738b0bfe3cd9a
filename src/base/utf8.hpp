// UTF-8 byte by byte (RFC 3629); what most callers ask is in base/text.hpp.
#pragma once

#include <string>
#include <string_view>

namespace firstline {

// Bytes of the character that begins at `at` < size; 0 where none does, as with NUL, surrogates and overlong forms.
[[nodiscard]] std::size_t utf8_character_bytes(std::string_view text, std::size_t at);
// The same text with each run of bytes that are no character as one U+FFFD.
[[nodiscard]] std::string to_clean_utf8(std::string_view text);

}  // namespace firstline
