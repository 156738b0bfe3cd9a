// Hashing of passwords on threads of its own, so that sign-ins never starve the workers (architecture.md §3).
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"

namespace firstline::app {

class PasswordPool {
public:
    struct Options {
        std::size_t threads = default_threads();
        std::size_t waiting_max = 16;  // beyond it: `rate.limited`
    };
    // max(1, cores / 2)
    [[nodiscard]] static std::size_t default_threads();

    PasswordPool() : PasswordPool(Options{}) {}
    explicit PasswordPool(Options options);
    ~PasswordPool();
    PasswordPool(const PasswordPool&) = delete;
    PasswordPool& operator=(const PasswordPool&) = delete;

    // Whether `password` is the one of `stored`. An empty `stored` (nobody, or a person without a password) costs the
    // same and is false. `done` is called once: on a thread of the pool, or at once with `rate.limited` where too many
    // wait.
    void verify(std::string stored, std::string password, std::function<void(Result<bool>)> done);
    // The text to store; likewise.
    void hash(std::string password, std::function<void(Result<std::string>)> done);

    // Takes nothing more; what waits is refused with `server.busy`, what runs ends.
    void stop();

private:
    struct Task {
        std::function<void()> run;
        std::function<void(Error)> refuse;
    };
    void add(Task task);
    [[nodiscard]] const std::string& nobody();
    void work();

    const Options options_;
    std::once_flag has_nobody_;
    std::string nobody_;  // the hash of a password that nobody knows; made by the first verification
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Task> waiting_;
    bool is_stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace firstline::app
