// Changes under way: a bounded number of incidents is with the store's queue at a time, so that the batches are full and
// the memory is not.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "app/imports/names.hpp"

namespace firstline::app::imports {

struct Passenger {
    IncidentRowsPtr rows;
    domain::IncidentId id;
};

class Flight {
public:
    Flight(Store& store, std::size_t max) : store_(store), max_(max) {}
    ~Flight() { static_cast<void>(drain()); }
    Flight(const Flight&) = delete;
    Flight& operator=(const Flight&) = delete;

    // Waits for room. Error `storage.unavailable` once any change could not be written.
    Status submit(Change change, Passenger passenger);
    // Waits for everything under way. The same error.
    Status drain();
    // Those whose change was decided on what has changed since: to be decided again.
    [[nodiscard]] std::vector<Passenger> take_returned();
    [[nodiscard]] std::int64_t committed() const;
    [[nodiscard]] std::int64_t already_there() const;  // somebody else has imported them meanwhile

private:
    void land(const Committed& committed, Passenger passenger);
    [[nodiscard]] Status status() const;  // with the mutex held

    Store& store_;
    const std::size_t max_;
    mutable std::mutex mutex_;
    std::condition_variable landed_;
    std::size_t under_way_ = 0;
    std::int64_t committed_ = 0, already_there_ = 0;
    bool is_broken_ = false;
    std::vector<Passenger> returned_;
};

}  // namespace firstline::app::imports
