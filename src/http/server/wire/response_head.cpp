#include "http/server/wire/response_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace firstline::http {
namespace {

void append_number(std::string& out, std::uint64_t number, int base) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    out.append(digits.data(), end);
}

// A line end in a field would let its text write further fields: RFC 9110 §5.5 has it replaced.
void append_safe(std::string& out, std::string_view text) {
    const std::size_t start = out.size();
    out += text;
    if (text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos) return;
    std::ranges::replace_if(
        out.begin() + static_cast<std::ptrdiff_t>(start), out.end(),
        [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    append_safe(out, name);
    out += ": ";
    append_safe(out, value);
    out += "\r\n";
}

void append_body_end(std::string& out, const HeadFraming& framing) {
    switch (framing.end) {
        case BodyEnd::length:
            out += "Content-Length: ";
            append_number(out, framing.length, 10);
            out += "\r\n";
            break;
        case BodyEnd::chunks: out += "Transfer-Encoding: chunked\r\n"; break;
        case BodyEnd::none:
        case BodyEnd::close: break;
    }
}

}  // namespace

void append_head(std::string& out, const Response& response, const HeadFraming& framing) {
    if (response.status == 200) {
        out += "HTTP/1.1 200 OK\r\nDate: ";
    } else {
        out += "HTTP/1.1 ";
        append_number(out, response.status, 10);
        out += ' ';
        out += reason_phrase(response.status);
        out += "\r\nDate: ";
    }
    out += framing.date;
    out += "\r\n";
    if (!response.content_type.empty()) append_field(out, "Content-Type", response.content_type);
    append_body_end(out, framing);
    out += "X-Request-Id: ";
    out += framing.request_id;
    out += "\r\n";
    for (const Header& field : response.headers) append_field(out, field.name, field.value);
    if (!framing.keep_alive) {
        out += "Connection: close\r\n";
    } else if (framing.http_1_0) {
        out += "Connection: keep-alive\r\n";
    }
    out += "\r\n";
}

std::string http_date(std::time_t at) {
    static constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm parts{};
    ::gmtime_r(&at, &parts);
    std::string out;
    const auto two_digits = [&](int number) {
        out.push_back(static_cast<char>('0' + number / 10 % 10));
        out.push_back(static_cast<char>('0' + number % 10));
    };
    out += kDays.at(static_cast<std::size_t>(parts.tm_wday));
    out += ", ";
    two_digits(parts.tm_mday);
    out += ' ';
    out += kMonths.at(static_cast<std::size_t>(parts.tm_mon));
    out += ' ';
    append_number(out, static_cast<std::uint64_t>(parts.tm_year + 1900), 10);
    out += ' ';
    two_digits(parts.tm_hour);
    out += ':';
    two_digits(parts.tm_min);
    out += ':';
    two_digits(parts.tm_sec);
    out += " GMT";
    return out;
}

void append_chunk_size(std::string& out, std::size_t bytes) {
    append_number(out, bytes, 16);
    out += "\r\n";
}

}  // namespace firstline::http
