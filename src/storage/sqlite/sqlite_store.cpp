#include "storage/sqlite/sqlite_store.hpp"

#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "storage/sqlite/connection/migration_target.hpp"
#include "storage/sqlite/write/alone_writer.hpp"

namespace firstline::storage::sqlite {

using app::Committed;
using app::Outcome;

void Options::end_process(std::string_view why) {
    std::fprintf(stderr, "firstline: %.*s\n", static_cast<int>(why.size()), why.data());
    std::_Exit(EXIT_FAILURE);
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(Options options) {
    TRY(auto lock, LockFile::take(options.directory));
    CHECK_OK(check_no_unfinished_restore(options.directory));
    TRY(auto catalogue, Catalogue::load(app::DatabaseKind::sqlite, options.sql));
    std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(options), std::move(lock), std::move(catalogue)));
    CHECK_OK(store->start());
    return store;
}

SqliteStore::SqliteStore(Options options, LockFile lock, std::shared_ptr<const Catalogue> catalogue)
    : options_(std::move(options)),
      lock_(std::move(lock)),
      catalogue_(std::move(catalogue)),
      readers_(options_, path(), catalogue_),
      log_keeper_(options_, readers_.gate()),
      queue_(options_.queue_max, options_.batch_max) {}

SqliteStore::~SqliteStore() { SqliteStore::stop(); }

Status SqliteStore::start() {
    TRY(const auto migrations, load_migrations(app::DatabaseKind::sqlite, options_.migrations));
    {
        TRY(auto connection,
            Connection::open({.path = path(), .vfs = options_.vfs, .synchronous = options_.synchronous}));
        SqliteMigrationTarget target(*connection, options_.directory);
        TRY([[maybe_unused]] const auto schema, migrate(target, migrations));
        // A statement that this schema does not understand is found now, not when it is needed.
        for (const Statement& statement : catalogue_->all()) {
            if (connection->prepare(statement) != nullptr) continue;
            return fail(ErrorKind::internal, "storage.sql_refused", connection->error(statement.name).detail);
        }
    }
    CHECK_OK(open_writer());
    publish_feed();
    thread_ = std::thread([this] { run_writer(); });
    return {};
}

Status SqliteStore::open_writer() {
    TRY(auto connection, Connection::open({.path = path(), .vfs = options_.vfs, .synchronous = options_.synchronous}));
    auto writer = std::make_unique<UnitWriter>(*connection, *catalogue_);
    CHECK_OK(writer->load());
    CHECK_OK(ids_.load(*connection, *catalogue_));
    log_keeper_.watch(*connection);
    writer_ = std::move(writer);
    connection_ = std::move(connection);
    is_healthy_ = true;
    return {};
}

bool SqliteStore::has_writer() {
    if (has_failed_sync_) return false;
    if (writer_) return true;
    if (auto opened = open_writer(); !opened) {
        options_.log("the writer cannot open the database: " + opened.error().detail);
        return false;
    }
    options_.log("the writer has opened the database again");
    return true;
}

void SqliteStore::submit(app::Change change, std::function<void(const Committed&)> done) {
    Pending pending{std::move(change), std::move(done)};
    const auto refusal = queue_.push(pending);
    if (!refusal) return;
    Committed answer;
    answer.detail = *refusal == ChangeQueue::Refusal::full ? "queue full" : "the desk is stopping";
    pending.done(answer);
}

void SqliteStore::run_writer() {
    while (true) {
        auto batch = queue_.take_batch();
        if (batch.empty()) return;
        run_batch(batch);
    }
}

void SqliteStore::run_batch(std::vector<Pending>& batch) {
    std::vector<Committed> answers(batch.size());
    const int code = has_writer() ? write_batch(batch, answers) : SQLITE_CANTOPEN;
    if (code != SQLITE_OK) {
        std::string detail = "the batch could not be written (SQLite " + std::to_string(code) + ")";
        // What was decided in a batch that is not there counts for nothing, but a deadline stays passed.
        for (Committed& answer : answers) {
            if (answer.outcome == Outcome::expired) continue;
            answer = Committed{};
            answer.detail = detail;
        }
        if (writer_) give_up_writer(code, detail);
    } else {
        publish_feed();
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (answers[i].outcome == Outcome::committed) changes_.fetch_add(1, std::memory_order_relaxed);
        if (answers[i].outcome == Outcome::stale) stale_.fetch_add(1, std::memory_order_relaxed);
        if (answers[i].outcome == Outcome::unavailable && code == SQLITE_OK)
            options_.log("a change failed: " + answers[i].detail);
        batch[i].done(answers[i]);
    }
    if (code == SQLITE_OK) after_commit();
    queue_.end_turn();
}

int SqliteStore::write_batch(std::vector<Pending>& batch, std::vector<Committed>& answers) {
    const auto now = std::chrono::steady_clock::now();
    if (const int code = writer_->begin(); code != SQLITE_OK) return code;
    bool has_written = false;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (batch[i].change.deadline < now) {
            answers[i].outcome = Outcome::expired;
            continue;
        }
        answers[i] = writer_->apply(batch[i].change);
        if (writer_->engine_failure() != SQLITE_OK) {
            options_.log(answers[i].detail);
            const int code = writer_->engine_failure();
            writer_->roll_back();
            return code;
        }
        has_written = has_written || answers[i].outcome == Outcome::committed;
    }
    if (!has_written) {
        writer_->roll_back();
        return SQLITE_OK;
    }
    int code = ids_.raise_floors(*connection_, *catalogue_);
    if (code == SQLITE_OK) code = writer_->commit();
    if (code != SQLITE_OK) {
        writer_->roll_back();
        ids_.forget_raised();
        return code;
    }
    ids_.keep_raised();
    commits_.fetch_add(1, std::memory_order_relaxed);
    return SQLITE_OK;
}

