#include "storage/catalogue.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "storage/sql_scan.hpp"

namespace firstline::storage {
namespace {

using app::DatabaseKind;

// A statement as its file has it.
struct Chunk {
    std::string_view file;
    std::string name{}, about{}, body{}, index{};
    std::optional<DatabaseKind> engine{};
    bool is_alone = false;
};

tl::unexpected<Error> refuse(const Chunk& chunk, std::string code, const std::string& what) {
    return fail(ErrorKind::internal, std::move(code), std::string(chunk.file) + ": " + chunk.name + ": " + what);
}
tl::unexpected<Error> malformed(const Chunk& chunk, const std::string& what) {
    return refuse(chunk, "storage.sql_malformed", what);
}

bool is_statement_name(std::string_view name) {
    bool has_dot = false, is_start = true;
    for (const char c : name) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (c == '.' && !is_start) {
            has_dot = is_start = true;
        } else if (is_letter) {
            is_start = false;
        } else {
            return false;
        }
    }
    return has_dot && !is_start;
}

std::string_view trimmed(std::string_view line) {
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t')) line.remove_suffix(1);
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    return line;
}

bool take_prefix(std::string_view& line, std::string_view prefix) {
    if (!line.starts_with(prefix)) return false;
    line = trimmed(line.substr(prefix.size()));
    return true;
}

// One comment line of a statement's head, without the dashes.
Status read_head_line(Chunk& chunk, std::string_view line) {
    if (take_prefix(line, "engine:")) {
        if (line == "sqlite") {
            chunk.engine = DatabaseKind::sqlite;
        } else if (line == "postgres") {
            chunk.engine = DatabaseKind::postgres;
        } else {
            return malformed(chunk, "unknown engine '" + std::string(line) + "'");
        }
    } else if (take_prefix(line, "index:")) {
        chunk.index = line;
    } else if (line == "alone") {
        chunk.is_alone = true;
    } else if (!line.empty()) {
        if (!chunk.about.empty()) chunk.about += ' ';
        chunk.about += line;
    }
    return {};
}

// Cuts a file at its `-- name:` lines; comments before the first one belong to the file.
Result<std::vector<Chunk>> read_chunks(const EmbeddedFile& file) {
    std::vector<Chunk> chunks;
    std::string_view rest = file.text;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const bool is_comment = take_prefix(line, "--");
        if (is_comment && take_prefix(line, "name:")) {
            chunks.push_back({.file = file.name, .name = std::string(line)});
        } else if (chunks.empty()) {
            if (!is_comment && !line.empty()) {
                return fail(ErrorKind::internal, "storage.sql_malformed",
                            std::string(file.name) + ": text before the first '-- name:': " + std::string(line));
            }
        } else if (is_comment && chunks.back().body.empty()) {
            CHECK_OK(read_head_line(chunks.back(), line));
        } else if (!is_comment && !(line.empty() && chunks.back().body.empty())) {
            chunks.back().body += line;
            chunks.back().body += '\n';
        }
    }
    return chunks;
}

// Clocks answer differently on every run; a twin for PostgreSQL may read one to claim jobs.
constexpr std::array<std::string_view, 3> kClockWords{"current_timestamp", "current_date", "current_time"};
constexpr std::array<std::string_view, 2> kWords{"like", "ilike"};
constexpr std::array<std::string_view, 4> kFunctions{"lower", "upper", "random", "randomblob"};

std::optional<std::string> refused_word(const std::vector<Token>& tokens, std::size_t at, bool may_read_clock) {
    const Token& token = tokens[at];
    const auto is_any = [&](const auto& words) {
        return std::ranges::any_of(words, [&](std::string_view word) { return is_word(token, word); });
    };
    const bool is_call = at + 1 < tokens.size() && tokens[at + 1].text == "(";
    if (token.text == "::") return ":: (write CAST(… AS …))";
    if (is_any(kWords)) return std::string(token.text) + " (compare a folded column)";
    if (is_call && is_any(kFunctions)) return std::string(token.text) + "() (the program computes it)";
    if (may_read_clock) return std::nullopt;
    if (is_any(kClockWords) || (is_call && is_word(token, "now")))
        return std::string(token.text) + " (the time is a parameter)";
    return std::nullopt;
}

