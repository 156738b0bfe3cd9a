// Where in a text the words that were looked for stand: plain text in pieces, for people to see why something was found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/search/search_index.hpp"

namespace firstline::app {

struct SnippetPart {
    std::string text;
    bool is_match = false;
    friend bool operator==(const SnippetPart&, const SnippetPart&) = default;
};
using Snippet = std::vector<SnippetPart>;

// The whole text, its matches apart.
[[nodiscard]] Snippet mark_matches(std::string_view text, const std::vector<SearchTerm>& terms);
// About `characters_max` characters around the first match, blanks and line ends as one blank each; the beginning of the text
// where nothing matches, which `has_match` says.
[[nodiscard]] Snippet cut_snippet(std::string_view text, const std::vector<SearchTerm>& terms,
                                  std::size_t characters_max, bool& has_match);

}  // namespace firstline::app
