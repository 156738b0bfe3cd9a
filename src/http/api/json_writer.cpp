#include "http/api/json_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace firstline::http {
namespace {

// Per byte: 0 = as it is, 'u' = \u00xx, else the letter after the backslash.
constexpr std::array<char, 256> make_escapes() {
    std::array<char, 256> out{};
    for (std::size_t i = 0; i < 0x20; ++i) out[i] = 'u';
    out['"'] = '"';
    out['\\'] = '\\';
    out['\n'] = 'n';
    out['\r'] = 'r';
    out['\t'] = 't';
    return out;
}
constexpr std::array<char, 256> kEscapes = make_escapes();

}  // namespace

void append_json_text(std::string& out, std::string_view value) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    const auto needs_escape = [](char c) { return kEscapes[static_cast<unsigned char>(c)] != 0; };
    const char* const end = value.data() + value.size();
    const char* from = value.data();
    const char* to = std::find_if(from, end, needs_escape);
    out += '"';
    while (to != end) {
        out.append(from, static_cast<std::size_t>(to - from));
        const auto byte = static_cast<unsigned char>(*to);
        out += '\\';
        out += kEscapes[byte];
        if (kEscapes[byte] == 'u') {
            out += "00";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        }
        from = to + 1;
        to = std::find_if(from, end, needs_escape);
    }
    out.append(from, static_cast<std::size_t>(end - from));
    out += '"';
}

void JsonWriter::before_value() {
    if (needs_comma_) out_.push_back(',');
    needs_comma_ = true;
}

JsonWriter& JsonWriter::open(char bracket) {
    before_value();
    out_.push_back(bracket);
    needs_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    out_.push_back(bracket);
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    before_value();
    append_json_text(out_, name);
    out_.push_back(':');
    needs_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
    before_value();
    append_json_text(out_, value);
    return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
    before_value();
    std::array<char, 24> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    out_.append(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    return *this;
}

JsonWriter& JsonWriter::flag(bool value) {
    before_value();
    out_ += value ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::null() {
    before_value();
    out_ += "null";
    return *this;
}

JsonWriter& JsonWriter::instant(Instant at) {
    before_value();
    out_.push_back('"');
    append_rfc3339(out_, at);
    out_.push_back('"');
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    before_value();
    out_ += json;
    return *this;
}

}  // namespace firstline::http
