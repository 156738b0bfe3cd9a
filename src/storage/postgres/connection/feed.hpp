// What a node hears from the database beside its reads and writes (storage.md §3, §5): the feed's newest position, also
// of other nodes (LISTEN); whether clocks agree and the schema is still ours; and it takes old rows of `batch` away.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "storage/postgres/connection/connection.hpp"

namespace firstline::storage::postgres {

class Feed {
public:
    struct Options {
        ConnectOptions connect;
        std::function<std::int64_t()> now_us;             // real time
        std::function<bool(Connection&)> is_schema_good;  // asked about every 2 s
        std::chrono::milliseconds probe_every{2'000};
    };
    // `connection` becomes the listening one. Error: what LISTEN answers.
    [[nodiscard]] static Result<std::unique_ptr<Feed>> start(std::unique_ptr<Connection> connection, Options options);
    ~Feed() { stop(); }
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

    // A commit of this node: its waiters need no round trip.
    void advance(std::int64_t pos);
    [[nodiscard]] bool wait(std::int64_t pos, int timeout_ms);
    // Connected, the last probe at most 10 s ago, clocks at most 2 s apart, the schema one this program may run on.
    [[nodiscard]] bool is_healthy() const;
    // Database minus node, of the last probe.
    [[nodiscard]] std::int64_t clock_skew_us() const { return skew_us_.load(); }
    void stop();

private:
    Feed(std::unique_ptr<Connection> connection, Options options);
    [[nodiscard]] std::optional<Failure> listen();
    void run();
    void wait_for_news();
    void take_notifications();
    void probe();
    void reconnect();
    void delete_old_batches();

    std::unique_ptr<Connection> connection_;
    Options options_;
    int wake_ = -1;  // eventfd: ends a poll
    std::mutex mutex_;
    std::condition_variable advanced_;
    std::int64_t pos_ = 0;
    bool is_stopped_ = false;
    std::atomic<std::int64_t> skew_us_{0};
    std::atomic<bool> is_good_{false};
    std::atomic<std::chrono::steady_clock::time_point> probed_at_{};
    std::chrono::steady_clock::time_point next_deletion_{};
    std::thread thread_;
};

}  // namespace firstline::storage::postgres
