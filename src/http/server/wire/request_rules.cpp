#include "http/server/wire/request_rules.hpp"

#include <algorithm>
#include <array>

#include "http/server/limits.hpp"

namespace firstline::http {
namespace {

bool is_alnum(char c) { return is_decimal(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

bool is_decimal(char c) { return c >= '0' && c <= '9'; }

bool is_token_char(char c) {
    return is_alnum(c) || (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool is_host(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return is_alnum(c) || std::string_view("-._~%!$&'()*+,;=:[]").find(c) != std::string_view::npos;
    });
}

bool is_known_method(std::string_view method) {
    static constexpr std::array<std::string_view, 7> kMethods{"GET",   "POST",   "HEAD",   "PUT",
                                                              "PATCH", "DELETE", "OPTIONS"};
    return std::ranges::find(kMethods, method) != kMethods.end();
}

bool names_other_version(std::string_view line) {
    const std::size_t method_end = line.find(' ');
    const std::size_t target_end = method_end == std::string_view::npos ? method_end : line.find(' ', method_end + 1);
    if (target_end == std::string_view::npos) return false;
    const std::string_view version = line.substr(target_end + 1, 8);
    if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || version[6] != '.') return false;
    if (!is_decimal(version[5]) || !is_decimal(version[7])) return false;
    return version[5] != '1' || version[7] > '1';
}

bool is_request_id(std::string_view text) {
    if (text.empty() || text.size() > kRequestIdBytesMax) return false;
    return std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '.' || c == '_' || c == '-'; });
}

}  // namespace firstline::http
