#include "storage/sql_scan.hpp"

#include <algorithm>

namespace firstline::storage {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_character(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The end of the run that starts at `from` and whose characters fulfil `belongs`.
template <class Belongs>
std::size_t end_of_run(std::string_view sql, std::size_t from, Belongs belongs) {
    while (from < sql.size() && belongs(sql[from])) ++from;
    return from;
}

// The end of a quoted piece; a doubled quote stays inside. npos where it is not closed.
std::size_t end_of_quoted(std::string_view sql, std::size_t from) {
    const char quote = sql[from];
    for (std::size_t i = from + 1; i < sql.size(); ++i) {
        if (sql[i] != quote) continue;
        if (i + 1 < sql.size() && sql[i + 1] == quote) {
            ++i;
        } else {
            return i + 1;
        }
    }
    return std::string_view::npos;
}

std::size_t after(std::string_view sql, std::string_view closing, std::size_t from) {
    const std::size_t at = sql.find(closing, from);
    return at == std::string_view::npos ? at : at + closing.size();
}

Token next_token(std::string_view sql, std::size_t from) {
    const char c = sql[from];
    const auto piece = [&](TokenKind kind, std::size_t end) {
        return Token{kind, end == std::string_view::npos ? std::string_view{} : sql.substr(from, end - from)};
    };
    if (is_blank(c)) return piece(TokenKind::space, end_of_run(sql, from, is_blank));
    const std::string_view pair = sql.substr(from, 2);
    if (pair == "--") return piece(TokenKind::space, std::min(sql.find('\n', from), sql.size()));
    if (pair == "/*") return piece(TokenKind::space, after(sql, "*/", from + 2));
    if (pair == "::") return piece(TokenKind::symbol, from + 2);
    if (c == '\'' || c == '"') return piece(TokenKind::quoted, end_of_quoted(sql, from));
    if (c == '{') return piece(TokenKind::type_word, after(sql, "}", from));
    if (c == '$') {
        const std::size_t end = end_of_run(sql, from + 1, is_word_character);
        const auto digits = sql.substr(from + 1, end - from - 1);
        const bool is_number =
            !digits.empty() && digits.size() <= 3 && digits[0] != '0' && std::ranges::all_of(digits, is_digit);
        return piece(TokenKind::parameter, is_number ? end : std::string_view::npos);
    }
    if (is_word_character(c)) return piece(TokenKind::word, end_of_run(sql, from, is_word_character));
    return piece(TokenKind::symbol, from + 1);
}

}  // namespace

Result<std::vector<Token>> scan_sql(std::string_view sql) {
    std::vector<Token> tokens;
    for (std::size_t at = 0; at < sql.size();) {
        const Token token = next_token(sql, at);
        if (token.text.empty()) {
            return fail(ErrorKind::internal, "storage.sql_malformed",
                        "cannot read the SQL from '" + std::string(sql.substr(at, 20)) + "' on");
        }
        at += token.text.size();
        tokens.push_back(token);
    }
    return tokens;
}

bool is_word(const Token& token, std::string_view lower_case_word) {
    return token.kind == TokenKind::word &&
           std::ranges::equal(token.text, lower_case_word, [](char a, char b) { return to_lower(a) == b; });
}

}  // namespace firstline::storage
