// The head of an answer as bytes (RFC 9112 §4, §6), and the date of RFC 9110 §5.6.7.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "http/server/message.hpp"

namespace firstline::http {

// How a client knows the end of the body.
enum class BodyEnd : std::uint8_t { none, length, chunks, close };

struct HeadFraming {
    BodyEnd end = BodyEnd::length;
    std::uint64_t length = 0;
    bool http_1_0 = false;
    bool keep_alive = true;
    std::string_view date;  // as http_date writes it
    std::string_view request_id;
};

// Appends status line and fields up to and with the empty line.
void append_head(std::string& out, const Response& response, const HeadFraming& framing);
// "Sun, 06 Nov 1994 08:49:37 GMT"
[[nodiscard]] std::string http_date(std::time_t at);
// "1a2b\r\n"
void append_chunk_size(std::string& out, std::size_t bytes);

}  // namespace firstline::http
