// The category tree that a fresh desk ships with (domain.md §3).
#pragma once

#include <span>
#include <string_view>

namespace firstline::app {

struct DefaultCategory {
    std::string_view key;
    std::string_view parent;  // "" = at the top; a parent stands before its children
    std::string_view name;
    std::string_view portal_label;  // what requesters choose; "" keeps it out of the portal
};
[[nodiscard]] std::span<const DefaultCategory> default_categories();

}  // namespace firstline::app
