// The storage port: reading in a snapshot, handing changes to the queue, working alone (storage.md §1–3).
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/port/change.hpp"
#include "base/result.hpp"

namespace firstline::app {

using EachRow = std::function<bool(const Row&)>;  // false ends the query early

// A query asked together with others.
struct Query {
    std::string_view statement;
    std::span<const Value> params;  // must live as long as the call
    EachRow each;
};

// Reads of one snapshot. Errors: `storage.unavailable` (engine gone, I/O), `storage.too_slow` (limit of a read passed).
class Reader {
public:
    virtual ~Reader() = default;
    virtual Status query(std::string_view statement, std::span<const Value> params, const EachRow& each) = 0;
    // Several queries whose parameters do not depend on each other's rows: one round trip where the database is elsewhere.
    // Rows come query by query, in order; the first error ends it.
    virtual Status query_all(std::span<const Query> queries) {
        for (const auto& one : queries) {
            if (auto status = query(one.statement, one.params, one.each); !status) return status;
        }
        return {};
    }

    Status query(std::string_view statement, std::initializer_list<Value> params, const EachRow& each) {
        return query(statement, std::span<const Value>(params.begin(), params.size()), each);
    }
    // True while the engine still grants time to this read; long scans ask and stop with what they have.
    [[nodiscard]] virtual bool has_time_left() const = 0;
};

// Reads and writes alone, interactively, in one transaction: migrate, merge of big things, restore, imports of configuration.
class Writer : public Reader {
public:
    virtual Result<std::int64_t> execute(
        const Write& write) = 0;  // rows touched; `storage.conflict` on a unique violation
};

enum class IdKind : std::uint8_t {
    incident,
    user,
    team,
    organization,
    category,
    service,
    tag,
    attachment,
    token,
    view,
    job,
    outbox
};
inline constexpr std::size_t kIdKindCount = 12;

enum class DatabaseKind : std::uint8_t { sqlite, postgres };

struct StoreFigures {
    std::uint64_t commits = 0, changes = 0, stale = 0, deadlocks = 0, queue_length = 0;
    std::uint64_t wal_frames = 0, gate_closings = 0;
};

class Store {
public:
    virtual ~Store() = default;

    // Runs `body` on a read connection in one snapshot; `body`'s error is the result. At most 250 ms on SQLite.
    virtual Status read(const std::function<Status(Reader&)>& body) = 0;
    // Takes the change; `done` is called once, on a thread of the engine, after the commit or the refusal.
    // A full queue answers Outcome::unavailable at once with detail "queue full".
    virtual void submit(Change change, std::function<void(const Committed&)> done) = 0;
    // Waits for the queue's current batch, then runs `body` in one transaction of its own. Not for request paths.
    virtual Status write_alone(const std::function<Status(Writer&)>& body) = 0;

    // The next number of a kind, never given twice; gaps are allowed. Cheap: blocks of 64 (sequence or counter).
    virtual Result<std::int64_t> next_id(IdKind kind) = 0;

    // Waits until an entry beyond `pos` is committed or `timeout_ms` is over; for the feed's readers.
    virtual bool wait_for_feed(std::int64_t pos, int timeout_ms) = 0;

    [[nodiscard]] virtual DatabaseKind kind() const = 0;
    [[nodiscard]] virtual StoreFigures figures() const = 0;
    [[nodiscard]] virtual bool is_healthy() const = 0;
    // No more changes are taken; queued ones are answered `unavailable`; the running batch commits; last checkpoint.
    virtual void stop() = 0;
};

}  // namespace firstline::app
