#include "storage/search/query_text.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace firstline::storage::search {

using app::SearchRequest;
using app::SearchTerm;

namespace {

constexpr std::size_t kPlacesMax = 5;      // of one lexeme: beyond, a word more weighs nothing
constexpr std::size_t kPlaceMax = 16'383;  // PostgreSQL's highest

std::string marked(char mark, std::string_view word) {
    std::string out(1, mark);
    out += word;
    return out;
}

std::string fts5_phrase(std::string_view lexeme, bool is_prefix) {
    std::string out = "\"";
    for (const char c : lexeme) {
        if (c == '"') out.push_back('"');
        out.push_back(c);
    }
    return out + (is_prefix ? "\" *" : "\"");
}

std::string ts_lexeme(std::string_view lexeme, bool is_prefix = false) {
    std::string out = "'";
    for (const char c : lexeme) {
        if (c == '\'' || c == '\\') out.push_back(c);
        out.push_back(c);
    }
    return out + (is_prefix ? "':*" : "'");
}

void append(std::string& out, std::string_view joint, const std::string& part) {
    if (!out.empty()) out += joint;
    out += part;
}

template <class One>
std::string any_of(const std::vector<std::string>& terms, std::string_view joint, const One& one) {
    std::string out;
    for (const auto& term : terms) append(out, joint, one(marked(app::kScopeMark, term)));
    return "(" + out + ")";
}

}  // namespace

bool is_wide(const SearchRequest& request) {
    return !request.scope || std::find(request.scope->begin(), request.scope->end(), "a") != request.scope->end();
}

std::string to_fts5(const SearchTerm& term, bool is_public_only) {
    if (is_public_only) return "(" + fts5_phrase(term.word, term.is_prefix) + ")";
    return "(" + fts5_phrase(term.word, term.is_prefix) + " OR " +
           fts5_phrase(marked(app::kInternalMark, term.word), term.is_prefix) + ")";
}

std::string to_fts5(const SearchRequest& request, bool has_scope) {
    std::string words;
    for (const SearchTerm& term : request.terms) append(words, " AND ", to_fts5(term, request.is_public_only));
    if (!has_scope || !request.scope) return words;
    const std::string scope =
        any_of(*request.scope, " OR ", [](const std::string& lexeme) { return fts5_phrase(lexeme, false); });
    return is_wide(request) ? words + " AND " + scope : scope + " AND " + words;
}

std::string to_tsquery(const SearchRequest& request, bool has_scope) {
    std::string out;
    for (const SearchTerm& term : request.terms) {
        std::string one = ts_lexeme(term.word, term.is_prefix);
        if (!request.is_public_only) one += " | " + ts_lexeme(marked(app::kInternalMark, term.word), term.is_prefix);
        append(out, " & ", "(" + one + ")");
    }
    if (has_scope && request.scope) {
        append(out, " & ", any_of(*request.scope, " | ", [](const std::string& lexeme) { return ts_lexeme(lexeme); }));
    }
    return out;
}

std::string to_tsvector(const app::SearchDocument& document, const std::vector<std::string>& more_lexemes) {
    std::map<std::string_view, std::vector<std::size_t>> places;
    std::size_t place = 0;
    for (const auto& lexeme : document.lexemes) {
        auto& of = places[lexeme];
        place = std::min(place + 1, kPlaceMax);
        if (lexeme.front() != app::kScopeMark && of.size() < kPlacesMax) of.push_back(place);
    }
    for (const auto& lexeme : more_lexemes) places[lexeme];
    std::string out;
    for (const auto& [lexeme, of] : places) {
        if (!out.empty()) out.push_back(' ');
        out += ts_lexeme(lexeme);
        for (std::size_t i = 0; i < of.size(); ++i) out += (i == 0 ? ":" : ",") + std::to_string(of[i]);
    }
    return out;
}

}  // namespace firstline::storage::search
