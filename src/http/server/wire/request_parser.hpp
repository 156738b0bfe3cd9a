// Bytes -> request or refusal (RFC 9112), without a socket. Grammar, chunks and lengths are read by Boost.Beast; what
// Beast leaves open (limits over the whole head, doubled lengths, unknown codings, hosts, targets) is decided here, and
// always for the strict side, because a proxy in front may read a doubtful request differently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "http/server/limits.hpp"
#include "http/server/message.hpp"
#include "http/server/wire/content_coding.hpp"
#include "http/server/wire/refusal.hpp"

namespace firstline::http {

struct ParserLimits {
    std::size_t header_bytes = kHeaderBytesMax;
    std::size_t target_bytes = kTargetBytesMax;
    std::size_t header_fields = kHeaderFieldsMax;
};

// What the head says about the message and the connection.
struct Framing {
    bool http_1_0 = false;
    bool keep_alive = false;
    bool head_method = false;
    bool has_body = false;
    bool expects_continue = false;
    std::optional<std::uint64_t> content_length;  // none for chunks
    ContentCoding coding = ContentCoding::identity;
};

enum class ParseEvent : std::uint8_t {
    need_more,  // feed the rest again together with further bytes
    head,       // the head is complete and a body follows: call `take_body`, then go on
    complete,   // `request()` is whole; `reset` before the next
    refused,    // see `refusal()`; without `closes` the request was read up to its end
};

class RequestParser {
public:
    explicit RequestParser(ParserLimits limits = {});
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    void reset();
    // Reads from the front of `bytes` up to the next event; `consumed` of them are done with. How the bytes are cut into
    // calls does not change the outcome. Not to be called after `complete` and `refused` before `reset`.
    [[nodiscard]] ParseEvent feed(std::string_view bytes, std::size_t& consumed);
    // After `head`: where the body goes (null: `Request::body`) and how many bytes it may have. `need_more`, or `refused`
    // when the declared length is already beyond.
    [[nodiscard]] ParseEvent take_body(std::uint64_t bytes_max, std::shared_ptr<BodySink> sink);

    [[nodiscard]] Request& request();
    [[nodiscard]] const Framing& framing() const;  // whole from `head`, `complete`, and `refused` without `closes` on
    [[nodiscard]] const Refusal& refusal() const;
    [[nodiscard]] bool started() const;              // a byte of a request has been consumed or seen
    [[nodiscard]] bool in_body() const;              // the head is done, the body is not
    [[nodiscard]] bool sink_waits() const;           // the sink's last answer was `wait`
    [[nodiscard]] bool refused_by_sink() const;      // the answer is the sink's `refusal()`
    [[nodiscard]] std::uint64_t body_bytes() const;  // of the body, without framing, so far

private:
    struct Message;
    class Reader;
    class Core;
    std::unique_ptr<Core> core_;
};

}  // namespace firstline::http
