// What a request may not be, as rows: status, code, sentence, and whether the connection must end.
#pragma once

#include <string_view>

#include "http/server/wire/refusal.hpp"

namespace firstline::http {

inline constexpr std::string_view kMalformed = "request.malformed";
inline constexpr std::string_view kTooLarge = "request.too_large";

inline constexpr Refusal kBadSyntax{400, kMalformed, "The request is not HTTP/1.1 as RFC 9112 writes it.", true};
inline constexpr Refusal kBadVersion{505, "request.version_unsupported", "Only HTTP/1.1 and HTTP/1.0 are spoken here.",
                                     true};
inline constexpr Refusal kLongTarget{414, kTooLarge, "The request's target is too long.", true};
inline constexpr Refusal kLongHead{431, kTooLarge, "The request's header fields are too large or too many.", true};
inline constexpr Refusal kLongBody{413, kTooLarge, "The request's body is too large.", true};
inline constexpr Refusal kBadCoding{501, "request.coding_unsupported", "Transfer-Encoding may only be chunked.", true};
inline constexpr Refusal kBadLength{400, kMalformed, "Content-Length and Transfer-Encoding contradict each other.",
                                    true};
inline constexpr Refusal kBadHost{400, kMalformed, "Exactly one valid Host field is needed.", true};
inline constexpr Refusal kBadMethod{501, "request.method_unsupported", "The request's method is not supported.", false};
inline constexpr Refusal kBadExpectation{417, "request.expectation_failed", "Expect may only be 100-continue.", false};
inline constexpr Refusal kBadTarget{400, kMalformed, "The request's target is not a valid URL.", false};
inline constexpr Refusal kSinkRefused{500, "server.internal", "The upload could not be stored.", true};
inline constexpr Refusal kSlow{408, "request.timeout", "The request did not arrive in time.", true};
inline constexpr Refusal kCutOff{400, kMalformed, "The request ended before it was whole.", true};

[[nodiscard]] bool is_decimal(char c);
[[nodiscard]] bool is_token_char(char c);  // RFC 9110 §5.6.2
// uri-host [":" port], loosely: what no authority contains is refused.
[[nodiscard]] bool is_host(std::string_view text);
// One that servers know; whether a path takes it is another question.
[[nodiscard]] bool is_known_method(std::string_view method);
// The request line names some version d.d that is not ours, as opposed to no version at all.
[[nodiscard]] bool names_other_version(std::string_view line);
// [A-Za-z0-9._-]{1,64}
[[nodiscard]] bool is_request_id(std::string_view text);

}  // namespace firstline::http
