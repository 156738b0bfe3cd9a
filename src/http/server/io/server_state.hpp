// What the I/O threads of one server share.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "http/server/server.hpp"

namespace firstline::http {

struct ServerState {
    ServerOptions options;
    Handler handler;
    std::chrono::milliseconds tick = kTickMax;
    std::atomic<bool> draining{false};
    std::atomic<std::size_t> connections{0};
    std::atomic<std::uint64_t> body_bytes{0};  // set aside for bodies in memory, until their requests are answered

    // Any thread.
    void count_down() {
        if (connections.fetch_sub(1) != 1) return;
        const std::lock_guard lock(mutex_);  // so that the waiter is either before its check or asleep
        none_left_.notify_all();
    }

    [[nodiscard]] bool wait_for_no_connection(std::chrono::milliseconds timeout) {
        std::unique_lock lock(mutex_);
        return none_left_.wait_for(lock, timeout, [this] { return connections.load() == 0; });
    }

private:
    std::mutex mutex_;
    std::condition_variable none_left_;
};

}  // namespace firstline::http
