#include "storage/sqlite/backup/backup.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "storage/sqlite/connection/lock_file.hpp"
#include "storage/sqlite/connection/migration_target.hpp"
#include "storage/sqlite/durable_file.hpp"

namespace firstline::storage::sqlite {
namespace {

constexpr const char* kDatabase = "firstline.db";

// The first column of the newest row, or `otherwise` where the table is empty.
Result<std::string> value_or(Connection& connection, const std::string& sql, const std::string& otherwise) {
    auto found = connection.value_of(sql);
    if (!found && found.error().code == "storage.no_row") return otherwise;
    return found;
}

// What a database of ours says of itself.
Result<Manifest> describe(Connection& connection) {
    Manifest manifest;
    TRY(const SchemaState schema, read_schema_of(connection));
    manifest.schema_version = schema.version;
    manifest.min_program = schema.min_program;
    TRY(manifest.desk_id, value_or(connection, "SELECT desk_id FROM desk", ""));
    TRY(manifest.epoch, value_or(connection, "SELECT epoch FROM desk", ""));
    TRY(const std::string position, connection.value_of("SELECT COALESCE(MAX(pos), 0) FROM entry"));
    manifest.position = std::stoll(position);
    TRY(const std::string anchor, value_or(connection, "SELECT n FROM anchor ORDER BY n DESC LIMIT 1", "0"));
    manifest.anchor = std::stoll(anchor);
    TRY(const std::string hash, value_or(connection, "SELECT hash FROM anchor ORDER BY n DESC LIMIT 1", ""));
    manifest.anchor_hash = to_hex(hash);
    return manifest;
}

// VACUUM INTO takes its snapshot at the first read and holds it to the end.
Status vacuum_into(const std::string& path, const std::string& copy, const std::string& vfs) {
    TRY(auto connection, Connection::open({.path = path, .is_read_only = true, .vfs = vfs}));
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection->raw(), "VACUUM INTO ?1", -1, &statement, nullptr) != SQLITE_OK) {
        return fail(connection->error("cannot copy the database"));
    }
    Execution execution(statement);
    execution.own();
    execution.bind_text(1, copy);
    if (execution.finish() != SQLITE_OK) return fail(connection->error("cannot copy the database"));
    return {};
}

tl::unexpected<Error> damaged(const std::string& what) {
    return fail(ErrorKind::malformed, "storage.backup_damaged", what);
}

Status check_same(const Manifest& expected, const Manifest& found) {
    const bool is_same = expected.desk_id == found.desk_id && expected.position == found.position &&
                         expected.anchor == found.anchor && expected.anchor_hash == found.anchor_hash &&
                         expected.schema_version == found.schema_version;
    if (!is_same) return damaged("the database is not the one that the manifest describes");
    return {};
}

Status check_path(const std::string& path) {
    // A manifest of somebody else's must not write outside the directory.
    const bool is_blob = path.starts_with("blobs/") && path.size() == 70 && from_hex(path.substr(6)).has_value();
    if (path == kDatabase || is_blob) return {};
    return damaged("the manifest names " + path);
}

std::string partial(const std::string& directory) { return directory + "/" + kDatabase + ".partial"; }

// Checks the copy, gives it its epoch, leaves one file without a log.
Status finish_database(const std::string& path, Manifest& manifest, std::span<const EmbeddedFile> migrations) {
    TRY(const auto known, load_migrations(app::DatabaseKind::sqlite, migrations));
    {
        TRY(auto connection, Connection::open({.path = path}));
        TRY(const std::string check, connection->value_of("PRAGMA integrity_check"));
        if (check != "ok") return damaged("the database's structure: " + check);
        TRY(const SchemaState schema, read_schema_of(*connection));
        CHECK_OK(check_schema(schema, known));
        TRY(const Manifest found, describe(*connection));
        CHECK_OK(check_same(manifest, found));
        manifest.epoch = to_hex(random_bytes(8));
        const std::string sql = "UPDATE desk SET epoch = '" + manifest.epoch + "'";
        const bool is_done = connection->run(sql.c_str()) == SQLITE_OK &&
                             sqlite3_wal_checkpoint_v2(connection->raw(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                                       nullptr) == SQLITE_OK &&
                             connection->run("PRAGMA journal_mode = DELETE") == SQLITE_OK;
        if (!is_done) return fail(connection->error("cannot give the desk a new epoch"));
    }
    return sync_file(path);
}

}  // namespace

