// Lists page by page (api.md §1): keyset, with opaque signed cursors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace firstline::app {

struct PageRequest {
    std::string after;  // the sort key of the last item of the page before; "" from the start
    std::int64_t limit = 50;
};

template <class T>
struct Page {
    std::vector<T> items;
    std::string next;  // the sort key to go on after; "" at the end

    // Takes one more row of a query for limit + 1 rows.
    template <class KeyOf>
    void add(const PageRequest& request, T item, const KeyOf& key_of) {
        if (static_cast<std::int64_t>(items.size()) < request.limit) {
            items.push_back(std::move(item));
        } else {
            next = key_of(items.back());
        }
    }
};

// `list` names the list and its filters: a cursor of one is none of another. `secret`: the desk's.
[[nodiscard]] std::string make_key_cursor(std::string_view secret, std::string_view list, std::string_view key);
// The key within; error `request.invalid` at "?after" where the cursor is not of this list.
[[nodiscard]] Result<std::string> read_key_cursor(std::string_view secret, std::string_view list,
                                                  std::string_view cursor);

}  // namespace firstline::app
