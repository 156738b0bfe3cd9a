#include "storage/postgres/postgres_store.hpp"

#include <algorithm>
#include <utility>

#include "base/crypto.hpp"
#include "storage/postgres/connection/server.hpp"
#include "storage/postgres/write/alone.hpp"

namespace firstline::storage::postgres {
namespace {

constexpr std::chrono::milliseconds kHousekeepingMax{5'000};

// What of a change no database could take: it is refused before the queue. Empty where all is well.
std::string defect_of(const app::Change& change, const Catalogue& catalogue) {
    for (const auto* writes : {&change.writes, &change.after_entries}) {
        for (const auto& write : *writes) {
            const Statement* statement = catalogue.find(write.name);
            const std::string name(write.name);
            if (statement == nullptr) return "no statement " + name;
            if (statement->is_alone) return name + " is only for write_alone";
            if (static_cast<std::size_t>(statement->parameter_count) != write.params.size())
                return name + ": parameter count";
            for (const auto& value : write.params) {
                const auto* pos = std::get_if<app::EntryPos>(&value);
                if (pos == nullptr) continue;
                if (writes == &change.writes || pos->entry >= change.entries.size())
                    return name + ": no such entry position";
            }
        }
    }
    return {};
}

// Neighbouring numbers go to different writers; a number always to the same one.
std::size_t spread(std::int64_t lock_order, std::size_t writers) {
    const auto mixed = static_cast<std::uint64_t>(lock_order) * 0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>(mixed >> 32) % writers;
}

}  // namespace

std::int64_t system_now_us() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

PostgresStore::PostgresStore(Options options)
    : options_(std::move(options)),
      node_(to_hex(random_bytes(6))),
      readers_(connect_options("reader", options_.read_max), options_.readers_max),
      blobs_(readers_) {}

Result<std::unique_ptr<PostgresStore>> PostgresStore::open(Options options) {
    options.writers = std::clamp<std::size_t>(options.writers, 1, 2);
    std::unique_ptr<PostgresStore> store(new PostgresStore(std::move(options)));
    CHECK_OK(store->prepare());
    return store;
}

Status PostgresStore::prepare() {
    TRY(catalogue_, Catalogue::load(app::DatabaseKind::postgres, options_.sql));
    TRY(migrations_, load_migrations(app::DatabaseKind::postgres, options_.migrations));
    TRY(auto connection, Connection::open(connect_options("ids", std::chrono::milliseconds(0))));
    CHECK_OK(check_server(*connection, options_.connections_needed()));
    PostgresMigrationTarget target(*connection);
    TRY(const auto state, migrate(target, migrations_));
    CHECK_OK(check_schema(state, migrations_));
    CHECK_OK(target.lock());
    CHECK_OK(advance_sequences(*connection));
    CHECK_OK(target.unlock());
    return start(std::move(connection));
}

Status PostgresStore::start(std::unique_ptr<Connection> connection) {
    Ids::Sequences sequences;
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        TRY(sequences.at(i), sequence_of(*connection, table_of(static_cast<app::IdKind>(i)), "id"));
    }
    TRY(const auto positions, sequence_of(*connection, "entry", "pos"));
    ids_ = std::make_unique<Ids>(std::move(connection), connect_options("ids", kHousekeepingMax), std::move(sequences));

    const auto feed_connect = connect_options("feed", kHousekeepingMax);
    TRY(auto listening, Connection::open(feed_connect));
    TRY(feed_, Feed::start(std::move(listening),
                           {.connect = feed_connect,
                            .now_us = options_.now_us,
                            .is_schema_good = [this](Connection& asked) { return may_run_on_schema(asked); },
                            .probe_every = options_.probe_every}));
    for (std::size_t i = 0; i < options_.writers; ++i) {
        const auto connect = connect_options("writer " + std::to_string(i + 1), options_.write_max);
        TRY(auto writing, Connection::open(connect));
        BatchWriter batch(*catalogue_, positions, {options_.has_feed_lock, options_.before_commit});
        Writer::Options writer{.connect = connect,
                               .batch_max = options_.batch_max,
                               .queue_max = options_.queue_max,
                               .reconnect_limit = options_.reconnect_max,
                               .now_us = options_.now_us,
                               .committed = [this](std::int64_t last_pos) { feed_->advance(last_pos); }};
        writers_.push_back(std::make_unique<Writer>(std::move(batch), std::move(writing), std::move(writer), figures_));
    }
    return {};
}

ConnectOptions PostgresStore::connect_options(std::string_view role, std::chrono::milliseconds limit) const {
    return {.url = options_.url,
            .application_name = "firstline " + node_ + " " + std::string(role),
            .statement_limit_ms = static_cast<int>(limit.count())};
}

bool PostgresStore::may_run_on_schema(Connection& connection) const {
    PostgresMigrationTarget target(connection);
    const auto state = target.read_schema();
    return state && check_schema(*state, migrations_);
}

Status PostgresStore::read(const std::function<Status(app::Reader&)>& body) {
    if (is_stopped_) return fail(ErrorKind::unavailable, "storage.unavailable", "The store is stopped.");
    SnapshotReader reader(readers_, *catalogue_, options_.read_max);
    return body(reader);
}

void PostgresStore::submit(app::Change change, std::function<void(const app::Committed&)> done) {
    if (auto defect = defect_of(change, *catalogue_); !defect.empty()) {
        return done({.outcome = app::Outcome::unavailable, .detail = std::move(defect)});
    }
    auto& writer = *writers_[spread(change.lock_order, writers_.size())];
    auto queued = std::make_unique<Queued>(Queued{std::move(change), std::move(done)});
    if (writer.submit(queued)) return;
    queued->done({.outcome = app::Outcome::unavailable, .detail = is_stopped_ ? "stopped" : "queue full"});
}

Status PostgresStore::write_alone(const std::function<Status(app::Writer&)>& body) {
    const std::lock_guard one_at_a_time(alone_);
    struct Pause {
        explicit Pause(std::vector<std::unique_ptr<Writer>>& all) : writers(all) {
            for (const auto& writer : writers) writer->pause();
        }
        Pause(const Pause&) = delete;
        Pause& operator=(const Pause&) = delete;
        ~Pause() {
            for (const auto& writer : writers) writer->resume();
        }
        std::vector<std::unique_ptr<Writer>>& writers;
    } pause(writers_);
    std::int64_t last_pos = 0;
    const Status status = writers_.front()->with_connection(
        [&](Connection& connection) { return run_alone(connection, *catalogue_, body, options_.now_us(), last_pos); });
    if (status) {
        ids_->forget();
        feed_->advance(last_pos);
    }
    return status;
}

app::StoreFigures PostgresStore::figures() const {
    app::StoreFigures figures;
    figures.commits = figures_.commits;
    figures.changes = figures_.changes;
    figures.stale = figures_.stale;
    figures.deadlocks = figures_.deadlocks;
    figures.queue_length = figures_.queue_length;
    return figures;
}

bool PostgresStore::is_healthy() const {
    const bool are_writing = std::ranges::all_of(writers_, [](const auto& writer) { return writer->is_connected(); });
    return !is_stopped_ && are_writing && feed_->is_healthy();
}

void PostgresStore::stop() {
    is_stopped_ = true;
    for (const auto& writer : writers_) writer->stop();
    if (feed_) feed_->stop();
}

}  // namespace firstline::storage::postgres