Result<Manifest> copy_database(const std::string& path, const std::string& target, const std::string& vfs) {
    CHECK_OK(take_empty_directory(target));
    const std::string copy = target + "/" + kDatabase;
    CHECK_OK(vacuum_into(path, copy, vfs));
    Manifest manifest;
    {
        TRY(auto connection, Connection::open({.path = copy, .is_read_only = true, .is_immutable = true}));
        TRY(manifest, describe(*connection));
    }
    CHECK_OK(sync_file(copy));
    CHECK_OK(sync_directory(target));
    TRY(const FileSum sum, sum_of(copy));
    manifest.files.push_back({kDatabase, to_hex(sum.sha256), sum.size});
    return manifest;
}

Status copy_blobs(const BlobFiles& blobs, const std::string& target, Manifest& manifest) {
    const std::string directory = target + "/blobs";
    CHECK_OK(take_empty_directory(directory));
    TRY(const auto names, blobs.names());
    for (const std::string& name : names) {
        TRY(const FileSum sum, copy_durably(blobs.path_of(name), directory + "/" + name));
        if (to_hex(sum.sha256) != name) return damaged("the attachment " + name + " has been changed on the disk");
        manifest.files.push_back({"blobs/" + name, name, sum.size});
    }
    CHECK_OK(sync_directory(directory));
    return sync_directory(target);
}

Result<Manifest> back_up_database(const std::string& path, const std::string& target) {
    TRY(auto manifest, copy_database(path, target));
    CHECK_OK(write_manifest(target, manifest));
    return manifest;
}

Result<Manifest> restore(const std::string& source, const std::string& directory,
                         std::span<const EmbeddedFile> migrations) {
    TRY(auto manifest, read_manifest(source));
    CHECK_OK(take_empty_directory(directory, "lock"));
    TRY(const LockFile lock, LockFile::take(directory));
    // First of all: until it gets its name, the directory is not taken for a new desk.
    CHECK_OK(
        write_durably(directory + "/restoring", "a restore was cut off: empty this directory and restore again\n"));
    if (::mkdir((directory + "/blobs").c_str(), 0700) != 0) {
        return fail(ErrorKind::unavailable, "storage.unavailable",
                    "cannot make " + directory + "/blobs: " + std::strerror(errno));
    }
    bool has_database = false;
    for (const ManifestFile& file : manifest.files) {
        CHECK_OK(check_path(file.path));
        has_database = has_database || file.path == kDatabase;
        const std::string to = file.path == kDatabase ? partial(directory) : directory + "/" + file.path;
        TRY(const FileSum sum, copy_durably(source + "/" + file.path, to));
        if (to_hex(sum.sha256) != file.sha256 || sum.size != file.size)
            return damaged(file.path + " is not what was backed up");
    }
    if (!has_database) return damaged("the backup holds no database");
    CHECK_OK(finish_database(partial(directory), manifest, migrations));
    CHECK_OK(sync_directory(directory + "/blobs"));
    CHECK_OK(rename_durably(partial(directory), directory + "/" + kDatabase));
    std::error_code error;
    if (!std::filesystem::remove(directory + "/restoring", error)) {
        return fail(ErrorKind::unavailable, "storage.unavailable", "cannot remove " + directory + "/restoring");
    }
    CHECK_OK(sync_directory(directory));
    return manifest;
}

Status check_no_unfinished_restore(const std::string& directory) {
    std::error_code error;
    if (!std::filesystem::exists(directory + "/restoring", error)) return {};
    return fail(ErrorKind::unavailable, "storage.restore_unfinished",
                "a restore into " + directory + " was cut off: empty the directory and restore again");
}

}  // namespace firstline::storage::sqlite
