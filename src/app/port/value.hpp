// What crosses the storage port: parameter values, result rows, named writes (storage.md §1, §4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"

namespace firstline::app {

struct Null {
    friend bool operator==(const Null&, const Null&) = default;
};
struct Blob {
    std::string bytes;
    friend bool operator==(const Blob&, const Blob&) = default;
};
// A list parameter: a JSON array for SQLite's json_each, an array literal for PostgreSQL's = ANY.
struct IntList {
    std::vector<std::int64_t> items;
    friend bool operator==(const IntList&, const IntList&) = default;
};
struct TextList {
    std::vector<std::string> items;
    friend bool operator==(const TextList&, const TextList&) = default;
};
// The feed position of the change's n-th entry; the engine puts the number in when the batch runs.
struct EntryPos {
    std::size_t entry = 0;
    friend bool operator==(const EntryPos&, const EntryPos&) = default;
};

using Value = std::variant<Null, std::int64_t, std::string, Blob, IntList, TextList, EntryPos>;

template <class Tag>
[[nodiscard]] Value value(Id<Tag> id) {
    return id.value;
}
template <class Tag>
[[nodiscard]] Value value_or_null(Id<Tag> id) {
    return id.is_set() ? Value{id.value} : Value{Null{}};
}
[[nodiscard]] inline Value value(Instant at) { return at.us; }
[[nodiscard]] inline Value value(bool flag) { return std::int64_t{flag ? 1 : 0}; }
[[nodiscard]] inline Value value(std::int64_t number) { return number; }
[[nodiscard]] inline Value value(int number) { return std::int64_t{number}; }
[[nodiscard]] inline Value value(std::string_view text) { return std::string(text); }
template <class T>
[[nodiscard]] Value value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : Value{Null{}};
}

// One result row; valid only during the call that hands it out. Columns count from 0.
class Row {
public:
    virtual ~Row() = default;
    [[nodiscard]] virtual bool is_null(int column) const = 0;
    [[nodiscard]] virtual std::int64_t integer(int column) const = 0;    // 0 for NULL
    [[nodiscard]] virtual std::string_view text(int column) const = 0;   // "" for NULL
    [[nodiscard]] virtual std::string_view bytes(int column) const = 0;  // "" for NULL

    [[nodiscard]] bool flag(int column) const { return integer(column) != 0; }
    [[nodiscard]] Instant instant(int column) const { return Instant{integer(column)}; }
    template <class IdType>
    [[nodiscard]] IdType id(int column) const {
        return IdType{integer(column)};
    }
    [[nodiscard]] std::optional<Instant> instant_or_none(int column) const {
        return is_null(column) ? std::nullopt : std::optional{instant(column)};
    }
    [[nodiscard]] std::optional<int> small_or_none(int column) const {
        return is_null(column) ? std::nullopt : std::optional{static_cast<int>(integer(column))};
    }
};

}  // namespace firstline::app
