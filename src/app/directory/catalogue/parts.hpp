// What the four files of the catalogue share: names, pages of what the desk holds in memory.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "app/directory/config_change.hpp"
#include "app/directory/page.hpp"
#include "base/text.hpp"
#include "domain/incident/decide.hpp"

namespace firstline::app::catalogue_parts {

inline void check_key(const std::string& key, domain::FieldErrors& errors) {
    errors.need(is_key(key), "/key", "format", "A key is written in a–z, 0–9 and -, at most 64 of them.");
}

inline void apply_name(const std::optional<std::string>& given, std::string& to, bool is_new,
                       domain::FieldErrors& errors) {
    errors.need(given.has_value() || !is_new, "/name", "required", "A name is needed.");
    if (!given) return;
    errors.need(!is_blank(*given), "/name", "blank", "This must not be empty.");
    errors.need(count_characters(*given) <= kNameCharactersMax, "/name", "too_long",
                "At most " + std::to_string(kNameCharactersMax) + " characters.");
    to = std::string(trim(*given));
}

// The team of a key, or none for an empty one.
inline void apply_team(const domain::Desk& desk, const std::optional<std::string>& key, domain::TeamId& to,
                       const std::string& pointer, domain::FieldErrors& errors) {
    if (!key) return;
    const domain::Team* team = key->empty() ? nullptr : desk.team(*key);
    errors.need(key->empty() || team != nullptr, pointer, "not_found",
                "There is no team \"" + key->substr(0, 64) + "\".");
    const bool stays = team != nullptr && team->id == to;
    errors.need(team == nullptr || team->is_active || stays, pointer, "inactive", "This team was dissolved.");
    to = team == nullptr ? domain::TeamId{} : team->id;
}

inline std::string key_of_team(const domain::Desk& desk, domain::TeamId id) {
    const domain::Team* team = desk.team(id);
    return team == nullptr ? std::string() : team->key;
}

// A page of a map of records by key; `make` turns a record into an answer, none leaves it out.
template <class Answer, class Map, class Make>
[[nodiscard]] Page<Answer> page_of(const Map& records, std::optional<bool> is_active, const PageRequest& request,
                                   const Make& make) {
    std::map<std::string_view, const typename Map::mapped_type*> by_key;
    for (const auto& [id, record] : records) {
        if (record.key > request.after && is_active.value_or(record.is_active) == record.is_active)
            by_key.emplace(record.key, &record);
    }
    Page<Answer> out;
    std::string last;
    for (const auto& [key, record] : by_key) {
        std::optional<Answer> answer = make(*record);
        if (!answer) continue;
        if (static_cast<std::int64_t>(out.items.size()) == request.limit) {
            out.next = last;
            break;
        }
        out.items.push_back(std::move(*answer));
        last = key;
    }
    return out;
}

}  // namespace firstline::app::catalogue_parts
