// What a person types into the search box: words that must all occur, `prin*` for a beginning, a number, a foreign reference.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/search/search_index.hpp"
#include "domain/ids.hpp"

namespace firstline::app {

inline constexpr std::size_t kQueryWordsMax = 16;  // further ones are not looked at
inline constexpr std::size_t kPrefixCharactersMin =
    2;  // a shorter beginning is taken as a word; one for scripts without blanks

struct ParsedQuery {
    std::vector<SearchTerm> terms;             // each once
    std::optional<domain::IncidentId> number;  // the whole text reads as one: "INC-42", "42"
    std::string reference;                     // the whole text, trimmed: perhaps another tool's number
};
[[nodiscard]] ParsedQuery parse_query(std::string_view q);

}  // namespace firstline::app
