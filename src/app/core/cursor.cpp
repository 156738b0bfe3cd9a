#include "app/core/cursor.hpp"

#include <charconv>

#include "base/crypto.hpp"

namespace firstline::app {
namespace {

constexpr std::size_t kMacBytes = 12;
constexpr std::size_t kCursorBytesMax = 512;

std::string mac_of(std::string_view secret, std::string_view bound_to, std::string_view key) {
    std::string text = "cursor\n";
    text += bound_to;
    text += '\n';
    text += key;
    return std::string(as_bytes(hmac_sha256(secret, text)).substr(0, kMacBytes));
}

}  // namespace

std::string make_cursor(std::string_view secret, std::string_view bound_to, const std::vector<std::int64_t>& last_key) {
    std::string key;
    for (const std::int64_t part : last_key) {
        if (!key.empty()) key.push_back('.');
        key += std::to_string(part);
    }
    return to_base64url(mac_of(secret, bound_to, key) + key);
}

std::optional<std::vector<std::int64_t>> read_cursor(std::string_view secret, std::string_view bound_to,
                                                     std::string_view cursor) {
    if (cursor.size() > kCursorBytesMax) return std::nullopt;
    const auto bytes = from_base64url(cursor);
    if (!bytes || bytes->size() <= kMacBytes) return std::nullopt;
    const std::string_view key = std::string_view(*bytes).substr(kMacBytes);
    if (!equal_in_constant_time(std::string_view(*bytes).substr(0, kMacBytes), mac_of(secret, bound_to, key)))
        return std::nullopt;
    std::vector<std::int64_t> out;
    std::string_view rest = key;
    while (!rest.empty()) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        if (error != std::errc{}) return std::nullopt;
        out.push_back(number);
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        if (!rest.empty()) rest.remove_prefix(1);
    }
    return out;
}

}  // namespace firstline::app
