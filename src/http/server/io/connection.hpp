// One connection: reads requests, one at a time, and sends their answers. All of it runs on the connection's I/O thread
// but `answer` and `abandon`, which go there.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "http/server/io/io_thread.hpp"
#include "http/server/io/read_buffer.hpp"
#include "http/server/io/response_writer.hpp"
#include "http/server/responder.hpp"
#include "http/server/wire/request_parser.hpp"

namespace firstline::http {

//            ┌───────────── keep-alive ──────────────┐
//            ▼                                       │
//         reading ── whole request ──▶ handling ──▶ answering ──▶ streaming
//            │ refused, timed out                    ▲  │ close        │ end
//            └───────────────────────────────────────┘  ▼              ▼
//                                    closed ◀────── lingering ◀────────┘        (closed is reached from everywhere)
class Connection final : public Exchange, public std::enable_shared_from_this<Connection> {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    Connection(std::shared_ptr<IoThread> io, Socket socket, std::string remote_address);

    void start();
    void refuse_busy();        // 503, then close
    void tick(TimePoint now);  // looks for what has timed out
    void drain();              // closes when idle, ends a stream; requests under way are the last ones
    void shut();               // at once

    void answer(std::uint64_t turn, Response&& response) override;
    void abandon(std::uint64_t turn) override;

private:
    friend class IoThread;
    enum class Phase : std::uint8_t { reading, handling, answering, streaming, lingering, closed };

    // Goes on until something has to be waited for. Each step is true when the next phase can go on at once.
    void run();
    bool step();
    bool read_on();
    bool write_on();
    bool stream_on();

    void read();
    void on_read(const boost::system::error_code& code, std::size_t count);
    void on_read_end(const boost::system::error_code& code);
    bool take_head();
    [[nodiscard]] BodyPolicy body_policy();
    // Sets memory aside for the body that is announced; false when the server has no more for bodies.
    [[nodiscard]] bool set_memory_aside(std::uint64_t bytes);
    void release_memory();
    void answer_busy(std::string_view detail);
    void identify();  // completes the request that is being read: its id, its peer
    void dispatch();
    void refuse(const Refusal& refusal);

    void on_answer(std::uint64_t turn, Response&& response);
    void on_abandon(std::uint64_t turn);
    void begin_answer(Response&& response, bool keep);
    bool finish_answer();
    void begin_stream();
    void wait_until_writable();
    void linger();
    void log_access(TimePoint now);

    void tick_reading(TimePoint now);
    void tick_streaming(TimePoint now);
    [[nodiscard]] bool takes_too_little(TimePoint now) const;

    std::shared_ptr<IoThread> io_;
    Socket socket_;
    std::string remote_address_;
    std::size_t slot_ = 0;  // in the I/O thread's list

    Phase phase_ = Phase::reading;
    bool running_ = false;
    bool read_pending_ = false;
    bool write_pending_ = false;
    bool peer_done_ = false;   // the client has closed its direction
    bool head_timed_ = false;  // since_ is the arrival of the head's first byte
    bool first_request_ = true;
    bool identified_ = false;
    bool keep_ = false;
    bool sink_waits_ = false;
    TimePoint since_;  // of the idle time, of the head's or the body window's start, of the stream's last bytes
    std::uint64_t body_mark_ = 0;  // body bytes at the window's start
    bool stalled_ = false;         // the client takes less than it should, since then and from that many bytes on
    TimePoint stalled_since_;
    std::uint64_t stalled_mark_ = 0;
    std::uint64_t lingered_bytes_ = 0;
    std::uint64_t memory_bytes_ = 0;  // set aside for the body of the request under way

    ReadBuffer buffer_;
    RequestParser parser_;
    std::uint64_t turn_ = 0;
    TimePoint request_at_;
    std::string request_id_;
    std::string method_;  // for the access log, when there is one
    std::string path_;

    ResponseWriter writer_;
    unsigned status_ = 0;
    std::shared_ptr<EventSource> stream_;
    std::string block_;
    std::size_t block_bytes_ = 0;  // of the stream's in the block that is being sent
    bool stream_ended_ = false;
};

}  // namespace firstline::http
