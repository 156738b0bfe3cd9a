#include "app/search/snippet.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace firstline::app {
namespace {

constexpr std::size_t kTextBytesMax = 16 * 1024;  // beyond, nothing is marked
constexpr std::size_t kWordBytesMax = 96;         // longer than any word of the index

bool is_ascii_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool is_start(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

std::size_t next_character(std::string_view text, std::size_t at) {
    ++at;
    while (at < text.size() && !is_start(text[at])) ++at;
    return at;
}

bool is_match(std::string_view piece, const std::vector<SearchTerm>& terms) {
    const auto words = words_of(piece, 2);
    if (words.size() != 1) return false;
    return std::any_of(terms.begin(), terms.end(), [&](const SearchTerm& term) {
        return term.is_prefix ? words[0].starts_with(term.word) : words[0] == term.word;
    });
}

struct Range {
    std::size_t begin = 0, end = 0;
};

// In scripts without blanks a word starts anywhere: the longest match from `at`.
std::optional<Range> match_within(std::string_view text, std::size_t at, std::size_t end,
                                  const std::vector<SearchTerm>& terms) {
    const std::string first = fold(text.substr(at, next_character(text, at) - at));
    const bool may_start =
        std::any_of(terms.begin(), terms.end(), [&](const SearchTerm& term) { return term.word.starts_with(first); });
    if (!may_start) return std::nullopt;
    std::optional<Range> found;
    for (std::size_t to = next_character(text, at); to <= end && to - at <= kWordBytesMax;
         to = next_character(text, to)) {
        const std::string folded = fold(text.substr(at, to - at));
        const bool is_whole =
            std::any_of(terms.begin(), terms.end(), [&](const SearchTerm& term) { return term.word == folded; });
        if (is_whole) found = Range{at, to};
        if (to == end) break;
    }
    return found;
}

std::vector<Range> ranges_in(std::string_view text, const std::vector<SearchTerm>& terms) {
    std::vector<Range> out;
    std::size_t at = 0;
    text = text.substr(0, std::min(text.size(), kTextBytesMax));
    while (at < text.size()) {
        if (!is_ascii_word(text[at]) && !is_beyond_ascii(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        bool is_ascii = true;
        for (; end < text.size() && (is_ascii_word(text[end]) || is_beyond_ascii(text[end])); ++end)
            is_ascii = is_ascii && !is_beyond_ascii(text[end]);
        if (is_match(text.substr(at, end - at), terms)) {
            out.push_back({at, end});
        } else if (!is_ascii) {
            for (std::size_t inner = at; inner < end;) {
                const auto found = match_within(text, inner, end, terms);
                if (found) out.push_back(*found);
                inner = found ? found->end : next_character(text, inner);
            }
        }
        at = end;
    }
    return out;
}

Snippet parts_of(std::string_view text, const std::vector<Range>& ranges, std::size_t begin, std::size_t end) {
    Snippet out;
    const auto add = [&](std::size_t from, std::size_t to, bool is_match_part) {
        if (from < to) out.push_back({std::string(text.substr(from, to - from)), is_match_part});
    };
    std::size_t at = begin;
    for (const Range& range : ranges) {
        if (range.begin < at || range.end > end) continue;
        add(at, range.begin, false);
        add(range.begin, range.end, true);
        at = range.end;
    }
    add(at, end, false);
    return out;
}

std::string with_single_blanks(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, std::min(text.size(), kTextBytesMax))) {
        const bool is_blank_char = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
        if (!is_blank_char) {
            out.push_back(c);
        } else if (!out.empty() && out.back() != ' ') {
            out.push_back(' ');
        }
    }
    // A character cut in two at the end.
    std::size_t last = out.size();
    while (last > 0 && !is_start(out[last - 1])) --last;
    if (last > 0 && is_beyond_ascii(out[last - 1]) && !is_clean_utf8(std::string_view(out).substr(last - 1)))
        out.resize(last - 1);
    return out;
}

// To the left or right of `at`, over at most `characters` whole characters, then to a blank nearby.
std::size_t left_of(std::string_view text, std::size_t at, std::size_t characters) {
    while (at > 0 && characters > 0) {
        --at;
        if (is_start(text[at])) --characters;
    }
    if (at == 0) return 0;
    const auto blank = text.find(' ', at);
    return blank != std::string_view::npos && blank < at + 20 ? blank + 1 : at;
}
std::size_t right_of(std::string_view text, std::size_t at, std::size_t characters) {
    while (at < text.size() && characters > 0) {
        at = next_character(text, at);
        --characters;
    }
    if (at >= text.size()) return text.size();
    const auto blank = text.rfind(' ', at);
    return blank != std::string_view::npos && blank + 20 > at ? blank : at;
}

}  // namespace

Snippet mark_matches(std::string_view text, const std::vector<SearchTerm>& terms) {
    return parts_of(text, ranges_in(text, terms), 0, text.size());
}

Snippet cut_snippet(std::string_view text, const std::vector<SearchTerm>& terms, std::size_t characters_max,
                    bool& has_match) {
    const std::string plain = with_single_blanks(text);
    const auto ranges = ranges_in(plain, terms);
    has_match = !ranges.empty();
    const Range first = has_match ? ranges.front() : Range{};
    const std::size_t begin = std::min(left_of(plain, first.begin, characters_max / 4), first.begin);
    const std::size_t end = std::max(right_of(plain, begin, characters_max), first.end);
    return parts_of(plain, ranges, begin, end);
}

}  // namespace firstline::app
