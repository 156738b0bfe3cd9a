#include "http/server/wire/target.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "http/server/message.hpp"

namespace firstline::http {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7F && c != '%';
}

// "http://host:1/a?b" -> "/a?b", "http://host" -> "/". False when it is no http URL with an authority.
bool strip_authority(std::string_view& target, std::string& holder) {
    for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
        if (target.size() <= scheme.size() || !equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        const std::string_view rest = target.substr(scheme.size());
        const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
        if (end == 0) return false;
        target = rest.substr(end);
        if (target.empty() || target.front() == '?') {
            holder.reserve(target.size() + 1);
            holder.push_back('/');
            holder += target;
            target = holder;
        }
        return true;
    }
    return false;
}

}  // namespace

bool percent_decode(std::string_view text, std::string& out) {
    out.clear();
    if (text.find('%') == std::string_view::npos) {
        out = text;
        return true;
    }
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out.push_back(text[i]);
            continue;
        }
        if (text.size() - i < 3) return false;
        const int high = hex_value(text[i + 1]);
        const int low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return false;
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return true;
}

bool split_target(std::string_view target, bool asterisk, std::string& path, std::string& query) {
    path.clear();
    query.clear();
    if (target == "*" && asterisk) {
        path = target;
        return true;
    }
    std::string holder;
    if (target.find('#') != std::string_view::npos) return false;
    if (target.empty() || (target.front() != '/' && !strip_authority(target, holder))) return false;
    const std::size_t mark = target.find('?');
    if (mark != std::string_view::npos) query = target.substr(mark + 1);
    const std::string_view raw = target.substr(0, mark);
    if (std::ranges::all_of(raw, is_plain)) {
        path = raw;
        return true;
    }
    if (percent_decode(raw, path) && is_clean_utf8(path)) return true;
    path.clear();
    return false;
}

}  // namespace firstline::http
