// A request that the server itself answers with a problem.
#pragma once

#include <string_view>

namespace firstline::http {

// Why a request is not served. `closes`: the end of the request is not known, or not worth reading up to.
struct Refusal {
    unsigned status = 0;
    std::string_view code;
    std::string_view detail;
    bool closes = true;
};

}  // namespace firstline::http
