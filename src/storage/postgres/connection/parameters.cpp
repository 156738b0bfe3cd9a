#include "storage/postgres/connection/parameters.hpp"

#include <bit>
#include <cstring>
#include <type_traits>
#include <variant>

namespace firstline::storage::postgres {
namespace {

constexpr std::size_t kCountOffset = 12;  // after dimensions, null flag, element type
constexpr std::size_t kHeadSize = 20;

void write_big_endian(char* at, std::uint64_t word, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) at[i] = static_cast<char>(word >> (8 * (width - 1 - i)) & 0xFF);
}

}  // namespace

ColumnArray::ColumnArray(Type type) : type_(type) {
    put(1);
    put(0);
    put(static_cast<std::uint32_t>(type));
    put(0);
    put(1);
}

void ColumnArray::put(std::uint32_t word) {
    char bytes[4];
    write_big_endian(bytes, word, sizeof bytes);
    buffer_.append(bytes, sizeof bytes);
}

void ColumnArray::add(std::int64_t number) {
    const std::size_t width = type_ == Type::small ? 2 : 8;
    put(static_cast<std::uint32_t>(width));
    char bytes[8];
    write_big_endian(bytes, static_cast<std::uint64_t>(number), width);
    buffer_.append(bytes, width);
    ++count_;
}

void ColumnArray::add(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    buffer_.append(text);
    ++count_;
}

std::string_view ColumnArray::encoded() {
    if (count_ == 0) {  // an empty array has no dimension
        write_big_endian(buffer_.data(), 0, 4);
        return std::string_view(buffer_).substr(0, kCountOffset);
    }
    static_assert(kHeadSize == kCountOffset + 8);
    write_big_endian(buffer_.data() + kCountOffset, count_, 4);
    return buffer_;
}

void Parameters::add(std::int64_t number) {
    items_.push_back({{}, 0, false, static_cast<int>(own_.size())});
    own_.push_back(std::to_string(number));
}

void Parameters::add(const app::Value& value) {
    std::visit(
        [this](const auto& item) {
            using T = std::decay_t<decltype(item)>;
            if constexpr (std::is_same_v<T, std::int64_t>) {
                add(item);
            } else if constexpr (std::is_same_v<T, std::string>) {
                add_text(item);
            } else if constexpr (std::is_same_v<T, app::Blob>) {
                add_bytes(item.bytes);
            } else if constexpr (std::is_same_v<T, app::IntList> || std::is_same_v<T, app::TextList>) {
                items_.push_back({{}, 0, false, static_cast<int>(own_.size())});
                own_.push_back(array_literal(item.items));
            } else {
                add_null();
            }
        },
        value);
}

void Parameters::add_all(std::span<const app::Value> values) {
    for (const auto& value : values) add(value);
}

void Parameters::clear() {
    items_.clear();
    own_.clear();
}

Parameters::Wire Parameters::wire() const {
    values_.clear();
    lengths_.clear();
    formats_.clear();
    for (const auto& item : items_) {
        const std::string_view data =
            item.own < 0 ? item.data : std::string_view(own_[static_cast<std::size_t>(item.own)]);
        // libpq takes a null pointer for NULL, also where the length is 0.
        values_.push_back(item.is_null ? nullptr : data.data() == nullptr ? "" : data.data());
        lengths_.push_back(static_cast<int>(data.size()));
        formats_.push_back(item.format);
    }
    return {static_cast<int>(items_.size()), values_.data(), lengths_.data(), formats_.data()};
}

std::string array_literal(std::span<const std::int64_t> items) {
    std::string literal = "{";
    for (const auto item : items) {
        if (literal.size() > 1) literal += ',';
        literal += std::to_string(item);
    }
    return literal + "}";
}

std::string array_literal(std::span<const std::string> items) {
    std::string literal = "{";
    for (const auto& item : items) {
        if (literal.size() > 1) literal += ',';
        literal += '"';
        for (const char c : item) {
            if (c == '"' || c == '\\') literal += '\\';
            literal += c;
        }
        literal += '"';
    }
    return literal + "}";
}

}  // namespace firstline::storage::postgres
