// The requests of a load, ready as bytes (RFC 9112). The file has one a line: METHOD TARGET [BODY], the body as JSON
// without line breaks. They are sent in order, again from the first after the last. A POST gets an Idempotency-Key that
// no other request has.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace firstline::bench {

class RequestSource {
public:
    // Errors: `load.requests` (the file is missing, empty, or has a line that is none).
    [[nodiscard]] static Result<RequestSource> open(const std::string& path, const std::string& token);

    // The next request; the text lives until the next call.
    [[nodiscard]] std::string_view next();

private:
    struct Template {
        std::string before_key;  // the whole request where it takes no key
        std::string after_key;
        bool takes_key = false;
    };
    [[nodiscard]] static Result<Template> read_line(std::string_view line, const std::string& token);

    std::vector<Template> templates_;
    std::size_t place_ = 0;
    std::string key_prefix_;  // random for each run
    std::uint64_t keys_ = 0;
    std::string text_;
};

}  // namespace firstline::bench
