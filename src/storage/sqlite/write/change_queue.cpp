#include "storage/sqlite/write/change_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace firstline::storage::sqlite {

std::optional<ChangeQueue::Refusal> ChangeQueue::push(Pending& pending) {
    const std::scoped_lock lock(mutex_);
    if (is_stopped_) return Refusal::stopped;
    if (waiting_.size() >= queue_max_) return Refusal::full;
    waiting_.push_back(std::move(pending));
    // While somebody has the turn, `end_turn` wakes the writer.
    if (!is_taken_) work_.notify_one();
    return std::nullopt;
}

std::vector<Pending> ChangeQueue::take_batch() {
    std::unique_lock lock(mutex_);
    work_.wait(lock, [this] { return is_stopped_ || (!waiting_.empty() && !is_taken_ && alone_waiting_ == 0); });
    if (is_stopped_) return {};
    const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), batch_max_));
    std::vector<Pending> batch(std::make_move_iterator(waiting_.begin()),
                               std::make_move_iterator(waiting_.begin() + count));
    waiting_.erase(waiting_.begin(), waiting_.begin() + count);
    is_taken_ = true;
    return batch;
}

bool ChangeQueue::take_turn_alone() {
    std::unique_lock lock(mutex_);
    ++alone_waiting_;
    turn_.wait(lock, [this] { return is_stopped_ || !is_taken_; });
    --alone_waiting_;
    if (is_stopped_) return false;
    is_taken_ = true;
    return true;
}

void ChangeQueue::end_turn() {
    const std::scoped_lock lock(mutex_);
    is_taken_ = false;
    turn_.notify_all();
    work_.notify_one();
}

std::vector<Pending> ChangeQueue::stop() {
    const std::scoped_lock lock(mutex_);
    is_stopped_ = true;
    work_.notify_all();
    turn_.notify_all();
    std::vector<Pending> left(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
    waiting_.clear();
    return left;
}

void ChangeQueue::wait_for_turn() {
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [this] { return !is_taken_; });
}

std::size_t ChangeQueue::size() const {
    const std::scoped_lock lock(mutex_);
    return waiting_.size();
}

}  // namespace firstline::storage::sqlite
