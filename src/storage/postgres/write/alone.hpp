// write_alone on PostgreSQL: one interactive transaction that keeps every other writer of the database out (storage.md
// §1).
#pragma once

#include <functional>
#include <string>

#include "app/port/store.hpp"
#include "storage/catalogue.hpp"
#include "storage/postgres/connection/connection.hpp"

namespace firstline::storage::postgres {

// Each write stands behind a savepoint, so that the body may go on after a conflict, as it may on SQLite.
class AloneWriter final : public app::Writer {
public:
    using app::Reader::query;
    AloneWriter(Connection& connection, const Catalogue& catalogue) : connection_(connection), catalogue_(catalogue) {}
    Status query(std::string_view statement, std::span<const app::Value> params, const app::EachRow& each) override;
    Result<std::int64_t> execute(const app::Write& write) override;
    [[nodiscard]] bool has_time_left() const override { return true; }

private:
    Connection& connection_;
    const Catalogue& catalogue_;
};

// Runs `body` between BEGIN and COMMIT, with sequences brought behind what it wrote. Every batch of every node inserts
// a row into `batch` first, so an exclusive lock on that table keeps them all out without a deadlock. The newest
// position after the commit is put into `last_pos`. `storage.unavailable` after a lost connection leaves open whether
// it was committed: look.
[[nodiscard]] Status run_alone(Connection& connection, const Catalogue& catalogue,
                               const std::function<Status(app::Writer&)>& body, std::int64_t now_us,
                               std::int64_t& last_pos);

}  // namespace firstline::storage::postgres
