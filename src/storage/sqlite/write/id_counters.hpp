// The next numbers of each kind, in memory (storage.md §1): one process has the database, so a counter does.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "app/port/store.hpp"
#include "storage/sqlite/connection/connection.hpp"

namespace firstline::storage::sqlite {

// A row of these kinds gets its id from `take`, never from SQLite's own choice. `take` from any thread; the rest is the
// writer's.
class IdCounters {
public:
    // Behind the highest row and the recorded floor of each kind; never lowers a counter.
    [[nodiscard]] Status load(Connection& connection, const Catalogue& catalogue);
    [[nodiscard]] std::int64_t take(app::IdKind kind) {
        return next_[place(kind)].fetch_add(1, std::memory_order_relaxed);
    }
    // Within the writer's transaction: records how far the kinds have come whose rows can be deleted, 1,024 ahead, so
    // that a number whose row is gone is not given again after a restart. SQLITE_OK or an error.
    [[nodiscard]] int raise_floors(Connection& connection, const Catalogue& catalogue);
    // The transaction of `raise_floors` was rolled back or committed.
    void forget_raised() { raised_ = floors_; }
    void keep_raised() { floors_ = raised_; }

private:
    [[nodiscard]] static constexpr std::size_t place(app::IdKind kind) { return static_cast<std::size_t>(kind); }
    std::array<std::atomic<std::int64_t>, app::kIdKindCount> next_{};
    std::array<std::int64_t, app::kIdKindCount> floors_{};  // as committed
    std::array<std::int64_t, app::kIdKindCount> raised_{};  // as written in the running transaction
};

}  // namespace firstline::storage::sqlite
