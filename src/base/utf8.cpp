#include "base/utf8.hpp"

namespace firstline {

std::size_t utf8_character_bytes(std::string_view text, std::size_t at) {
    const auto follows = [&](std::size_t place) {
        return place < text.size() && (static_cast<unsigned char>(text[place]) & 0xC0U) == 0x80U;
    };
    const auto c = static_cast<unsigned char>(text[at]);
    if (c == 0) return 0;
    if (c < 0x80) return 1;
    const auto second = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
    if (c >= 0xC2 && c <= 0xDF && follows(at + 1)) return 2;
    if (c >= 0xE0 && c <= 0xEF && follows(at + 1) && follows(at + 2) && !(c == 0xE0 && second < 0xA0) &&
        !(c == 0xED && second >= 0xA0)) {
        return 3;
    }
    if (c >= 0xF0 && c <= 0xF4 && follows(at + 1) && follows(at + 2) && follows(at + 3) &&
        !(c == 0xF0 && second < 0x90) && !(c == 0xF4 && second >= 0x90)) {
        return 4;
    }
    return 0;
}

std::string to_clean_utf8(std::string_view text) {
    static constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
    std::string out;
    out.reserve(text.size());
    bool is_broken = false;  // a run of broken bytes becomes one mark
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t bytes = utf8_character_bytes(text, at);
        if (bytes > 0) out += text.substr(at, bytes);
        if (bytes == 0 && !is_broken) out += kReplacement;
        is_broken = bytes == 0;
        at += bytes > 0 ? bytes : 1;
    }
    return out;
}

}  // namespace firstline
