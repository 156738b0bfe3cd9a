#include "storage/sqlite/read/readers.hpp"

#include <utility>

namespace firstline::storage::sqlite {
namespace {

using Clock = std::chrono::steady_clock;

thread_local bool within_read = false;

// One snapshot with its limit; SQLite asks `is_over` every few thousand steps.
class Snapshot final : public app::Reader {
public:
    Snapshot(Connection& connection, const Catalogue& catalogue, std::chrono::milliseconds limit)
        : connection_(connection), catalogue_(catalogue), begun_(Clock::now()), limit_(limit) {
        sqlite3_progress_handler(connection_.raw(), 2'000, &Snapshot::is_over, this);
        within_read = true;
    }
    ~Snapshot() override {
        sqlite3_progress_handler(connection_.raw(), 0, nullptr, nullptr);
        if (connection_.is_in_transaction()) static_cast<void>(connection_.commit());
        within_read = false;
    }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    Status begin() {
        if (connection_.begin() != SQLITE_OK) return fail(connection_.error("cannot begin to read"));
        return {};
    }
    Status query(std::string_view statement, std::span<const app::Value> params, const app::EachRow& each) override {
        if (Clock::now() - begun_ > limit_)
            return fail(ErrorKind::unavailable, "storage.too_slow", "the read took too long");
        return run_query(connection_, catalogue_, statement, params, each);
    }
    // A fifth of the time is kept for what follows a scan.
    [[nodiscard]] bool has_time_left() const override { return Clock::now() - begun_ < limit_ * 4 / 5; }

private:
    static int is_over(void* self) {
        const auto* snapshot = static_cast<const Snapshot*>(self);
        return Clock::now() - snapshot->begun_ > snapshot->limit_ ? 1 : 0;
    }
    Connection& connection_;
    const Catalogue& catalogue_;
    const Clock::time_point begun_;
    const std::chrono::milliseconds limit_;
};

}  // namespace

bool Readers::is_within_read() { return within_read; }

Status Readers::read(const std::function<Status(app::Reader&)>& body) {
    if (within_read) return fail(ErrorKind::internal, "storage.nested_read", "a read within a read");
    TRY(auto connection, take());
    // Gives the connection back however `body` ends.
    struct Return {
        Readers& readers;
        std::unique_ptr<Connection> connection;
        ~Return() { readers.give_back(std::move(connection)); }
    } held{*this, std::move(connection)};
    if (!gate_.enter()) return fail(ErrorKind::unavailable, "storage.unavailable", "the desk is stopping");
    struct Leave {
        ReadGate& gate;
        ~Leave() { gate.leave(); }
    } inside{gate_};
    Snapshot snapshot(*held.connection, *catalogue_, options_.read_max);
    CHECK_OK(snapshot.begin());
    return body(snapshot);
}

Result<std::unique_ptr<Connection>> Readers::take() {
    {
        std::unique_lock lock(mutex_);
        const bool is_free = freed_.wait_for(lock, std::chrono::seconds(2),
                                             [this] { return !idle_.empty() || count_ < options_.readers_max; });
        if (!is_free) return fail(ErrorKind::unavailable, "storage.unavailable", "all read connections are busy");
        if (is_stopped_) return fail(ErrorKind::unavailable, "storage.unavailable", "the desk is stopping");
        if (!idle_.empty()) {
            auto connection = std::move(idle_.back());
            idle_.pop_back();
            return connection;
        }
        ++count_;
    }
    auto opened = Connection::open({.path = path_, .is_read_only = true, .vfs = options_.vfs});
    if (!opened) give_back(nullptr);
    return opened;
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
    // One that met an I/O error is not used again.
    if (connection && (connection->is_in_transaction() || (connection->error_code() & 0xff) == SQLITE_IOERR))
        connection.reset();
    const std::scoped_lock lock(mutex_);
    if (connection) {
        idle_.push_back(std::move(connection));
    } else {
        --count_;
    }
    freed_.notify_all();
}

void Readers::stop() {
    gate_.shut();
    std::unique_lock lock(mutex_);
    is_stopped_ = true;
    freed_.wait(lock, [this] { return idle_.size() == count_; });
    count_ -= idle_.size();
    idle_.clear();
}

}  // namespace firstline::storage::sqlite
