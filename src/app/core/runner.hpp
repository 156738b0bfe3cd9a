// Runs use cases: a bounded pool of workers reads and decides, the store's queue writes, nobody waits for the disk (architecture.md §3).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "app/port/store.hpp"

namespace firstline::app {

class Runner {
public:
    struct Options {
        std::size_t workers = 4;
        std::size_t waiting_max = 1024;  // beyond it: `server.busy`
    };
    using Deadline = std::chrono::steady_clock::time_point;
    static constexpr Deadline kNoDeadline = Deadline::max();

    // What a use case decided: a change to write, or none (a read, or nothing to change).
    using Decision = std::optional<Change>;
    using Decide = std::function<Result<Decision>(Reader&)>;
    using Done = std::function<void(Status)>;

    Runner(Store& store, Options options);
    ~Runner();
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    // Calls `decide` on a worker in a fresh snapshot, again when its change turns out stale (at most 5 times), then `done` once:
    // on the worker for reads and refusals, on the store's thread after a commit. Requests with the same `key` (an incident's id;
    // 0 = none) run one after the other, the next after the last one's commit. Errors of its own: `server.busy` (full,
    // or stale too often), `request.deadline`.
    void run(std::int64_t key, Deadline deadline, Decide decide, Done done);
    // The same, waiting for the outcome; for the command line and tests, never on a worker.
    Status run_and_wait(std::int64_t key, Decide decide);

    [[nodiscard]] std::size_t waiting() const;
    // Takes nothing more, finishes what runs; what waits is refused with `server.busy`.
    void stop();

private:
    struct Task {
        std::int64_t key = 0;
        Deadline deadline;
        Decide decide;
        Done done;
        int attempt = 1;
    };
    void work();
    void execute(Task task);
    void finish(Task& task, Status status);
    void decide_again(Task task, const Committed& last);
    void release(std::int64_t key);

    Store& store_;
    Options options_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Task> ready_;
    std::unordered_map<std::int64_t, std::deque<Task>> behind_;  // per busy key: who comes next
    std::size_t waiting_ = 0;
    bool is_stopping_ = false;
    std::vector<std::thread> workers_;
};

}  // namespace firstline::app
