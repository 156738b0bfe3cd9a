// What the measured desk's incidents say: plain words of an IT desk, and four words whose share is known exactly.
#pragma once

#include <string>
#include <string_view>

#include "desk/plan.hpp"

namespace firstline::bench {

inline constexpr std::string_view kCommonWord = "printer";      // in one of five incidents
inline constexpr std::string_view kMiddlingWord = "projector";  // in one of 200
inline constexpr std::string_view kRareWord = "oscilloscope";   // in one of 10,000
inline constexpr std::string_view kAbsentWord = "typewriter";   // in none

[[nodiscard]] std::string title_at(const Plan& plan, std::int64_t age);
[[nodiscard]] std::string description_at(const Plan& plan, std::int64_t age);
// `size` bytes of the same kind of words, none of the four among them.
[[nodiscard]] std::string text_of(const Plan& plan, std::int64_t age, std::size_t size);

}  // namespace firstline::bench
