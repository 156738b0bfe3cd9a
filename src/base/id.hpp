// Id<Tag>: an explicit, hashable number of one kind of record. 0 means "none".
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace firstline {

template <class Tag>
struct Id {
    std::int64_t value = 0;

    constexpr Id() = default;
    constexpr explicit Id(std::int64_t number) : value(number) {}
    [[nodiscard]] constexpr bool is_set() const { return value != 0; }
    friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

}  // namespace firstline

template <class Tag>
struct std::hash<firstline::Id<Tag>> {
    std::size_t operator()(const firstline::Id<Tag>& id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
