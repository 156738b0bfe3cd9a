// Cursors of lists: opaque, signed, bound to what they page through (storage.md §5 "Lists").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace firstline::app {

// `bound_to`: list, sort and filter in one text; a cursor of another list or filter is refused.
[[nodiscard]] std::string make_cursor(std::string_view secret, std::string_view bound_to,
                                      const std::vector<std::int64_t>& last_key);
[[nodiscard]] std::optional<std::vector<std::int64_t>> read_cursor(std::string_view secret, std::string_view bound_to,
                                                                   std::string_view cursor);

}  // namespace firstline::app
