// Splits SQL into the few kinds of tokens that the loaders look at (storage.md §4); knows nothing of grammar.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace firstline::storage {

enum class TokenKind : std::uint8_t {
    word,       // identifier, keyword or number
    parameter,  // $n
    type_word,  // {id}
    quoted,     // 'text' or "name"
    symbol,     // one character, but `::` in one piece
    space,      // blanks and comments
};

struct Token {
    TokenKind kind = TokenKind::space;
    std::string_view text;  // into the scanned SQL
};

// All of `sql` in pieces. Error `storage.sql_malformed`: an unclosed quote, comment or brace, a dollar without a
// number.
[[nodiscard]] Result<std::vector<Token>> scan_sql(std::string_view sql);

// Whether two words are the same but for ASCII case.
[[nodiscard]] bool is_word(const Token& token, std::string_view lower_case_word);

}  // namespace firstline::storage
