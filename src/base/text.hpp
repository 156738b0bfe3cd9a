// Text as people write it: UTF-8 checks, folding for lookups, words for search, keys.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace firstline {

// Well-formed UTF-8 without surrogates, overlong forms or NUL.
[[nodiscard]] bool is_clean_utf8(std::string_view text);
// Code points of well-formed UTF-8.
[[nodiscard]] std::size_t count_characters(std::string_view text);
[[nodiscard]] std::string_view trim(std::string_view text);  // ASCII blanks and Unicode's common ones at both ends
[[nodiscard]] bool is_blank(std::string_view text);
// Case, width and accents folded (NFKC case fold, marks removed): what lookups and search compare.
[[nodiscard]] std::string fold(std::string_view text);
// The folded words of a text in order, at most `words_max`; scripts without blanks (Japanese, Thai…) by ICU's dictionary.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text, std::size_t words_max);
// "Müller, Anna" -> "muller-anna"; what cannot be spelled in [a-z0-9-] is left out; may be empty.
[[nodiscard]] std::string to_key(std::string_view text);
// [a-z0-9][a-z0-9-]*, at most 64 characters (api.md §1).
[[nodiscard]] bool is_key(std::string_view text);

}  // namespace firstline
