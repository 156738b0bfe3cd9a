// Changes that wait for the writer, and whose turn it is: the queue's batch or one who works alone (storage.md §1).
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "app/port/change.hpp"

namespace firstline::storage::sqlite {

struct Pending {
    app::Change change;
    std::function<void(const app::Committed&)> done;
};

class ChangeQueue {
public:
    ChangeQueue(std::size_t queue_max, std::size_t batch_max) : queue_max_(queue_max), batch_max_(batch_max) {}

    enum class Refusal : std::uint8_t { full, stopped };
    // Takes `pending`, or leaves it as it is and says why.
    [[nodiscard]] std::optional<Refusal> push(Pending& pending);
    // Waits for changes and the turn to write; empty when stopped. Then `end_turn`.
    [[nodiscard]] std::vector<Pending> take_batch();
    // Waits for the running batch and goes before the next one. False when stopped; otherwise `end_turn` later.
    [[nodiscard]] bool take_turn_alone();
    void end_turn();

    // No more is taken; what waited is returned, to be answered.
    [[nodiscard]] std::vector<Pending> stop();
    // After `stop`: returns when nobody has the turn.
    void wait_for_turn();
    [[nodiscard]] std::size_t size() const;

private:
    const std::size_t queue_max_, batch_max_;
    mutable std::mutex mutex_;
    std::condition_variable work_, turn_;
    std::deque<Pending> waiting_;
    std::size_t alone_waiting_ = 0;
    bool is_taken_ = false, is_stopped_ = false;
};

}  // namespace firstline::storage::sqlite
