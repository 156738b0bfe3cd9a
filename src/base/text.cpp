#include "base/text.hpp"

#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <memory>
#include <stdexcept>

#include "base/utf8.hpp"

namespace firstline {
namespace {

constexpr std::size_t kKeyCharactersMax = 64;
constexpr std::size_t kWordBytesMax = 64;

const icu::Normalizer2& case_folding() {
    UErrorCode status = U_ZERO_ERROR;
    static const icu::Normalizer2* const instance = icu::Normalizer2::getNFKCCasefoldInstance(status);
    if (instance == nullptr) throw std::runtime_error("ICU's normalization data is missing");
    return *instance;
}

const icu::Normalizer2& decomposition() {
    UErrorCode status = U_ZERO_ERROR;
    static const icu::Normalizer2* const instance = icu::Normalizer2::getNFDInstance(status);
    if (instance == nullptr) throw std::runtime_error("ICU's normalization data is missing");
    return *instance;
}

icu::UnicodeString fold_unicode(std::string_view text) {
    const auto source =
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString folded = decomposition().normalize(case_folding().normalize(source, status), status);
    icu::UnicodeString out;
    for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
        const UChar32 c = folded.char32At(i);
        // Latin, Greek and Cyrillic lose their accents; marks of other scripts (Japanese voicing, Thai vowels) carry meaning.
        if (u_charType(c) == U_NON_SPACING_MARK && c < 0x0370) continue;
        out.append(c);
    }
    return out;
}

bool is_ascii(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= 0x80) return false;
    }
    return true;
}

char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is_word_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

std::vector<std::string> ascii_words(std::string_view text, std::size_t words_max) {
    std::vector<std::string> out;
    std::string word;
    for (std::size_t i = 0; i <= text.size() && out.size() < words_max; ++i) {
        const char c = i < text.size() ? ascii_lower(text[i]) : ' ';
        if (is_word_char(c)) {
            if (word.size() < kWordBytesMax) word.push_back(c);
        } else if (!word.empty()) {
            out.push_back(std::move(word));
            word.clear();
        }
    }
    return out;
}

}  // namespace

bool is_clean_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto c = static_cast<unsigned char>(text[at]);
        const std::size_t bytes = c > 0 && c < 0x80 ? 1 : utf8_character_bytes(text, at);
        if (bytes == 0) return false;
        at += bytes;
    }
    return true;
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++count;
    }
    return count;
}

std::string_view trim(std::string_view text) {
    static constexpr std::string_view kBlanks[] = {" ",
                                                   "\t",
                                                   "\r",
                                                   "\n",
                                                   "\v",
                                                   "\f",
                                                   "\xC2\xA0",
                                                   "\xE3\x80\x80",
                                                   "\xE2\x80\x8B",
                                                   "\xEF\xBB\xBF",
                                                   "\xE1\x9A\x80",
                                                   "\xE2\x80\x80",
                                                   "\xE2\x80\x81",
                                                   "\xE2\x80\x82",
                                                   "\xE2\x80\x83",
                                                   "\xE2\x80\x84",
                                                   "\xE2\x80\x85",
                                                   "\xE2\x80\x86",
                                                   "\xE2\x80\x87",
                                                   "\xE2\x80\x88",
                                                   "\xE2\x80\x89",
                                                   "\xE2\x80\x8A",
                                                   "\xE2\x80\xA8",
                                                   "\xE2\x80\xA9",
                                                   "\xE2\x80\xAF",
                                                   "\xE2\x81\x9F"};
    // Most texts begin and end with an ASCII letter or digit.
    const auto is_plain = [](char c) { return c > ' ' && c < 0x7f; };
    bool again = true;
    while (again && !text.empty() && !(is_plain(text.front()) && is_plain(text.back()))) {
        again = false;
        for (const auto blank : kBlanks) {
            if (text.starts_with(blank)) {
                text.remove_prefix(blank.size());
                again = true;
            }
            if (text.ends_with(blank)) {
                text.remove_suffix(blank.size());
                again = true;
            }
        }
    }
    return text;
}

bool is_blank(std::string_view text) { return trim(text).empty(); }

std::string fold(std::string_view text) {
    std::string out;
    if (is_ascii(text)) {
        out.reserve(text.size());
        for (const char c : text) out.push_back(ascii_lower(c));
        return out;
    }
    fold_unicode(text).toUTF8String(out);
    return out;
}

std::vector<std::string> words_of(std::string_view text, std::size_t words_max) {
    if (is_ascii(text)) return ascii_words(text, words_max);
    thread_local std::unique_ptr<icu::BreakIterator> breaker = [] {
        UErrorCode status = U_ZERO_ERROR;
        return std::unique_ptr<icu::BreakIterator>(
            icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    }();
    if (breaker == nullptr) throw std::runtime_error("ICU's word break data is missing");
    const icu::UnicodeString folded = fold_unicode(text);
    breaker->setText(folded);
    std::vector<std::string> out;
    std::int32_t start = breaker->first();
    for (std::int32_t end = breaker->next(); end != icu::BreakIterator::DONE && out.size() < words_max;
         start = end, end = breaker->next()) {
        if (breaker->getRuleStatus() < UBRK_WORD_NONE_LIMIT) continue;
        std::string word;
        folded.tempSubStringBetween(start, end).toUTF8String(word);
        // ICU keeps "example.com" and "can't" whole; our words split there as the ASCII path does.
        if (is_ascii(word)) {
            for (auto& part : ascii_words(word, words_max)) out.push_back(std::move(part));
        } else if (word.size() <= kWordBytesMax) {
            out.push_back(std::move(word));
        }
    }
    if (out.size() > words_max) out.resize(words_max);
    return out;
}

std::string to_key(std::string_view text) {
    std::string out;
    for (const char c : fold(text)) {
        if (is_word_char(c)) {
            out.push_back(c);
        } else if (!out.empty() && out.back() != '-') {
            out.push_back('-');
        }
        if (out.size() == kKeyCharactersMax) break;
    }
    while (!out.empty() && out.back() == '-') out.pop_back();
    return out;
}

bool is_key(std::string_view text) {
    if (text.empty() || text.size() > kKeyCharactersMax || !is_word_char(text.front())) return false;
    for (const char c : text) {
        if (!is_word_char(c) && c != '-') return false;
    }
    return true;
}

}  // namespace firstline
