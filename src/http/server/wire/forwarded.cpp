#include "http/server/wire/forwarded.hpp"

#include <algorithm>
#include <ranges>

namespace firstline::http {
namespace {

constexpr std::string_view kField = "X-Forwarded-For";

std::string_view trimmed(std::string_view text) {
    const auto start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

// Some proxies add the port: "192.0.2.1:4711", "[2001:db8::1]:4711".
std::string_view without_port(std::string_view text) {
    if (text.starts_with('[')) return text.substr(0, std::min(text.find(']'), text.size() - 1) + 1);
    const auto colon = text.find(':');
    return colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos
               ? text.substr(0, colon)
               : text;
}

}  // namespace

std::string client_address(const Request& request, const IpNetworks& trusted) {
    auto last = trusted.empty() ? std::nullopt : parse_ip(request.remote_address);
    if (!last || !contains(trusted, *last)) return request.remote_address;
    // Each proxy adds at the end: from the last field back, and in each from the right.
    for (const Header& field : std::views::reverse(request.headers)) {
        if (!equal_ignoring_case(field.name, kField)) continue;
        for (std::string_view rest = field.value;;) {
            const auto comma = rest.rfind(',');
            const std::string_view named = trimmed(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
            const auto address = parse_ip(without_port(named));
            if (!address) return to_text(*last);
            last = address;
            if (!contains(trusted, *last)) return to_text(*last);
            if (comma == std::string_view::npos) break;
            rest = rest.substr(0, comma);
        }
    }
    return to_text(*last);
}

}  // namespace firstline::http
