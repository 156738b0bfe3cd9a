// The names of what an entry changed, in the words of the API (api.md §2): never a value, never a text.
#pragma once

#include <string_view>
#include <vector>

#include "app/feed/feed.hpp"

namespace firstline::app {

struct ChangedFields {
    std::vector<std::string_view> for_agents;  // literals; each once
    std::vector<std::string_view>
        for_requesters;  // only of the requester's list of api.md §2; empty where the entry is internal
};
// What a requester calls a field of an entry; "" where they know none of that name. `state` is `step`.
[[nodiscard]] std::string_view requester_name_of(std::string_view field);
// None of either where the entry cannot be read.
[[nodiscard]] ChangedFields changed_fields(const FeedEntry& entry);

}  // namespace firstline::app
