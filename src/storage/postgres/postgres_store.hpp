// The storage port on PostgreSQL (storage.md §1, §3): several nodes may stand on one database.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "app/port/blob.hpp"
#include "app/port/store.hpp"
#include "storage/catalogue.hpp"
#include "storage/migrate.hpp"
#include "storage/postgres/blob/blobs.hpp"
#include "storage/postgres/connection/feed.hpp"
#include "storage/postgres/options.hpp"
#include "storage/postgres/read/reader.hpp"
#include "storage/postgres/write/ids.hpp"
#include "storage/postgres/write/writer.hpp"

namespace firstline::storage::postgres {

class PostgresStore final : public app::Store {
public:
    // Checks the server, migrates under a lock that keeps other nodes waiting, connects. The database must exist
    // (connection/server.hpp makes one). Errors: those of check_server, migrate and Catalogue::load,
    // `storage.unavailable`.
    [[nodiscard]] static Result<std::unique_ptr<PostgresStore>> open(Options options);
    ~PostgresStore() override { stop(); }
    PostgresStore(const PostgresStore&) = delete;
    PostgresStore& operator=(const PostgresStore&) = delete;

    Status read(const std::function<Status(app::Reader&)>& body) override;
    void submit(app::Change change, std::function<void(const app::Committed&)> done) override;
    // On the first writer's connection; the body must not wait for a change that it submits.
    Status write_alone(const std::function<Status(app::Writer&)>& body) override;
    Result<std::int64_t> next_id(app::IdKind kind) override { return ids_->next(kind); }
    bool wait_for_feed(std::int64_t pos, int timeout_ms) override { return feed_->wait(pos, timeout_ms); }

    [[nodiscard]] app::DatabaseKind kind() const override { return app::DatabaseKind::postgres; }
    [[nodiscard]] app::StoreFigures figures() const override;
    // Writers and feed are connected, node and database agree on the time (2 s), the schema is one this program may run
    // on.
    [[nodiscard]] bool is_healthy() const override;
    void stop() override;

    // Attachments as rows; shares the read connections.
    [[nodiscard]] app::BlobStore& blobs() { return blobs_; }
    [[nodiscard]] std::int64_t clock_skew_us() const { return feed_->clock_skew_us(); }

private:
    explicit PostgresStore(Options options);
    [[nodiscard]] Status prepare();
    [[nodiscard]] Status start(std::unique_ptr<Connection> connection);
    [[nodiscard]] ConnectOptions connect_options(std::string_view role, std::chrono::milliseconds limit) const;
    [[nodiscard]] bool may_run_on_schema(Connection& connection) const;

    Options options_;
    std::string node_;  // random: tells this store's sessions from those of others
    std::shared_ptr<const Catalogue> catalogue_;
    std::vector<Migration> migrations_;
    ReaderPool readers_;
    RowBlobStore blobs_;
    WriterFigures figures_;
    std::unique_ptr<Ids> ids_;
    std::unique_ptr<Feed> feed_;
    std::vector<std::unique_ptr<Writer>> writers_;
    std::mutex alone_;
    std::atomic<bool> is_stopped_{false};
};

}  // namespace firstline::storage::postgres
