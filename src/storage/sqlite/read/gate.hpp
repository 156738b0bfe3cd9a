// The gate that read transactions pass, so that the writer can wait for a moment without readers (storage.md §2).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace firstline::storage::sqlite {

// Any thread may enter; only the writer's closes and opens.
class ReadGate {
public:
    // Waits while the gate is closed. False once it is shut for good.
    [[nodiscard]] bool enter();
    void leave();

    // Nobody enters any more; returns when all have left.
    void close();
    void open();
    // Closed for good: who waits is turned away, who is inside is waited for.
    void shut();
    // Returns when somebody leaves, nobody is inside, or the time is over.
    void wait_for_leaving(std::chrono::milliseconds time);

private:
    std::mutex mutex_;
    std::condition_variable opened_, left_;
    std::size_t inside_ = 0;
    std::size_t leavings_ = 0;
    bool is_closed_ = false, is_shut_ = false;
};

}  // namespace firstline::storage::sqlite
