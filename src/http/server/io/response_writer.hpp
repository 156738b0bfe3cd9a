// Sends one answer over a non-blocking socket: head, then body, source pieces or blocks of an event stream.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/server/io/io_thread.hpp"
#include "http/server/wire/response_head.hpp"

namespace firstline::http {

class ResponseWriter {
public:
    enum class Progress : std::uint8_t {
        done,     // all that was begun is with the system
        blocked,  // go on when the socket is writable
        yield,    // much was sent: go on after the others had a turn
        failed,   // the peer is gone, or the source failed
    };

    // `with_body` is false for HEAD and for statuses without a body.
    void begin(Response&& response, const HeadFraming& framing, bool with_body);
    // The next bytes of an event stream, after `done`; `last` ends it.
    void begin_block(std::string&& bytes, bool last);
    [[nodiscard]] Progress write(Socket& socket);
    void reset();

    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }  // sent since `reset`

private:
    [[nodiscard]] Progress write_parts(Socket& socket);
    [[nodiscard]] bool next_piece();  // false when the source failed

    // What is being sent is front, middle, back; `sent_` counts through all three.
    std::string front_;
    std::string middle_;
    std::string_view back_;
    std::size_t sent_ = 0;
    std::shared_ptr<BodySource> source_;
    std::uint64_t source_left_ = 0;  // where the length is known
    bool chunked_ = false;
    int pieces_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace firstline::http
