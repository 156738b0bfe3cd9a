// Errors as values (style.md "Errors"): kinds are told apart by what the caller can do next and know nothing of HTTP.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace firstline {

enum class ErrorKind : std::uint8_t {
    invalid,          // understood and refused: change the input
    malformed,        // not parseable: change the bytes
    unauthenticated,  // say who you are
    forbidden,        // visible, but not allowed to this caller
    not_found,        // does not exist for this caller
    exists,           // the key is taken
    stale,            // a guarded field has changed: read again
    wrong_state,      // the record's state does not allow it now
    too_large,        // send less
    too_many,         // wait, then again
    unavailable,      // a part of the desk is down or busy: again later
    internal,         // a defect of ours
};

// One field's refusal; `pointer` is an RFC 6901 JSON pointer into the request body, or "?name" for a query parameter.
struct FieldError {
    std::string pointer;
    std::string code;
    std::string detail;
};

struct Error {
    ErrorKind kind = ErrorKind::internal;
    std::string code;    // stable, dotted
    std::string detail;  // one sentence for a person, no secrets, no SQL
    std::vector<FieldError> fields{};
    // JSON members added to the problem body, already serialized, e.g. {"state", "\"closed\""}.
    std::vector<std::pair<std::string, std::string>> extra{};
};

[[nodiscard]] std::string_view to_string(ErrorKind kind);

}  // namespace firstline
