// One client's kept-alive connection: one request at a time, written and read without blocking.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "load/answer_reader.hpp"

namespace firstline::bench {

using Clock = std::chrono::steady_clock;

class Connection {
public:
    explicit Connection(std::uint16_t port) : port_(port) {}
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Connects to 127.0.0.1, blocking. Error `load.connect` (unavailable).
    [[nodiscard]] Status connect();
    void close();
    [[nodiscard]] bool is_open() const { return socket_ >= 0; }
    [[nodiscard]] int socket() const { return socket_; }

    // Sends a request whose latency counts from `intended`. False when the connection is lost.
    [[nodiscard]] bool send(std::string_view request, Clock::time_point intended);
    [[nodiscard]] bool is_busy() const { return is_busy_; }
    [[nodiscard]] bool has_unsent() const { return sent_ < unsent_.size(); }
    [[nodiscard]] Clock::time_point intended() const { return intended_; }

    enum class Outcome { more, answered, lost };
    [[nodiscard]] Outcome on_ready(bool is_writable);  // reads, and goes on writing
    [[nodiscard]] unsigned status() const { return reader_.status(); }
    [[nodiscard]] bool closes() const { return reader_.closes(); }  // the server closes after the last answer

private:
    [[nodiscard]] bool write_on();

    std::uint16_t port_;
    int socket_ = -1;
    bool is_busy_ = false;
    Clock::time_point intended_{};
    std::string unsent_;
    std::size_t sent_ = 0;
    AnswerReader reader_;
};

}  // namespace firstline::bench
