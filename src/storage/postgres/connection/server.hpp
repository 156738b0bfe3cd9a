// The PostgreSQL server and the database of a desk: making it, checking at start that it is one that loses nothing and
// sorts as SQLite does (storage.md §3), bringing its schema up to date.
#pragma once

#include <string>
#include <string_view>

#include "storage/migrate.hpp"
#include "storage/postgres/connection/connection.hpp"

namespace firstline::storage::postgres {

// Creates database `name` with collation C and UTF-8 beside the one that `url` names, whose user may create databases.
// Errors: kind exists, `storage.database_exists`; `storage.unavailable`; `storage.failed` (no right to).
[[nodiscard]] Status create_database(const std::string& url, const std::string& name);
// Ends the sessions in it and drops it; no error where there is none.
[[nodiscard]] Status drop_database(const std::string& url, const std::string& name);
// `url` with another database name.
[[nodiscard]] std::string with_database(std::string_view url, std::string_view name);

// Errors, kind invalid: `storage.server_too_old` (before 14), `storage.wrong_collation` (not C),
// `storage.wrong_encoding` (not UTF-8), `storage.not_durable` (fsync or full_page_writes off),
// `storage.too_few_connections` (fewer than this node needs).
[[nodiscard]] Status check_server(Connection& connection, std::size_t connections_needed);

// The shared runner's sight of a database: a session advisory lock keeps other nodes out.
class PostgresMigrationTarget final : public MigrationTarget {
public:
    explicit PostgresMigrationTarget(Connection& connection) : connection_(connection) {}
    Status lock() override;
    Status unlock() override;
    Result<SchemaState> read_schema() override;
    Status back_up(const SchemaState& from, int to) override;  // nothing: the server's own backups, said in the docs
    Status begin() override;
    Status commit() override;
    void roll_back() override;
    Status run_script(std::string_view sql) override;
    Status write_schema(const SchemaState& state) override;

private:
    Connection& connection_;
};

// Sequences of {id} columns go on behind rows that were written with numbers of their own (an import, a restore).
[[nodiscard]] Status advance_sequences(Connection& connection);
// The sequence's name behind table.column, quoted as in SQL. Error `storage.failed` where there is none.
[[nodiscard]] Result<std::string> sequence_of(Connection& connection, std::string_view table, std::string_view column);
// The table whose ids are of this kind.
[[nodiscard]] std::string_view table_of(app::IdKind kind);

}  // namespace firstline::storage::postgres
