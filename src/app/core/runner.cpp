#include "app/core/runner.hpp"

#include <future>

namespace firstline::app {
namespace {

constexpr int kAttemptsMax = 5;

Error busy() {
    return Error{ErrorKind::unavailable, "server.busy",
                 "The desk has more to do than it can take right now: try again in a second."};
}

}  // namespace

Runner::Runner(Store& store, Options options) : store_(store), options_(options) {
    for (std::size_t i = 0; i < options_.workers; ++i) workers_.emplace_back([this] { work(); });
}

Runner::~Runner() { stop(); }

void Runner::run(std::int64_t key, Deadline deadline, Decide decide, Done done) {
    {
        const std::lock_guard lock(mutex_);
        if (!is_stopping_ && waiting_ < options_.waiting_max) {
            ++waiting_;
            Task task{key, deadline, std::move(decide), std::move(done), 1};
            if (key != 0) {
                const auto [place, is_free] = behind_.try_emplace(key);
                if (!is_free) {
                    place->second.push_back(std::move(task));
                    return;
                }
            }
            ready_.push_back(std::move(task));
            wake_.notify_one();
            return;
        }
    }
    done(fail(busy()));
}

Status Runner::run_and_wait(std::int64_t key, Decide decide) {
    std::promise<Status> outcome;
    run(key, kNoDeadline, std::move(decide), [&](Status status) { outcome.set_value(std::move(status)); });
    return outcome.get_future().get();
}

std::size_t Runner::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_;
}

void Runner::work() {
    for (;;) {
        Task task;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [&] { return is_stopping_ || !ready_.empty(); });
            if (ready_.empty()) return;
            task = std::move(ready_.front());
            ready_.pop_front();
            if (task.attempt == 1) --waiting_;
        }
        execute(std::move(task));
    }
}

void Runner::execute(Task task) {
    if (std::chrono::steady_clock::now() > task.deadline) {
        finish(task, fail(ErrorKind::unavailable, "request.deadline",
                          "The desk was too busy to answer in time: nothing was changed."));
        return;
    }
    Decision decision;
    const Status status = store_.read([&](Reader& reader) -> Status {
        TRY(decision, task.decide(reader));
        return {};
    });
    if (!status || !decision) {
        finish(task, status);
        return;
    }
    decision->deadline = task.deadline;
    // The task waits for its commit in the callback; `submit` may call it at once when the queue is full.
    auto waiting_task = std::make_shared<Task>(std::move(task));
    store_.submit(std::move(*decision), [this, waiting_task](const Committed& committed) {
        switch (committed.outcome) {
            case Outcome::committed: finish(*waiting_task, {}); return;
            case Outcome::stale:
            case Outcome::config_changed:
            case Outcome::duplicate:
            case Outcome::exists: decide_again(std::move(*waiting_task), committed); return;
            case Outcome::expired:
                finish(*waiting_task, fail(ErrorKind::unavailable, "request.deadline",
                                           "The desk was too busy to write in time: nothing was changed."));
                return;
            case Outcome::unavailable:
                finish(*waiting_task, fail(ErrorKind::unavailable, "storage.unavailable",
                                           "The desk could not write right now: nothing was acknowledged. Try again."));
                return;
        }
    });
}

void Runner::decide_again(Task task, const Committed& last) {
    if (task.attempt >= kAttemptsMax) {
        const bool is_taken = last.outcome == Outcome::exists;
        finish(task, is_taken ? fail(ErrorKind::exists, "exists", "That key or address is taken: choose another.")
                              : fail(busy()));
        return;
    }
    ++task.attempt;
    {
        const std::lock_guard lock(mutex_);
        if (!is_stopping_) {
            ready_.push_front(std::move(task));
            wake_.notify_one();
            return;
        }
    }
    finish(task, fail(busy()));
}

void Runner::finish(Task& task, Status status) {
    release(task.key);
    task.done(std::move(status));
}

void Runner::release(std::int64_t key) {
    if (key == 0) return;
    const std::lock_guard lock(mutex_);
    const auto place = behind_.find(key);
    if (place == behind_.end()) return;
    if (place->second.empty()) {
        behind_.erase(place);
        return;
    }
    ready_.push_back(std::move(place->second.front()));
    place->second.pop_front();
    wake_.notify_one();
}

void Runner::stop() {
    std::vector<Task> refused;
    {
        const std::lock_guard lock(mutex_);
        if (is_stopping_) return;
        is_stopping_ = true;
        for (auto& task : ready_) refused.push_back(std::move(task));
        ready_.clear();
        for (auto& [key, tasks] : behind_) {
            for (auto& task : tasks) refused.push_back(std::move(task));
        }
        behind_.clear();
        waiting_ = 0;
    }
    wake_.notify_all();
    for (auto& task : refused) task.done(fail(busy()));
    for (auto& worker : workers_) worker.join();
    workers_.clear();
}

}  // namespace firstline::app
