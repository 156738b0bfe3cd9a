// The migration runner's view of a SQLite database (storage.md §4): one transaction after an automatic backup.
#pragma once

#include <string>

#include "storage/migrate.hpp"
#include "storage/sqlite/connection/connection.hpp"

namespace firstline::storage::sqlite {

// Backups go to DIR/backups/before-NNNN.
class SqliteMigrationTarget final : public MigrationTarget {
public:
    SqliteMigrationTarget(Connection& connection, std::string directory)
        : connection_(connection), directory_(std::move(directory)) {}
    Status lock() override { return {}; }
    Status unlock() override { return {}; }
    Result<SchemaState> read_schema() override;
    Status back_up(const SchemaState& from, int to) override;
    Status begin() override { return run("BEGIN IMMEDIATE"); }
    Status commit() override { return run("COMMIT"); }
    void roll_back() override;
    Status run_script(std::string_view sql) override { return run(std::string(sql)); }
    Status write_schema(const SchemaState& state) override;

private:
    Status run(const std::string& sql);
    Connection& connection_;
    std::string directory_;
};

// The row of `schema` in any database file of ours.
[[nodiscard]] Result<SchemaState> read_schema_of(Connection& connection);

}  // namespace firstline::storage::sqlite
