#include "app/identity/password/pool.hpp"

#include <algorithm>
#include <utility>

#include "base/crypto.hpp"

namespace firstline::app {
namespace {

constexpr std::size_t kNobodyBytes = 24;

Error too_many() {
    return Error{ErrorKind::too_many, "rate.limited",
                 "Too many people sign in at this moment: try again in a few seconds."};
}
Error stopping() {
    return Error{ErrorKind::unavailable, "server.busy", "The desk is stopping: try again in a moment."};
}

}  // namespace

std::size_t PasswordPool::default_threads() { return std::max(1U, std::thread::hardware_concurrency() / 2); }

PasswordPool::PasswordPool(Options options) : options_(options) {
    for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
}

PasswordPool::~PasswordPool() { stop(); }

void PasswordPool::add(Task task) {
    Error refusal = stopping();
    {
        const std::lock_guard lock(mutex_);
        if (!is_stopping_) {
            if (waiting_.size() < options_.waiting_max) {
                waiting_.push_back(std::move(task));
                wake_.notify_one();
                return;
            }
            refusal = too_many();
        }
    }
    task.refuse(std::move(refusal));
}

const std::string& PasswordPool::nobody() {
    std::call_once(has_nobody_, [this] { nobody_ = hash_password(random_bytes(kNobodyBytes)); });
    return nobody_;
}

void PasswordPool::verify(std::string stored, std::string password, std::function<void(Result<bool>)> done) {
    add({[this, stored = std::move(stored), password = std::move(password), done] {
             const std::string& dummy = nobody();  // by whoever comes first, known or not
             const bool fits = verify_password(stored.empty() ? dummy : stored, password);
             done(fits && !stored.empty());
         },
         [done = std::move(done)](Error error) { done(fail(std::move(error))); }});
}

void PasswordPool::hash(std::string password, std::function<void(Result<std::string>)> done) {
    add({[password = std::move(password), done] { done(hash_password(password)); },
         [done = std::move(done)](Error error) { done(fail(std::move(error))); }});
}

void PasswordPool::work() {
    for (;;) {
        Task task;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [&] { return is_stopping_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            task = std::move(waiting_.front());
            waiting_.pop_front();
        }
        task.run();
    }
}

void PasswordPool::stop() {
    std::deque<Task> refused;
    {
        const std::lock_guard lock(mutex_);
        if (is_stopping_) return;
        is_stopping_ = true;
        refused.swap(waiting_);
    }
    wake_.notify_all();
    for (auto& task : refused) task.refuse(stopping());
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

}  // namespace firstline::app
