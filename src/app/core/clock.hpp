// Desk time (storage.md §5 "Two clocks"): every stored instant; injected, so that a whole desk runs under a virtual clock.
#pragma once

#include <atomic>
#include <chrono>

#include "base/time.hpp"

namespace firstline::app {

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override {
        return Instant{
            std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
                .count()};
    }
};

// Stands still until it is moved.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Instant start) : us_(start.us) {}
    [[nodiscard]] Instant now() const override { return Instant{us_.load()}; }
    void set(Instant at) { us_.store(at.us); }
    void advance(Duration by) { us_.fetch_add(by.us); }

private:
    std::atomic<std::int64_t> us_;
};

}  // namespace firstline::app
