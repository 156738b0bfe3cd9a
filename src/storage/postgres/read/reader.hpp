// Reads on PostgreSQL: a bounded pool of connections, one REPEATABLE READ READ ONLY snapshot per read (storage.md §3).
// BEGIN travels with the first query and nobody waits for COMMIT, so a read of n queries costs n round trips.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "app/port/store.hpp"
#include "storage/catalogue.hpp"
#include "storage/postgres/connection/connection.hpp"

namespace firstline::storage::postgres {

class ReaderPool {
public:
    ReaderPool(ConnectOptions options, std::size_t connections_max)
        : options_(std::move(options)), max_(connections_max) {}

    // A connection made before or a new one; waits up to 5 s for one to come back. Error `storage.unavailable`.
    [[nodiscard]] Result<std::unique_ptr<Connection>> take();
    // Lost connections are not kept.
    void give_back(std::unique_ptr<Connection> connection);
    // In place of a lost one.
    [[nodiscard]] Result<std::unique_ptr<Connection>> replace() { return Connection::open(options_); }

private:
    ConnectOptions options_;
    std::size_t max_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::size_t taken_ = 0;
};

// One snapshot on one connection, begun by the first query.
class SnapshotReader final : public app::Reader {
public:
    using app::Reader::query;
    SnapshotReader(ReaderPool& pool, const Catalogue& catalogue, std::chrono::milliseconds limit)
        : pool_(pool), catalogue_(catalogue), end_(std::chrono::steady_clock::now() + limit) {}
    SnapshotReader(const SnapshotReader&) = delete;
    SnapshotReader& operator=(const SnapshotReader&) = delete;
    ~SnapshotReader() override;

    Status query(std::string_view statement, std::span<const app::Value> params, const app::EachRow& each) override;
    Status query_all(std::span<const app::Query> queries) override;
    [[nodiscard]] bool has_time_left() const override { return std::chrono::steady_clock::now() < end_; }

private:
    std::optional<Failure> ask(std::span<const app::Query> queries, std::vector<Reply>& replies);

    ReaderPool& pool_;
    const Catalogue& catalogue_;
    std::chrono::steady_clock::time_point end_;
    std::unique_ptr<Connection> connection_;
    bool has_begun_ = false;
    bool has_answered_ = false;  // the body knows something of this snapshot: no other one may stand in
};

// Hands the rows of a reply to `each` until it has enough.
void hand_out(const Reply& reply, const app::EachRow& each);

// Error, kind internal, `storage.statement`: no such statement, or another number of parameters.
[[nodiscard]] Result<NamedSql> find_statement(const Catalogue& catalogue, std::string_view name,
                                              std::size_t parameters);

}  // namespace firstline::storage::postgres
