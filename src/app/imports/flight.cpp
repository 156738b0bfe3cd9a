#include "app/imports/flight.hpp"

#include <utility>

namespace firstline::app::imports {

Status Flight::status() const {
    if (!is_broken_) return {};
    return fail(ErrorKind::unavailable, "storage.unavailable",
                "The desk could not write: import again, nothing is made twice.");
}

Status Flight::submit(Change change, Passenger passenger) {
    {
        std::unique_lock lock(mutex_);
        landed_.wait(lock, [&] { return under_way_ < max_ || is_broken_; });
        CHECK_OK(status());
        ++under_way_;
    }
    store_.submit(std::move(change),
                  [this, passenger = std::move(passenger)](const Committed& committed) { land(committed, passenger); });
    return {};
}

void Flight::land(const Committed& committed, Passenger passenger) {
    const std::lock_guard lock(mutex_);
    --under_way_;
    switch (committed.outcome) {
        case Outcome::committed: ++committed_; break;
        case Outcome::exists: ++already_there_; break;
        case Outcome::stale:
        case Outcome::config_changed:
        case Outcome::duplicate: returned_.push_back(std::move(passenger)); break;
        case Outcome::expired:
        case Outcome::unavailable: is_broken_ = true; break;
    }
    landed_.notify_all();
}

Status Flight::drain() {
    std::unique_lock lock(mutex_);
    landed_.wait(lock, [&] { return under_way_ == 0; });
    return status();
}

std::vector<Passenger> Flight::take_returned() {
    const std::lock_guard lock(mutex_);
    return std::exchange(returned_, {});
}

std::int64_t Flight::committed() const {
    const std::lock_guard lock(mutex_);
    return committed_;
}

std::int64_t Flight::already_there() const {
    const std::lock_guard lock(mutex_);
    return already_there_;
}

}  // namespace firstline::app::imports
