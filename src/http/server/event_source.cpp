#include "http/server/event_source.hpp"

#include <utility>

#include "http/server/limits.hpp"

namespace firstline::http {

bool EventSource::send(std::string events) {
    std::unique_lock lock(mutex_);
    if (closing_ || gone_ || unsent_bytes_ > kStreamUnsentBytesMax) return false;
    unsent_bytes_ += events.size();
    if (queued_.empty()) {
        queued_ = std::move(events);
    } else {
        queued_ += events;
    }
    wake_up(std::move(lock));
    return true;
}

void EventSource::close() {
    std::unique_lock lock(mutex_);
    if (closing_ || gone_) return;
    closing_ = true;
    wake_up(std::move(lock));
}

bool EventSource::closed() const {
    const std::lock_guard lock(mutex_);
    return closing_ || gone_;
}

std::size_t EventSource::unsent_bytes() const {
    const std::lock_guard lock(mutex_);
    return unsent_bytes_;
}

void EventSource::on_close(std::function<void()> callback) {
    {
        const std::lock_guard lock(mutex_);
        if (!gone_) {
            on_close_ = std::move(callback);
            return;
        }
    }
    if (callback) callback();
}

void EventSource::attach(std::function<void()> wake) {
    std::unique_lock lock(mutex_);
    wake_ = std::move(wake);
    woken_ = false;
    if (!queued_.empty() || closing_) wake_up(std::move(lock));
}

bool EventSource::take(std::string& out) {
    out.clear();
    const std::lock_guard lock(mutex_);
    woken_ = false;
    out.swap(queued_);
    return !closing_;
}

void EventSource::sent(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    unsent_bytes_ -= bytes;
}

void EventSource::gone() {
    std::function<void()> callback;
    std::function<void()> wake;
    {
        const std::lock_guard lock(mutex_);
        if (gone_) return;
        gone_ = true;
        unsent_bytes_ = 0;
        queued_ = {};
        callback = std::exchange(on_close_, nullptr);
        wake =
            std::exchange(wake_, nullptr);  // it may hold the last reference to much else: destroyed outside the lock
    }
    if (callback) callback();
}

void EventSource::wake_up(std::unique_lock<std::mutex> lock) {
    if (woken_ || !wake_) return;
    woken_ = true;
    const auto wake = wake_;
    lock.unlock();
    wake();
}

}  // namespace firstline::http
