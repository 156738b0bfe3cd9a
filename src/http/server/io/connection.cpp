// Life cycle, reading, time-outs. The answers' side is in connection_answer.cpp.
#include "http/server/io/connection.hpp"

#include <fmt/format.h>

#include "http/server/wire/request_rules.hpp"

namespace firstline::http {
namespace {

using std::chrono::steady_clock;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
ParserLimits parser_limits(const ServerOptions& options) {
    ParserLimits limits;
    limits.header_bytes = std::min(options.header_bytes_max, kReadBufferBytesMax / 2);  // it must fit into the buffer
    limits.target_bytes = std::min(limits.target_bytes, limits.header_bytes);
    return limits;
}

}  // namespace

Connection::Connection(std::shared_ptr<IoThread> io, Socket socket, std::string remote_address)
    : io_(std::move(io)),
      socket_(std::move(socket)),
      remote_address_(std::move(remote_address)),
      since_(steady_clock::now()),
      parser_(parser_limits(io_->options())),
      request_at_(since_) {}

void Connection::start() { run(); }

void Connection::refuse_busy() {
    identify();
    answer_busy("Too many connections are open.");
    run();
}

void Connection::drain() {
    if (phase_ == Phase::reading && !parser_.started() && buffer_.empty()) return shut();
    if (stream_) stream_->close();
}

void Connection::shut() {
    if (phase_ == Phase::closed) return;
    if (phase_ == Phase::answering || phase_ == Phase::streaming) log_access(steady_clock::now());
    phase_ = Phase::closed;
    ++turn_;  // what is answered now is for nobody
    boost::system::error_code ignored;
    socket_.close(ignored);
    writer_.reset();
    if (const auto sink = parser_.request().sink) sink->on_resume(nullptr);
    parser_.reset();
    release_memory();
    const auto stream = std::exchange(stream_, nullptr);
    const auto self = shared_from_this();
    io_->forget(*this);
    if (stream) stream->gone();
}

void Connection::run() {
    if (running_) return;  // called from inside the loop: it goes on by itself
    running_ = true;
    try {
        while (step()) {}
    } catch (const std::exception& error) {
        // Of a sink, a source or a log: whatever state this exchange is in, it cannot be finished.
        io_->log_error(fmt::format("Request {}: {}", request_id_, error.what()));
        shut();
    }
    running_ = false;
}

bool Connection::step() {
    switch (phase_) {
        case Phase::reading: return read_on();
        case Phase::answering: return write_on();
        case Phase::streaming: return stream_on();
        case Phase::handling:
        case Phase::lingering:
        case Phase::closed: return false;
    }
    return false;
}

bool Connection::read_on() {
    if (sink_waits_) return false;
    if (!buffer_.empty()) {
        std::size_t consumed = 0;
        const ParseEvent event = parser_.feed(buffer_.view(), consumed);
        buffer_.consume(consumed);
        switch (event) {
            case ParseEvent::head: return take_head();
            case ParseEvent::complete: dispatch(); return true;
            case ParseEvent::refused: refuse(parser_.refusal()); return true;
            case ParseEvent::need_more: break;
        }
        if (parser_.started() && !head_timed_) {
            head_timed_ = true;
            since_ = steady_clock::now();
        }
        sink_waits_ = parser_.sink_waits();
        if (sink_waits_) return false;
    }
    read();
    return false;
}

void Connection::read() {
    if (read_pending_) return;
    read_pending_ = true;
    const bool much = phase_ == Phase::lingering || parser_.in_body();
    const std::span<char> room = buffer_.prepare(much ? kReadBufferBytesMax : kReadBufferBytesMin);
    socket_.async_read_some(asio::buffer(room.data(), room.size()),
                            [self = shared_from_this()](const boost::system::error_code& code, std::size_t count) {
                                self->on_read(code, count);
                            });
}

void Connection::on_read(const boost::system::error_code& code, std::size_t count) {
    read_pending_ = false;
    if (phase_ == Phase::closed) return;
    if (code) return on_read_end(code);
    if (phase_ == Phase::reading) {
        buffer_.commit(count);
        return run();
    }
    // Bytes that belong to no request any more: a stream's client says nothing of interest, a closing connection's neither.
    if (phase_ == Phase::lingering) {
        lingered_bytes_ += count;
        if (lingered_bytes_ > kLingerBytesMax) return shut();
    }
    if (phase_ == Phase::lingering || phase_ == Phase::streaming) read();
}

void Connection::on_read_end(const boost::system::error_code& code) {
    peer_done_ = true;
    if (phase_ == Phase::answering || phase_ == Phase::handling) return;  // a late read: the answer is still sent
    if (phase_ == Phase::reading && code == asio::error::eof && parser_.started()) {
        refuse(kCutOff);
        return run();
    }
    shut();
}

void Connection::identify() {
    if (identified_) return;
    identified_ = true;
    request_at_ = steady_clock::now();
    Request& request = parser_.request();
    if (request.request_id.empty()) request.request_id = io_->new_request_id();
    request.remote_address = remote_address_;
    request.io_thread = io_->index();
    request_id_ = request.request_id;
    if (io_->options().access_log) {
        method_ = request.method;
        path_ = request.path.empty() ? request.target : request.path;
    }
}

BodyPolicy Connection::body_policy() {
    try {
        if (io_->options().body_policy) return io_->options().body_policy(parser_.request());
    } catch (const std::exception& error) {
        io_->log_error(fmt::format("Request {}: the body policy failed: {}", request_id_, error.what()));
        return {.refusal = problem(500, "server.internal", "The request could not be handled.", request_id_)};
    }
    return {};
}

bool Connection::set_memory_aside(std::uint64_t bytes) {
    auto& used = io_->state().body_bytes;
    if (used.fetch_add(bytes) + bytes > io_->options().body_memory_bytes_max) {
        used.fetch_sub(bytes);
        return false;
    }
    memory_bytes_ = bytes;
    return true;
}

void Connection::release_memory() {
    if (memory_bytes_ > 0) io_->state().body_bytes.fetch_sub(std::exchange(memory_bytes_, 0));
}

void Connection::answer_busy(std::string_view detail) {
    Response response = problem(503, "server.busy", detail, request_id_);
    response.headers.push_back({"Retry-After", std::to_string(kRetryAfterSeconds)});
    begin_answer(std::move(response), false);
}

bool Connection::take_head() {
    identify();
    BodyPolicy policy = body_policy();
    if (policy.refusal) {
        begin_answer(std::move(*policy.refusal), false);
        return true;
    }
    if (policy.sink) {
        policy.sink->on_resume([io = io_, weak = weak_from_this()] {
            io->post([weak] {
                const auto self = weak.lock();
                if (!self || !std::exchange(self->sink_waits_, false)) return;
                self->since_ = steady_clock::now();
                self->body_mark_ = self->parser_.body_bytes();
                self->run();
            });
        });
    }
    const bool in_memory = policy.sink == nullptr;
    if (parser_.take_body(policy.bytes_max, std::move(policy.sink)) == ParseEvent::refused) {
        refuse(parser_.refusal());
        return true;
    }
    if (in_memory && !set_memory_aside(parser_.framing().content_length.value_or(policy.bytes_max))) {
        answer_busy("Too many large requests are under way.");
        return true;
    }
    if (parser_.framing().expects_continue && buffer_.empty()) {
        boost::system::error_code ignored;  // it fits into an empty socket buffer; a broken socket shows at the read
        socket_.write_some(asio::buffer(kContinue), ignored);
    }
    since_ = request_at_;
    body_mark_ = 0;
    return true;
}

void Connection::dispatch() {
    const bool had_body = identified_;
    identify();
    if (had_body) request_at_ = steady_clock::now();
    first_request_ = false;
    Request& request = parser_.request();
    request.deadline = request_at_ + io_->options().request_deadline;
    since_ = request_at_;
    phase_ = Phase::handling;
    if (request.sink) request.sink->on_resume(nullptr);
    sink_waits_ = false;
    ++turn_;
    try {
        io_->state().handler(std::move(request), Responder(shared_from_this(), turn_, parser_.framing().coding));
    } catch (const std::exception& error) {
        // The responder is gone with the stack: 500 is on its way.
        io_->log_error(fmt::format("Request {}: the handler failed: {}", request_id_, error.what()));
    }
}

void Connection::refuse(const Refusal& refusal) {
    identify();
    const auto sink = std::exchange(parser_.request().sink, nullptr);
    if (sink) sink->on_resume(nullptr);
    sink_waits_ = false;
    Response response = sink && parser_.refused_by_sink()
                            ? sink->refusal(request_id_)
                            : problem(refusal.status, refusal.code, refusal.detail, request_id_);
    begin_answer(std::move(response), !refusal.closes && parser_.framing().keep_alive);
}

void Connection::tick(TimePoint now) {
    switch (phase_) {
        case Phase::reading: return tick_reading(now);
        case Phase::streaming: return tick_streaming(now);
        case Phase::handling:
            if (now - since_ > io_->options().request_deadline + io_->options().deadline_grace) {
                Response late = problem(503, "server.deadline_exceeded", "The request took too long.", request_id_);
                late.headers.push_back({"Retry-After", std::to_string(kRetryAfterSeconds)});
                on_answer(turn_, std::move(late));
            }
            return;
        case Phase::answering:
            if (takes_too_little(now)) shut();
            return;
        case Phase::lingering:
            if (now - since_ > io_->options().linger_timeout) shut();
            return;
        case Phase::closed: return;
    }
}

void Connection::tick_reading(TimePoint now) {
    const ServerOptions& options = io_->options();
    if (!parser_.started()) {
        if (now - since_ > (first_request_ ? options.header_timeout : options.idle_timeout)) shut();
        return;
    }
    if (!parser_.in_body()) {
        if (now - since_ <= options.header_timeout) return;
    } else {
        if (sink_waits_ || now - since_ <= options.body_timeout) return;
        if (parser_.body_bytes() - body_mark_ >= kProgressBytesMin) {
            body_mark_ = parser_.body_bytes();
            since_ = now;
            return;
        }
    }
    refuse(kSlow);
    run();
}

void Connection::tick_streaming(TimePoint now) {
    if (takes_too_little(now)) return shut();
    if (write_pending_ || now - since_ < io_->options().heartbeat) return;
    since_ = now;
    writer_.begin_block(":\n\n", false);
    run();
}

}  // namespace firstline::http