void SqliteStore::after_commit() {
    if (!connection_) return;
    const int code = log_keeper_.after_commit(*connection_);
    if (code != SQLITE_OK) give_up_writer(code, "the log could not be written back");
}

void SqliteStore::give_up_writer(int code, std::string_view what) {
    const std::string detail = std::string(what) + (connection_ ? ": " + connection_->message() : "");
    options_.log(detail);
    is_healthy_ = false;
    writer_.reset();
    connection_.reset();
    if (!is_failed_sync(code)) return;
    has_failed_sync_ = true;
    options_.fatal("fsync failed on " + path() + "; what the disk holds is unknown, so the process ends: " + detail);
}

Status SqliteStore::write_alone(const std::function<Status(app::Writer&)>& body) {
    if (Readers::is_within_read()) return fail(ErrorKind::internal, "storage.nested_read", "writing within a read");
    if (!queue_.take_turn_alone()) return fail(ErrorKind::unavailable, "storage.unavailable", "the desk is stopping");
    struct Turn {
        ChangeQueue& queue;
        ~Turn() { queue.end_turn(); }
    } turn{queue_};
    if (!has_writer()) return fail(ErrorKind::unavailable, "storage.unavailable", "the database cannot be written");
    return write_alone_now(body);
}

Status SqliteStore::write_alone_now(const std::function<Status(app::Writer&)>& body) {
    int code = SQLITE_OK;
    Status status = [&] {
        AloneWriter alone(*connection_, *catalogue_);
        auto ran = alone.run([&](app::Writer& writer) -> Status {
            CHECK_OK(body(writer));
            if (ids_.raise_floors(*connection_, *catalogue_) != SQLITE_OK) return fail(connection_->error("numbers"));
            return {};
        });
        code = alone.engine_failure();
        return ran;
    }();
    if (code != SQLITE_OK) {
        give_up_writer(code, "a transaction of its own failed");
        return status;
    }
    // The body may have written entries, numbers and configuration of its own.
    if (auto loaded = writer_->load(); !loaded) return loaded;
    if (auto loaded = ids_.load(*connection_, *catalogue_); !loaded) return loaded;
    if (!status) return status;
    commits_.fetch_add(1, std::memory_order_relaxed);
    publish_feed();
    after_commit();
    return status;
}

void SqliteStore::publish_feed() {
    const std::scoped_lock lock(feed_mutex_);
    if (writer_->last_pos() == feed_pos_) return;
    feed_pos_ = writer_->last_pos();
    feed_moved_.notify_all();
}

bool SqliteStore::wait_for_feed(std::int64_t pos, int timeout_ms) {
    std::unique_lock lock(feed_mutex_);
    feed_moved_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] { return feed_pos_ > pos || is_feed_over_; });
    return feed_pos_ > pos;
}

app::StoreFigures SqliteStore::figures() const {
    app::StoreFigures figures;
    figures.commits = commits_;
    figures.changes = changes_;
    figures.stale = stale_;
    figures.queue_length = queue_.size();
    figures.wal_frames = log_keeper_.frames();
    figures.gate_closings = log_keeper_.closings();
    return figures;
}

void SqliteStore::stop() {
    std::call_once(stopped_, [this] {
        Committed refused;
        refused.detail = "the desk is stopping";
        for (Pending& pending : queue_.stop()) pending.done(refused);
        queue_.wait_for_turn();
        if (thread_.joinable()) thread_.join();
        is_healthy_ = false;
        {
            const std::scoped_lock lock(feed_mutex_);
            is_feed_over_ = true;
            feed_moved_.notify_all();
        }
        readers_.stop();
        if (connection_) {
            const int code = LogKeeper::finish(*connection_);
            if (code != SQLITE_OK) options_.log("the last checkpoint failed: " + connection_->message());
        }
        writer_.reset();
        connection_.reset();
        lock_ = LockFile();
    });
}

Result<Manifest> SqliteStore::back_up(const std::string& target, BlobFiles* blobs) {
    struct LongRead {
        LogKeeper& keeper;
        explicit LongRead(LogKeeper& of) : keeper(of) { keeper.begin_long_read(); }
        ~LongRead() { keeper.end_long_read(); }
    };
    // Held over both: a blob that the copied database names must still be there when its turn comes.
    std::unique_ptr<BlobHold> hold = blobs == nullptr ? nullptr : blobs->hold();
    Result<Manifest> manifest = [&] {
        const LongRead long_read(log_keeper_);
        return copy_database(path(), target, options_.vfs);
    }();
    if (!manifest) return manifest;
    if (blobs != nullptr) CHECK_OK(copy_blobs(*blobs, target, *manifest));
    CHECK_OK(write_manifest(target, *manifest));
    return manifest;
}

}  // namespace firstline::storage::sqlite
