// Parameters as libpq wants them: numbers as text (the server parses them into whatever integer type the place has),
// texts and bytes binary with their length, lists as array literals, whole columns as binary arrays for unnest().
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/port/value.hpp"

namespace firstline::storage::postgres {

// A column of values for unnest(): PostgreSQL's binary array format, one dimension, no NULL.
class ColumnArray {
public:
    enum class Type : std::uint32_t { bytes = 17, big = 20, small = 21, text = 25 };  // type OIDs
    explicit ColumnArray(Type type);
    void add(std::int64_t number);    // big and small
    void add(std::string_view text);  // bytes and text
    // The encoded array; valid until the next call of a member.
    [[nodiscard]] std::string_view encoded();

private:
    void put(std::uint32_t word);
    std::string buffer_;
    std::uint32_t count_ = 0;
    Type type_;
};

// Views what it is given: texts, bytes and arrays must outlive it.
class Parameters {
public:
    Parameters() = default;
    void add(std::int64_t number);
    void add_text(std::string_view text) { items_.push_back({text, 1, false}); }
    void add_bytes(std::string_view bytes) { items_.push_back({bytes, 1, false}); }
    void add_text(std::string&&) = delete;
    void add_bytes(std::string&&) = delete;
    void add_null() { items_.push_back({{}, 0, true}); }
    void add(ColumnArray& column) { items_.push_back({column.encoded(), 1, false}); }
    // An EntryPos is the engine's to resolve beforehand: it is taken as NULL here.
    void add(const app::Value& value);
    void add_all(std::span<const app::Value> values);
    void clear();

    struct Wire {
        int count = 0;
        const char* const* values = nullptr;
        const int* lengths = nullptr;
        const int* formats = nullptr;
    };
    [[nodiscard]] Wire wire() const;

private:
    struct Item {
        std::string_view data;
        int format = 0;
        bool is_null = false;
        int own = -1;  // index into own_: a number or an array literal
    };
    std::vector<Item> items_;
    std::vector<std::string> own_;
    mutable std::vector<const char*> values_;
    mutable std::vector<int> lengths_, formats_;
};

[[nodiscard]] std::string array_literal(std::span<const std::int64_t> items);
[[nodiscard]] std::string array_literal(std::span<const std::string> items);

}  // namespace firstline::storage::postgres
