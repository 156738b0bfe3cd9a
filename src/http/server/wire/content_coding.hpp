// Content codings of answers: the choice by Accept-Encoding (RFC 9110 §12.5.3), gzip and br.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/server/message.hpp"

namespace firstline::http {

enum class ContentCoding : std::uint8_t { identity, gzip, br };

// The coding with the highest q-value among those that we write; br before gzip before identity where equal. Identity for
// an empty or unreadable list.
[[nodiscard]] ContentCoding choose_coding(std::string_view accept_encoding);
// Text, JSON, JavaScript and SVG; never an event stream. Parameters (";charset=…") do not matter.
[[nodiscard]] bool is_compressible(std::string_view content_type);
// Nothing for identity, when the coder fails, and when the result would not be smaller. Cost: about 20 µs for 10 kB.
[[nodiscard]] std::optional<std::string> compress(std::string_view body, ContentCoding coding);

// Compresses the body of an answer where worth it, and says `Vary: Accept-Encoding` on what could be compressed. Leaves
// streams, sources, and bodies with a Content-Encoding of the handler's alone.
void encode_body(Response& response, ContentCoding coding);

}  // namespace firstline::http
