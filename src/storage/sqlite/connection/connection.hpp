// One SQLite connection: statements prepared once, typed binding and columns (stack.md "access layer").
// A connection and what comes from it belong to one thread at a time. Codes are SQLite's extended result codes.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/port/store.hpp"
#include "base/result.hpp"
#include "storage/catalogue.hpp"

namespace firstline::storage::sqlite {

// A unique key is taken.
[[nodiscard]] bool is_conflict(int code);
// The engine itself is in trouble, not the statement: disk full, I/O, memory, locks, a damaged file.
[[nodiscard]] bool is_engine_failure(int code);
// The operating system could not say that data reached the disk.
[[nodiscard]] bool is_failed_sync(int code);

// One run of a prepared statement; resets it at the end. Texts and blobs bound must outlive it.
class Execution {
public:
    explicit Execution(sqlite3_stmt* statement) : statement_(statement) {}
    ~Execution();
    Execution(Execution&& other) noexcept;
    Execution& operator=(Execution&&) = delete;

    // Parameters count from 1; the first error is kept and answered by `step`.
    void bind(int index, std::int64_t number);
    void bind_text(int index, std::string_view text);
    void bind_bytes(int index, std::string_view bytes);
    void bind_null(int index);
    // `positions` are those of the change's entries, for EntryPos.
    void bind(int index, const app::Value& value, std::span<const std::int64_t> positions = {});
    void bind_all(std::span<const app::Value> values, std::span<const std::int64_t> positions = {});

    // SQLITE_ROW, SQLITE_DONE or an error.
    [[nodiscard]] int step();
    // Runs to the end, rows ignored: SQLITE_OK or an error.
    [[nodiscard]] int finish();
    [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] sqlite3_stmt* raw() const { return statement_; }
    void own() { is_owned_ = true; }  // finalize instead of reset

private:
    void keep(int code) {
        if (error_ == SQLITE_OK) error_ = code;
    }
    sqlite3_stmt* statement_;
    int error_ = SQLITE_OK;
    bool is_owned_ = false;
};

struct ConnectionOptions {
    std::string path;
    bool is_read_only = false;
    std::string vfs{};
    std::string synchronous = "FULL";
    bool is_immutable = false;  // a finished copy that nobody writes; leaves no files beside it
};

class Connection {
public:
    // Opens and sets the pragmas. Error `storage.unavailable`.
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const ConnectionOptions& options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // The catalogue's statement, prepared at its first use. Null on failure: `error_code()` says why.
    [[nodiscard]] sqlite3_stmt* prepare(const Statement& statement);
    // A run of the catalogue's statement; a second copy where the first is still running (a query within a row's
    // callback).
    [[nodiscard]] Result<Execution> execution(const Statement& statement);

    // Runs SQL of our own without parameters, several statements allowed. SQLITE_OK or an error.
    [[nodiscard]] int run(const char* sql);
    // The first column of the first row. Error `storage.unavailable`; kind not_found, `storage.no_row`, where there is
    // none.
    [[nodiscard]] Result<std::string> value_of(const std::string& sql);

    // A transaction as the engine begins it by default: of a reader one snapshot. SQLITE_OK or an error.
    [[nodiscard]] int begin() { return run_prepared(begin_, "BEGIN"); }
    [[nodiscard]] int commit() { return run_prepared(commit_, "COMMIT"); }

    [[nodiscard]] bool is_in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }
    [[nodiscard]] int error_code() const { return sqlite3_extended_errcode(db_); }
    [[nodiscard]] std::string message() const { return sqlite3_errmsg(db_); }
    [[nodiscard]] Error error(std::string_view what) const;
    [[nodiscard]] sqlite3* raw() const { return db_; }

private:
    explicit Connection(sqlite3* db) : db_(db) {}
    Status set_up(const ConnectionOptions& options);
    [[nodiscard]] int run_prepared(sqlite3_stmt*& statement, const char* sql);
    sqlite3* db_;
    sqlite3_stmt* begin_ = nullptr;
    sqlite3_stmt* commit_ = nullptr;
    std::vector<sqlite3_stmt*> prepared_;  // by Statement::number
};

// A column reader over the row a statement stands on.
class SqliteRow final : public app::Row {
public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
    [[nodiscard]] bool is_null(int column) const override {
        return sqlite3_column_type(statement_, column) == SQLITE_NULL;
    }
    [[nodiscard]] std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
    [[nodiscard]] std::string_view text(int column) const override;
    [[nodiscard]] std::string_view bytes(int column) const override;

private:
    sqlite3_stmt* statement_;
};

// Finds the statement, checks the number of parameters, runs it. Errors `storage.statement` (a defect: unknown,
// parameters), `storage.too_slow` (interrupted), `storage.unavailable`.
[[nodiscard]] Status run_query(Connection& connection, const Catalogue& catalogue, std::string_view name,
                               std::span<const app::Value> params, const app::EachRow& each);

// The catalogue's statement if `parameter_count` fits. Error `storage.statement`.
[[nodiscard]] Result<const Statement*> find_statement(const Catalogue& catalogue, std::string_view name,
                                                      std::size_t parameter_count);

}  // namespace firstline::storage::sqlite
