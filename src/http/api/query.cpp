#include "http/api/query.hpp"

#include <charconv>

#include "base/text.hpp"

namespace firstline::http {
namespace {

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out.push_back(' ');
        } else if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex(text[i + 1]);
            const int low = hex(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

}  // namespace

Result<QueryPairs> parse_query(std::string_view raw) {
    QueryPairs out;
    while (!raw.empty()) {
        const auto end = raw.find('&');
        const auto part = raw.substr(0, end);
        raw = end == std::string_view::npos ? std::string_view{} : raw.substr(end + 1);
        if (part.empty()) continue;
        const auto equals = part.find('=');
        const auto name = decode(part.substr(0, equals));
        const auto value = decode(equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1));
        if (!name || !value || !is_clean_utf8(*name) || !is_clean_utf8(*value)) {
            return fail(ErrorKind::malformed, "request.malformed", "The query string is not percent-encoded UTF-8.");
        }
        out.emplace_back(*name, *value);
    }
    return out;
}

void QueryFields::refuse(std::string_view name, std::string code, std::string detail) {
    errors_.push_back({"?" + std::string(name.substr(0, 64)), std::move(code), std::move(detail)});
}

std::vector<std::string> QueryFields::all(std::string_view name) {
    asked_.emplace(name);
    std::vector<std::string> out;
    for (const auto& [key, value] : pairs_) {
        if (key == name) out.push_back(value);
    }
    return out;
}

std::optional<std::string> QueryFields::one(std::string_view name) {
    auto values = all(name);
    if (values.size() > 1) refuse(name, "duplicate", "Give it once.");
    if (values.empty()) return std::nullopt;
    return std::move(values.front());
}

std::int64_t QueryFields::number(std::string_view name, std::int64_t preset, std::int64_t min, std::int64_t max) {
    const auto given = one(name);
    if (!given) return preset;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), number);
    if (error != std::errc{} || end != given->data() + given->size()) {
        refuse(name, "type", "A whole number is needed.");
        return preset;
    }
    if (number < min || number > max) {
        refuse(name, "range", "From " + std::to_string(min) + " to " + std::to_string(max) + ".");
        return preset;
    }
    return number;
}

void QueryFields::finish() {
    std::set<std::string, std::less<>> reported;
    for (const auto& [key, value] : pairs_) {
        if (!asked_.contains(key) && reported.insert(key).second)
            refuse(key, "unknown", "There is no such parameter here.");
    }
}

}  // namespace firstline::http
