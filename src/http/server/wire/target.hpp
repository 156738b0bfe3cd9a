// Request targets (RFC 9112 §3.2, RFC 3986): the path decoded, the query left as it came.
#pragma once

#include <string>
#include <string_view>

namespace firstline::http {

// Takes origin-form "/a%20b?q", absolute-form "http://host/a" and, where `asterisk` allows it (OPTIONS), "*". False for
// anything else: a fragment, a broken percent-encoding, a path that is not clean UTF-8 (NUL included); `path` is then empty.
[[nodiscard]] bool split_target(std::string_view target, bool asterisk, std::string& path, std::string& query);

// Decodes %XX; '+' stays. False for a '%' without two hex digits.
[[nodiscard]] bool percent_decode(std::string_view text, std::string& out);

}  // namespace firstline::http
