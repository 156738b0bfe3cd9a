// Puts a load on a server from one thread. With a rate it is open: requests become due at fixed times whatever the
// answers do, and a latency counts from when its request was due, so that a stall shows in every request it held up.
// Without a rate it is closed: each connection sends its next request when its answer is there.
#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "load/connection.hpp"
#include "load/options.hpp"
#include "load/report.hpp"
#include "load/request_source.hpp"

namespace firstline::bench {

class Generator {
public:
    Generator(const LoadOptions& options, RequestSource requests);
    ~Generator();
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    // Opens the connections, runs the load, waits for the last answers. Error `load.connect`.
    [[nodiscard]] Status run();
    [[nodiscard]] std::string result_json();

private:
    [[nodiscard]] Status open(Connection& connection);
    void send_due(Clock::time_point now);
    void send(Connection& connection, Clock::time_point intended);
    void wait(Clock::time_point now);
    void on_event(Connection& connection, std::uint32_t events);
    void lose(Connection& connection);
    void watch(Connection& connection, int operation) const;
    [[nodiscard]] Clock::time_point next_due() const;
    [[nodiscard]] bool is_over(Clock::time_point now) const { return now >= end_; }
    [[nodiscard]] std::uint64_t busy() const { return connections_.size() - idle_.size() - broken_; }

    const LoadOptions options_;
    RequestSource requests_;
    LoadReport report_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<Connection*> idle_;  // the one that waits longest first
    std::size_t broken_ = 0;         // could not be opened again
    int epoll_ = -1;
    Clock::time_point start_{}, end_{}, last_answer_{};
    std::uint64_t due_ = 0;  // requests that became due so far, with a rate
    std::uint64_t sent_ = 0;
};

}  // namespace firstline::bench
