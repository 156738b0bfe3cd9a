// Fuzzes the boundary between bytes and requests (src/http/server/wire/request_parser.hpp). Beside crashes it looks for
// two wrongs: an outcome that depends on how the bytes arrive, and a request that breaks a promise of its type.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "http/server/wire/request_parser.hpp"
#include "http/server/wire/request_rules.hpp"
#include "http/server/wire/response_head.hpp"

namespace {

using namespace firstline::http;

constexpr std::uint64_t kBodyBytes = 300;

void require(bool holds) {
    if (!holds) std::abort();
}

class CollectingSink final : public BodySink {
public:
    Take take(std::string_view piece) override {
        bytes_ += piece;
        return bytes_.find("refuse") == std::string::npos ? Take::more : Take::refuse;
    }
    std::string bytes_;
};

void check_promises(const Request& request, const Framing& framing) {
    require(!request.method.empty() && !request.target.empty() && !request.path.empty());
    require(firstline::is_clean_utf8(request.path));
    require(request.path.front() == '/' || (request.path == "*" && request.method == "OPTIONS"));
    require(request.headers.size() <= kHeaderFieldsMax && request.target.size() <= kTargetBytesMax);
    require(request.request_id.empty() || is_request_id(request.request_id));
    require(framing.has_body || (request.body.empty() && !request.sink));
    require(!framing.content_length || !framing.has_body || request.sink ||
            request.body.size() == *framing.content_length);
    for (const Header& field : request.headers) {
        require(!field.name.empty());
        require(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    }
}

std::string describe(const RequestParser& parser, Request& request) {
    std::string text = request.method + ' ' + request.path + '?' + request.query + '\n';
    for (const Header& field : request.headers) text += field.name + ": " + field.value + '\n';
    text += parser.framing().keep_alive ? "keep\n" : "close\n";
    text += std::to_string(static_cast<int>(parser.framing().coding)) + request.request_id + '\n';
    const auto sink = std::static_pointer_cast<CollectingSink>(request.sink);
    return text + (sink ? sink->bytes_ : request.body);
}

// The requests in `bytes`, cut into pieces of `piece`, up to the first refusal that closes.
std::vector<std::string> parse(std::string_view bytes, std::size_t piece) {
    std::vector<std::string> seen;
    RequestParser parser;
    std::string buffer;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        buffer += bytes.substr(at, piece);
        for (bool more = true; more;) {
            std::size_t consumed = 0;
            ParseEvent event = parser.feed(buffer, consumed);
            require(consumed <= buffer.size());
            buffer.erase(0, consumed);
            if (event == ParseEvent::head) {
                const bool to_sink = parser.request().method == "PUT";
                event = parser.take_body(kBodyBytes, to_sink ? std::make_shared<CollectingSink>() : nullptr);
                if (event == ParseEvent::need_more) continue;
            }
            if (event == ParseEvent::refused) {
                const Refusal& refusal = parser.refusal();
                require(refusal.status >= 400 && !refusal.code.empty() && !refusal.detail.empty());
                seen.push_back("refused " + std::to_string(refusal.status));
                if (refusal.closes) return seen;
                parser.reset();
            } else if (event == ParseEvent::complete) {
                check_promises(parser.request(), parser.framing());
                require(parser.body_bytes() <= kBodyBytes);
                seen.push_back(describe(parser, parser.request()));
                parser.reset();
            } else {
                more = false;
            }
        }
    }
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t piece = 1 + data[0] % 16U;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto whole = parse(bytes, std::max<std::size_t>(bytes.size(), 1));
    require(parse(bytes, piece) == whole);
    return 0;
}
