// One transaction of the unit-of-work queue on PostgreSQL (storage.md §3): everything from BEGIN to COMMIT is sent
// blind in one pipeline. Order of locks: the row of `batch`, the desk row, incidents ascending, last the feed. The
// config version is compared and the positions are handed out by the server, so that no round trip passes while a lock
// is held.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/port/store.hpp"
#include "storage/catalogue.hpp"
#include "storage/postgres/connection/connection.hpp"

namespace firstline::storage::postgres {

// Advisory locks of the database.
inline constexpr std::int64_t kFeedLock = 0x6669727374'01;     // held from the assignment of positions to the commit
inline constexpr std::int64_t kMigrateLock = 0x6669727374'02;  // held by the session that migrates
inline constexpr std::string_view kFeedChannel = "firstline_feed";

// A change in the queue and who wants to know.
struct Queued {
    app::Change change;
    std::function<void(const app::Committed&)> done;
};

enum class Step : std::uint8_t { begin, batch, config, write, feed, positions, entries, texts, after, notify, commit };

// What became of a transaction.
struct Attempt {
    std::optional<Failure> failure;  // none: committed
    Step step = Step::begin;         // where it failed
    std::size_t change = 0;          // of a failed write: which change
    std::string_view write;          // … and the write's name
    app::OnConflict on_conflict = app::OnConflict::exists;
    std::int64_t last_pos = 0;  // of the batch's entries, 0 without any
};

// Knows the SQL; holds no connection. Used by one writer thread.
class BatchWriter {
public:
    struct Options {
        bool has_feed_lock = true;  // without it a reader of the feed misses entries: for the test that shows it
        std::function<void()> before_commit;  // a test's pause between the writes and COMMIT
    };
    // `sequence`: of entry.pos, quoted as in SQL.
    BatchWriter(const Catalogue& catalogue, const std::string& sequence, Options options);

    // Writes `changes`, which are ordered and decided on one config version. `id` names the transaction in the table
    // `batch`: repeated with the same id after a lost connection it fails at Step::batch if the first one was committed
    // after all.
    [[nodiscard]] Attempt write(Connection& connection, std::span<Queued* const> changes, const std::string& id,
                                std::int64_t now_us);
    // The position of each change's first entry in what is committed, 0 without one.
    [[nodiscard]] Reply find_positions(Connection& connection, std::span<Queued* const> changes);

private:
    struct Sent {
        Step step;
        std::size_t change = 0;
        const app::Write* write = nullptr;
    };
    void send(Connection& connection, Step step, const NamedSql& sql, const Parameters& parameters = {});
    void send_writes(Connection& connection, std::span<Queued* const> changes, bool is_after);
    void send_write(Connection& connection, std::size_t change, const app::Write& write, Step step, std::int64_t back);
    void send_entries(Connection& connection, std::span<Queued* const> changes);
    void send_config(Connection& connection, std::span<Queued* const> changes);
    bool take_replies(Connection& connection, Attempt& attempt);

    const Catalogue& catalogue_;
    Options options_;
    std::string positions_sql_, entries_sql_, texts_sql_, notify_sql_, current_;
    Parameters parameters_;
    std::vector<Sent> sent_;
    std::size_t answered_ = 0;
    std::int64_t entries_ = 0;
};

// 16 random bytes in hexadecimal.
[[nodiscard]] std::string new_batch_id();

}  // namespace firstline::storage::postgres
