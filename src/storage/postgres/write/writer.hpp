// One writer connection of a node with its queue and thread (storage.md §3): takes up to 64 changes, writes them in one
// transaction, answers. A transaction that fails is split: positions are given out under the feed's lock, which must be
// the last one taken, so a failing change is set apart in a transaction of its own instead of behind a savepoint.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "storage/postgres/write/batch.hpp"

namespace firstline::storage::postgres {

// Of all writers of a node together.
struct WriterFigures {
    std::atomic<std::uint64_t> commits{0}, changes{0}, stale{0}, deadlocks{0};
    std::atomic<std::size_t> queue_length{0};
};

class Writer {
public:
    struct Options {
        ConnectOptions
            connect;  // application_name must be this writer's alone: what is left of a lost session is found by it
        std::size_t batch_max = 64;
        std::size_t queue_max = 4096;  // of all writers of a node together
        std::chrono::milliseconds reconnect_limit{10'000};
        std::function<std::int64_t()> now_us;  // real time
        std::function<void(std::int64_t last_pos)>
            committed;  // on the writer's thread, before the changes are answered
    };
    Writer(BatchWriter batch, std::unique_ptr<Connection> connection, Options options, WriterFigures& figures);
    ~Writer() { stop(); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // False where the queue is full or stopped; `queued` is untouched then.
    [[nodiscard]] bool submit(std::unique_ptr<Queued>& queued);
    // The running transaction ends; queued changes are answered `unavailable`.
    void stop();
    [[nodiscard]] bool is_connected() const { return is_connected_.load(); }

    // No transaction runs from the return of `pause` (of one thread at a time) to `resume`; changes queue up.
    void pause();
    void resume();
    // While paused. Error `storage.unavailable` (stopped, no connection).
    Status with_connection(const std::function<Status(Connection&)>& body);

private:
    using Batch = std::vector<std::unique_ptr<Queued>>;
    using Part = std::vector<Queued*>;

    void run();
    [[nodiscard]] bool take(Batch& batch);
    void write_batch(Batch& batch);
    void write(const Part& part);
    void write_apart(const Part& part, const Attempt& attempt);
    void write_one_failed(Queued& queued, const Attempt& attempt);
    void write_after_config_changed(const Part& part);
    void answer_committed(const Part& part, std::int64_t last_pos);
    void answer_found(const Part& part);
    static void answer_all(const Part& part, app::Outcome outcome, const std::string& detail);
    [[nodiscard]] bool reconnect(std::string& why);
    void end_lost_session(int pid);
    [[nodiscard]] bool resync_positions();

    BatchWriter batch_;
    std::unique_ptr<Connection> connection_;
    Options options_;
    WriterFigures& figures_;
    int lost_pid_ = 0;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::unique_ptr<Queued>> queue_;
    bool is_paused_ = false, is_busy_ = false, is_stopped_ = false;
    std::atomic<bool> is_connected_{true};
    std::thread thread_;  // last: starts when all else stands
};

}  // namespace firstline::storage::postgres
