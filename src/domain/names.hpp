// One word everywhere: enumerator = wire value = column value (style.md "Names"). Each enum has one table of its words.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace firstline::domain {

template <class E>
struct Words;  // specialized beside each enum: static constexpr std::array kWords{...} in the enum's order

template <class E>
concept Worded = requires { Words<E>::kWords; };

template <Worded E>
[[nodiscard]] constexpr std::string_view to_string(E value) {
    return Words<E>::kWords[static_cast<std::size_t>(value)];
}

template <Worded E>
[[nodiscard]] constexpr std::optional<E> parse_word(std::string_view word) {
    for (std::size_t i = 0; i < Words<E>::kWords.size(); ++i) {
        if (Words<E>::kWords[i] == word) return static_cast<E>(i);
    }
    return std::nullopt;
}

template <Worded E>
inline constexpr std::size_t kCount = Words<E>::kWords.size();

}  // namespace firstline::domain
