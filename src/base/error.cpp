#include "base/error.hpp"

namespace firstline {

std::string_view to_string(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid: return "invalid";
        case ErrorKind::malformed: return "malformed";
        case ErrorKind::unauthenticated: return "unauthenticated";
        case ErrorKind::forbidden: return "forbidden";
        case ErrorKind::not_found: return "not_found";
        case ErrorKind::exists: return "exists";
        case ErrorKind::stale: return "stale";
        case ErrorKind::wrong_state: return "wrong_state";
        case ErrorKind::too_large: return "too_large";
        case ErrorKind::too_many: return "too_many";
        case ErrorKind::unavailable: return "unavailable";
        case ErrorKind::internal: return "internal";
    }
    return "internal";
}

}  // namespace firstline
