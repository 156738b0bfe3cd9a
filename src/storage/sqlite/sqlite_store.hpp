// The storage port on SQLite (storage.md §1, §2): one writer thread with batches, readers behind a gate, one process a
// directory.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "app/port/blob.hpp"
#include "app/port/store.hpp"
#include "storage/migrate.hpp"
#include "storage/sqlite/backup/backup.hpp"
#include "storage/sqlite/connection/lock_file.hpp"
#include "storage/sqlite/options.hpp"
#include "storage/sqlite/read/readers.hpp"
#include "storage/sqlite/write/change_queue.hpp"
#include "storage/sqlite/write/id_counters.hpp"
#include "storage/sqlite/write/log_keeper.hpp"
#include "storage/sqlite/write/unit_writer.hpp"

namespace firstline::storage::sqlite {

// All members may be called from any thread, but none of those that wait (read, write_alone, stop) from a change's
// `done`, which runs on the writer's thread and must be quick.
class SqliteStore final : public app::Store {
public:
    // Takes the lock, migrates, prepares every statement, starts the writer. Errors: `storage.in_use`,
    // `storage.schema_too_new`, `storage.restore_unfinished`, those of Catalogue::load and migrate,
    // `storage.unavailable`.
    [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(Options options);
    ~SqliteStore() override;

    Status read(const std::function<Status(app::Reader&)>& body) override { return readers_.read(body); }
    void submit(app::Change change, std::function<void(const app::Committed&)> done) override;
    Status write_alone(const std::function<Status(app::Writer&)>& body) override;
    Result<std::int64_t> next_id(app::IdKind kind) override { return ids_.take(kind); }
    bool wait_for_feed(std::int64_t pos, int timeout_ms) override;
    [[nodiscard]] app::DatabaseKind kind() const override { return app::DatabaseKind::sqlite; }
    [[nodiscard]] app::StoreFigures figures() const override;
    [[nodiscard]] bool is_healthy() const override { return is_healthy_; }
    void stop() override;

    // A copy of the running desk in `target` (missing or empty): the database, then the blobs of `blobs` where given,
    // then the manifest. Changes go on meanwhile. Errors of back_up_database and copy_blobs.
    [[nodiscard]] Result<Manifest> back_up(const std::string& target, BlobFiles* blobs);

private:
    SqliteStore(Options options, LockFile lock, std::shared_ptr<const Catalogue> catalogue);
    Status start();
    Status open_writer();
    [[nodiscard]] bool has_writer();
    void run_writer();
    void run_batch(std::vector<Pending>& batch);
    // Applies all of the batch in one transaction; SQLITE_OK, or the failure after which nothing of it is there.
    [[nodiscard]] int write_batch(std::vector<Pending>& batch, std::vector<app::Committed>& answers);
    Status write_alone_now(const std::function<Status(app::Writer&)>& body);
    void after_commit();
    void publish_feed();
    // The engine failed: a failed fsync ends the process, after everything else the connection is opened anew.
    void give_up_writer(int code, std::string_view what);
    [[nodiscard]] std::string path() const { return options_.directory + "/firstline.db"; }

    const Options options_;
    LockFile lock_;
    const std::shared_ptr<const Catalogue> catalogue_;
    Readers readers_;
    LogKeeper log_keeper_;
    IdCounters ids_;
    ChangeQueue queue_;
    std::unique_ptr<Connection> connection_;  // the turn's holder
    std::unique_ptr<UnitWriter> writer_;      // likewise; before `connection_` at closing
    bool has_failed_sync_ = false;            // likewise
    std::atomic<bool> is_healthy_{false};
    std::atomic<std::uint64_t> commits_{0}, changes_{0}, stale_{0};

    std::mutex feed_mutex_;
    std::condition_variable feed_moved_;
    std::int64_t feed_pos_ = 0;
    bool is_feed_over_ = false;

    std::once_flag stopped_;
    std::thread thread_;
};

}  // namespace firstline::storage::sqlite
