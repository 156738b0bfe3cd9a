// What follows when a person leaves or a team is dissolved: their open incidents, in slices, by a durable job
// (domain.md §4 "People and teams end", storage.md §5 "Jobs").
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>

#include "app/core/toolbox.hpp"

namespace firstline::app {

enum class LeaverKind : std::uint8_t { assignee_left, team_dissolved };
// Part of the change that deactivates; asked for again while it runs, it runs once more.
[[nodiscard]] Write put_leaver_job(LeaverKind kind, std::int64_t id, Instant now);

struct LeaversDone {
    std::int64_t jobs = 0, incidents = 0;
};
// Runs what is pending to its end and waits for the commits: at the start of the program, after such a change, and
// whenever a timer says so. Each incident is a change of its own, so an end at any moment loses nothing and the next
// run goes on. Not on a worker or a thread of the store. Errors: `storage.unavailable`, `server.busy`; what is not
// done stays pending. `goes_on` is asked before each incident.
[[nodiscard]] Result<LeaversDone> run_leavers(
    Toolbox& tools, const std::function<bool()>& goes_on = [] { return true; });

// Runs them on a thread of its own: at the start, when woken, and once a minute for what another node left behind.
class LeaversWorker {
public:
    explicit LeaversWorker(
        Toolbox& tools, std::function<void(const Error&)> on_failure = [](const Error&) {})
        : tools_(tools), on_failure_(std::move(on_failure)) {}
    ~LeaversWorker() { stop(); }
    LeaversWorker(const LeaversWorker&) = delete;
    LeaversWorker& operator=(const LeaversWorker&) = delete;

    void start();  // once
    void wake();   // any thread; after a commit that put a job
    void stop();   // before the runner's

private:
    void work();

    Toolbox& tools_;
    std::function<void(const Error&)> on_failure_;  // what failed stays pending
    std::mutex mutex_;
    std::condition_variable wake_;
    bool is_woken_ = false, is_stopping_ = false;
    std::thread thread_;
};

}  // namespace firstline::app
