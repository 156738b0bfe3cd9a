#include "storage/sqlite/connection/migration_target.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "storage/sqlite/backup/backup.hpp"

namespace firstline::storage::sqlite {

Result<SchemaState> read_schema_of(Connection& connection) {
    TRY(const std::string count,
        connection.value_of("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema'"));
    if (count == "0") return SchemaState{};
    TRY(const std::string version, connection.value_of("SELECT version FROM schema"));
    TRY(const std::string min_program, connection.value_of("SELECT min_program FROM schema"));
    return SchemaState{.version = std::stoi(version), .min_program = std::stoi(min_program)};
}

Result<SchemaState> SqliteMigrationTarget::read_schema() { return read_schema_of(connection_); }

Status SqliteMigrationTarget::back_up(const SchemaState& from, int to) {
    namespace fs = std::filesystem;
    const fs::path backups = fs::path(directory_) / "backups";
    std::error_code error;
    fs::create_directory(backups, error);
    fs::path target = backups / fmt::format("before-{:04}", from.version + 1);
    // An earlier try that failed left its copy; it stays.
    for (int i = 2; fs::exists(target, error); ++i)
        target = backups / fmt::format("before-{:04}-{}", from.version + 1, i);
    auto copied = back_up_database(directory_ + "/firstline.db", target.string());
    if (copied) return {};
    return fail(ErrorKind::unavailable, "storage.backup_failed",
                fmt::format("no backup before going to schema {}: {}", to, copied.error().detail));
}

void SqliteMigrationTarget::roll_back() {
    // SQLite has ended the transaction itself after some errors.
    if (connection_.is_in_transaction()) static_cast<void>(connection_.run("ROLLBACK"));
}

Status SqliteMigrationTarget::write_schema(const SchemaState& state) {
    return run(
        fmt::format("CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL, min_program INTEGER NOT NULL) STRICT;"
                    "DELETE FROM schema; INSERT INTO schema VALUES ({}, {})",
                    state.version, state.min_program));
}

Status SqliteMigrationTarget::run(const std::string& sql) {
    if (connection_.run(sql.c_str()) != SQLITE_OK) return fail(connection_.error("migration"));
    return {};
}

}  // namespace firstline::storage::sqlite
