#include "storage/sqlite/read/gate.hpp"

namespace firstline::storage::sqlite {

bool ReadGate::enter() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return !is_closed_ || is_shut_; });
    if (is_shut_) return false;
    ++inside_;
    return true;
}

void ReadGate::leave() {
    const std::scoped_lock lock(mutex_);
    --inside_;
    ++leavings_;
    left_.notify_all();
}

void ReadGate::close() {
    std::unique_lock lock(mutex_);
    is_closed_ = true;
    left_.wait(lock, [this] { return inside_ == 0; });
}

void ReadGate::open() {
    const std::scoped_lock lock(mutex_);
    is_closed_ = false;
    opened_.notify_all();
}

void ReadGate::shut() {
    std::unique_lock lock(mutex_);
    is_shut_ = true;
    opened_.notify_all();
    left_.wait(lock, [this] { return inside_ == 0; });
}

void ReadGate::wait_for_leaving(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    const std::size_t before = leavings_;
    left_.wait_for(lock, time, [&] { return inside_ == 0 || leavings_ != before; });
}

}  // namespace firstline::storage::sqlite
