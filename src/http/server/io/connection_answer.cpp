// The answers' side of a connection: sending, streaming, closing.
#include <fmt/format.h>

#include "http/server/io/connection.hpp"

namespace firstline::http {
namespace {

using std::chrono::steady_clock;

// RFC 9110 §6.4.1: these never have a body, and 204 not even a length.
bool has_no_body(unsigned status) { return status < 200 || status == 204 || status == 304; }

HeadFraming frame(const Response& response, const Framing& request) {
    HeadFraming framing;
    framing.http_1_0 = request.http_1_0;
    if (has_no_body(response.status)) {
        framing.end = BodyEnd::none;
        return framing;
    }
    std::optional<std::uint64_t> length = response.body.size();
    if (response.stream) {
        length = std::nullopt;
    } else if (response.source) {
        length = response.source->size();
    }
    framing.length = length.value_or(0);
    if (!length) framing.end = request.http_1_0 ? BodyEnd::close : BodyEnd::chunks;
    return framing;
}

}  // namespace

void Connection::answer(std::uint64_t turn, Response&& response) {
    if (io_->is_current()) return on_answer(turn, std::move(response));
    const auto stream = response.stream;
    const bool posted = io_->post([self = shared_from_this(), turn, response = std::move(response)]() mutable {
        self->on_answer(turn, std::move(response));
    });
    if (!posted && stream) stream->gone();
}

void Connection::abandon(std::uint64_t turn) {
    if (io_->is_current()) return on_abandon(turn);
    io_->post([self = shared_from_this(), turn] { self->on_abandon(turn); });
}

void Connection::on_abandon(std::uint64_t turn) {
    if (turn != turn_ || phase_ != Phase::handling) return;
    io_->log_error(fmt::format("Request {}: nobody answered it.", request_id_));
    on_answer(turn, problem(500, "server.internal", "The request could not be handled.", request_id_));
}

void Connection::on_answer(std::uint64_t turn, Response&& response) {
    if (turn != turn_ || phase_ != Phase::handling) {
        if (response.stream) response.stream->gone();
        return;
    }
    begin_answer(std::move(response), parser_.framing().keep_alive);
    run();
}

void Connection::begin_answer(Response&& response, bool keep) {
    HeadFraming framing = frame(response, parser_.framing());
    const bool with_body = framing.end != BodyEnd::none && !parser_.framing().head_method;
    keep_ = keep && framing.end != BodyEnd::close && !response.stream && !peer_done_ && !io_->state().draining;
    framing.keep_alive = keep_;
    framing.date = io_->date();
    framing.request_id = request_id_;
    status_ = response.status;
    stream_ = response.stream;
    phase_ = Phase::answering;
    writer_.begin(std::move(response), framing, with_body);
    if (stream_ && !with_body) std::exchange(stream_, nullptr)->gone();
}

bool Connection::write_on() {
    switch (writer_.write(socket_)) {
        case ResponseWriter::Progress::done: return finish_answer();
        case ResponseWriter::Progress::blocked: wait_until_writable(); return false;
        case ResponseWriter::Progress::yield: io_->post([self = shared_from_this()] { self->run(); }); return false;
        case ResponseWriter::Progress::failed: shut(); return false;
    }
    return false;
}

void Connection::wait_until_writable() {
    if (write_pending_) return;
    write_pending_ = true;
    if (!stalled_ || writer_.bytes() - stalled_mark_ >= kProgressBytesMin) {
        stalled_ = true;
        stalled_mark_ = writer_.bytes();
        stalled_since_ = steady_clock::now();
    }
    socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const boost::system::error_code& code) {
        self->write_pending_ = false;
        if (!code) self->run();
    });
}

bool Connection::takes_too_little(TimePoint now) const {
    return write_pending_ && stalled_ && now - stalled_since_ > io_->options().write_timeout;
}

bool Connection::finish_answer() {
    stalled_ = false;
    if (stream_) {
        begin_stream();
        return true;
    }
    const auto now = steady_clock::now();
    log_access(now);
    release_memory();
    if (!keep_) {
        linger();
        return false;
    }
    parser_.reset();
    writer_.reset();
    buffer_.shrink();
    identified_ = head_timed_ = false;
    since_ = now;
    phase_ = Phase::reading;
    if (io_->state().draining && buffer_.empty()) {
        shut();
        return false;
    }
    return true;
}

void Connection::begin_stream() {
    release_memory();
    phase_ = Phase::streaming;
    since_ = steady_clock::now();
    stream_->attach([io = io_, weak = weak_from_this()] {
        io->post([weak] {
            if (const auto self = weak.lock()) self->run();
        });
    });
    if (io_->state().draining) stream_->close();
    buffer_.clear();
    read();  // only to notice when the client leaves
}

bool Connection::stream_on() {
    for (;;) {
        const auto progress = writer_.write(socket_);
        if (progress == ResponseWriter::Progress::blocked) {
            wait_until_writable();
            return false;
        }
        if (progress != ResponseWriter::Progress::done) {
            shut();
            return false;
        }
        stalled_ = false;
        if (block_bytes_ > 0) stream_->sent(std::exchange(block_bytes_, 0));
        if (stream_ended_) {
            log_access(steady_clock::now());
            linger();
            return false;
        }
        stream_ended_ = !stream_->take(block_);
        if (block_.empty() && !stream_ended_) return false;
        block_bytes_ = block_.size();
        since_ = steady_clock::now();
        writer_.begin_block(std::move(block_), stream_ended_);
    }
}

void Connection::linger() {
    const auto stream = std::exchange(stream_, nullptr);
    if (stream) stream->gone();
    if (peer_done_) return shut();
    // Closing with unread bytes would reset the connection, and the client might never see the answer.
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    phase_ = Phase::lingering;
    since_ = steady_clock::now();
    if (!read_pending_) buffer_.clear();
    read();
}

void Connection::log_access(TimePoint now) {
    const auto& log = io_->options().access_log;
    if (!log) return;
    AccessRecord record;
    record.method = method_;
    record.path = path_;
    record.status = status_;
    record.bytes = writer_.bytes();
    record.duration = std::chrono::duration_cast<std::chrono::microseconds>(now - request_at_);
    record.request_id = request_id_;
    record.remote_address = remote_address_;
    try {
        log(record);
    } catch (const std::exception& error) {
        io_->log_error(fmt::format("The access log failed: {}", error.what()));
    }
}

}  // namespace firstline::http
