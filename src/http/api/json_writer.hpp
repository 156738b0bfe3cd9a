// Appending JSON text (RFC 8259), in order, without building a tree: answers are written once and sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace firstline::http {

class JsonWriter {
public:
    JsonWriter() { out_.reserve(1024); }

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }
    JsonWriter& key(std::string_view name);

    JsonWriter& text(std::string_view value);  // clean UTF-8
    JsonWriter& number(std::int64_t value);
    JsonWriter& flag(bool value);
    JsonWriter& null();
    JsonWriter& instant(Instant at);
    JsonWriter& raw(std::string_view json);  // already JSON

    JsonWriter& text_or_null(std::string_view value) { return value.empty() ? null() : text(value); }
    JsonWriter& number_or_null(const std::optional<int>& value) { return value ? number(*value) : null(); }
    JsonWriter& instant_or_null(const std::optional<Instant>& at) { return at ? instant(*at) : null(); }

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void before_value();

    std::string out_;
    bool needs_comma_ = false;
};

void append_json_text(std::string& out, std::string_view value);

}  // namespace firstline::http