std::vector<Token> without_space(std::vector<Token> tokens) {
    std::erase_if(tokens, [](const Token& token) { return token.kind == TokenKind::space; });
    return tokens;
}

Status check_words(const Chunk& chunk, const std::vector<Token>& tokens) {
    const bool may_read_clock = chunk.engine == DatabaseKind::postgres;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (const auto word = refused_word(tokens, i, may_read_clock)) {
            return refuse(chunk, "storage.sql_refused", "it uses " + *word);
        }
        if (token.kind == TokenKind::type_word)
            return malformed(chunk, "unknown placeholder " + std::string(token.text));
        if (token.text == "?" || token.text == "@" || token.text == "#") {
            return malformed(chunk, "unknown placeholder " + std::string(token.text) + "; parameters are $1, $2, …");
        }
        const bool is_name_next = i + 1 < tokens.size() && tokens[i + 1].kind == TokenKind::word;
        if (token.text == ":" && is_name_next)
            return malformed(chunk, "unknown placeholder :" + std::string(tokens[i + 1].text));
        if (token.text == ";" && i + 1 < tokens.size()) return malformed(chunk, "more than one statement");
    }
    return {};
}

// The highest $n; every one below must occur, since neither engine can tell the type of one that does not.
Result<int> count_parameters(const Chunk& chunk, const std::vector<Token>& tokens) {
    std::set<int> numbers;
    for (const Token& token : tokens) {
        if (token.kind == TokenKind::parameter) numbers.insert(std::stoi(std::string(token.text.substr(1))));
    }
    const int count = numbers.empty() ? 0 : *numbers.rbegin();
    if (std::cmp_not_equal(numbers.size(), count))
        return malformed(chunk, "a parameter below $" + std::to_string(count) + " is not used");
    return count;
}

std::string text_for(DatabaseKind engine, const std::vector<Token>& tokens) {
    std::string text;
    for (const Token& token : tokens) {
        if (token.kind == TokenKind::space) {
            if (!text.empty() && text.back() != ' ') text += ' ';
        } else if (token.kind == TokenKind::parameter && engine == DatabaseKind::sqlite) {
            text += '?';
            text += token.text.substr(1);
        } else if (token.text != ";") {
            text += token.text;
        }
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

Result<Statement> to_statement(const Chunk& chunk, DatabaseKind engine) {
    if (!is_statement_name(chunk.name)) return malformed(chunk, "the name is not like incident.load");
    if (chunk.about.empty()) return malformed(chunk, "a sentence that says what it does is missing");
    if (chunk.body.empty()) return malformed(chunk, "there is no SQL");
    auto tokens = scan_sql(chunk.body);
    if (!tokens) return malformed(chunk, tokens.error().detail);
    const auto words = without_space(*tokens);
    CHECK_OK(check_words(chunk, words));
    TRY(const int count, count_parameters(chunk, words));
    return Statement{.name = chunk.name,
                     .about = chunk.about,
                     .text = text_for(engine, *tokens),
                     .index = chunk.index,
                     .is_alone = chunk.is_alone,
                     .parameter_count = count,
                     .number = 0};
}

}  // namespace

Result<std::shared_ptr<const Catalogue>> Catalogue::load(DatabaseKind engine, std::span<const EmbeddedFile> files) {
    auto catalogue = std::make_shared<Catalogue>();
    std::set<std::pair<DatabaseKind, std::string>> seen;
    for (const EmbeddedFile& file : files) {
        TRY(const auto chunks, read_chunks(file));
        for (const Chunk& chunk : chunks) {
            for (const DatabaseKind kind : {DatabaseKind::sqlite, DatabaseKind::postgres}) {
                if (chunk.engine && *chunk.engine != kind) continue;
                TRY(auto statement, to_statement(chunk, kind));
                if (!seen.emplace(kind, chunk.name).second) {
                    return refuse(chunk, "storage.sql_twice", "the name is there twice for one engine");
                }
                if (kind != engine) continue;
                statement.number = catalogue->statements_.size();
                catalogue->statements_.push_back(std::move(statement));
            }
        }
    }
    for (const Statement& statement : catalogue->statements_)
        catalogue->by_name_.emplace(statement.name, statement.number);
    return catalogue;
}

const Statement* Catalogue::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &statements_[found->second];
}

}  // namespace firstline::storage
