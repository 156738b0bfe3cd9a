#include "app/search/query.hpp"

#include <algorithm>

#include "app/incidents/workspace.hpp"
#include "base/text.hpp"

namespace firstline::app {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";

bool may_be_prefix(const std::string& word) {
    const std::size_t characters = count_characters(word);
    const bool is_ascii = characters == word.size();
    return characters >= (is_ascii ? kPrefixCharactersMin : 1);
}

void add(ParsedQuery& out, SearchTerm term) {
    if (out.terms.size() >= kQueryWordsMax || std::find(out.terms.begin(), out.terms.end(), term) != out.terms.end())
        return;
    out.terms.push_back(std::move(term));
}

}  // namespace

ParsedQuery parse_query(std::string_view q) {
    ParsedQuery out;
    const std::string_view text = trim(q);
    const bool is_bare = text.find_first_not_of("0123456789") == std::string_view::npos;
    out.number = parse_number(is_bare ? "INC-" + std::string(text) : std::string(text));
    // Typed into the box a bare 42 means INC-42.
    if (!out.number) out.number = parse_number("INC-" + std::string(text));
    out.reference = text;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto begin = rest.find_first_not_of(kBlanks);
        if (begin == std::string_view::npos) break;
        rest.remove_prefix(begin);
        const auto chunk = rest.substr(0, rest.find_first_of(kBlanks));
        rest.remove_prefix(chunk.size());
        auto words = words_of(chunk, kQueryWordsMax);
        for (std::size_t i = 0; i < words.size(); ++i) {
            const bool is_prefix = chunk.ends_with('*') && i + 1 == words.size() && may_be_prefix(words[i]);
            add(out, {std::move(words[i]), is_prefix});
        }
    }
    return out;
}

}  // namespace firstline::app
