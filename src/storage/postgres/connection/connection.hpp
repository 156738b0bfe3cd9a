// One connection to PostgreSQL over libpq, always in pipeline mode: what is sent is answered in order, one round trip
// for many statements (storage.md §3). Not for use by two threads at a time.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "storage/postgres/connection/parameters.hpp"

namespace firstline::storage::postgres {

struct FreeResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, FreeResult>;

// Why the server (or the way to it) did not do what was sent.
struct Failure {
    std::string sqlstate;    // five characters; empty when the connection was lost
    std::string message;     // the server's, for the log
    std::string constraint;  // of a violated constraint
    bool is_lost = false;    // the connection is gone: whether the statement ran is unknown

    [[nodiscard]] bool is(std::string_view state) const { return sqlstate == state; }
    // Deadlock or serialization: the same again may succeed.
    [[nodiscard]] bool is_to_repeat() const { return is("40P01") || is("40001"); }
    // The server cannot do anything of this kind now: full disk, memory, shutting down, read-only, time limit.
    [[nodiscard]] bool is_server_wide() const;
};

// `storage.unavailable`, `storage.too_slow` (time limit) or, for a defect in a statement, `storage.failed`.
[[nodiscard]] Error to_error(const Failure& failure);

// A statement by name: prepared at its first use on a connection.
struct NamedSql {
    std::string_view name;
    std::string_view sql;
};

struct Reply {
    ResultPtr result;  // rows in binary format; null on failure
    std::optional<Failure> failure;
    [[nodiscard]] std::int64_t rows_touched() const;
    [[nodiscard]] std::int64_t integer(int row, int column) const;  // 0 for NULL or no such row
};

struct ConnectOptions {
    std::string url;
    std::string application_name = "firstline";
    int statement_limit_ms = 0;  // 0: none
    int connect_timeout_s = 5;
};

class Connection {
public:
    // Error `storage.unavailable`.
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const ConnectOptions& options);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    // Puts a statement into the pipeline. `is_discarded`: `receive` skips its reply, but keeps its failure for the next
    // one.
    void send(const NamedSql& statement, const Parameters& parameters = {}, bool is_discarded = false);
    // Ends a unit: after a failure the server skips everything up to here. Sends what is buffered.
    void sync();
    // Asks the server for the replies so far without ending the unit.
    void ask_for_replies();
    // The next reply that is not discarded; waits for it. Syncs and discarded replies before it are passed over.
    [[nodiscard]] Reply receive();
    // Takes in everything that is under way; the first failure in it, or none.
    std::optional<Failure> drain();
    // Whether a statement is prepared (or about to be), so that its text need not be given.
    [[nodiscard]] bool knows(std::string_view name) const;

    // One statement, one round trip, not prepared.
    [[nodiscard]] Reply run(std::string_view sql, const Parameters& parameters = {});
    // Several statements as one simple query, outside the pipeline.
    [[nodiscard]] std::optional<Failure> run_script(const std::string& sql);

    [[nodiscard]] bool is_lost() const { return is_lost_ || PQstatus(raw_.get()) == CONNECTION_BAD; }
    [[nodiscard]] int backend_pid() const { return PQbackendPID(raw_.get()); }
    [[nodiscard]] int server_version() const { return PQserverVersion(raw_.get()); }
    [[nodiscard]] PGconn* raw() { return raw_.get(); }

private:
    enum class Kind : std::uint8_t { statement, discarded, prepare, sync };
    struct Pending {
        Kind kind;
        const std::string* name = nullptr;  // of a prepare: key of prepared_
    };
    struct Finish {
        void operator()(PGconn* raw) const { PQfinish(raw); }
    };

    explicit Connection(PGconn* raw) : raw_(raw) {}
    [[nodiscard]] std::optional<Failure> set_up(const ConnectOptions& options);
    const std::string& prepare(const NamedSql& statement);
    Reply take(const Pending& pending);
    Failure failure_of(const PGresult* result);
    Reply lose();

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unique_ptr<PGconn, Finish> raw_;
    std::unordered_map<std::string, bool, Hash, std::equal_to<>> prepared_;  // name -> on the server
    std::deque<Pending> pending_;
    std::optional<Failure> kept_;  // of a discarded reply in this unit
    bool is_lost_ = false;
};

// What a connection's rows look like to the port. Valid as long as `result`.
class ResultRow final : public app::Row {
public:
    ResultRow(const PGresult* result, int row) : result_(result), row_(row) {}
    void move_to(int row) {
        row_ = row;
        texts_.clear();
    }
    [[nodiscard]] bool is_null(int column) const override;
    [[nodiscard]] std::int64_t integer(int column) const override;
    [[nodiscard]] std::string_view text(int column) const override;  // a number as decimal text
    [[nodiscard]] std::string_view bytes(int column) const override;

private:
    const PGresult* result_;
    int row_;
    mutable std::deque<std::string> texts_;
};

}  // namespace firstline::storage::postgres
