// Backup of a running desk and restore (storage.md §2): the database by VACUUM INTO from a read-only connection, then
// the blobs, then the manifest. Search files are left out: they are rebuilt.
#pragma once

#include <span>
#include <string>

#include "storage/embedded.hpp"
#include "storage/sqlite/backup/manifest.hpp"
#include "storage/sqlite/blob/blob_files.hpp"

namespace firstline::storage::sqlite {

// Copies the database at `path` to target/firstline.db, durably; the manifest so far. `target` is missing or empty, its
// parent exists. Errors: `storage.not_empty`, `storage.unavailable`.
[[nodiscard]] Result<Manifest> copy_database(const std::string& path, const std::string& target,
                                             const std::string& vfs = {});
// Copies all blobs to target/blobs and lists them. The caller holds a BlobHold. Error `storage.backup_damaged`: a
// blob's bytes no longer have its hash.
[[nodiscard]] Status copy_blobs(const BlobFiles& blobs, const std::string& target, Manifest& manifest);
// The database alone, with its manifest: before a migration.
[[nodiscard]] Result<Manifest> back_up_database(const std::string& path, const std::string& target);

// Writes the backup `source` into `directory` (missing or empty), checks every file's hash, the database's structure
// and position, and gives the desk a new epoch: subscribers of the old feed start anew. The manifest with the new
// epoch. Errors: `storage.no_backup`, `storage.backup_damaged`, `storage.not_empty`, `storage.in_use`,
// `storage.schema_too_new`, `storage.unavailable`.
[[nodiscard]] Result<Manifest> restore(const std::string& source, const std::string& directory,
                                       std::span<const EmbeddedFile> migrations = migration_files());

// Error `storage.restore_unfinished`: a restore into `directory` was cut off; empty the directory and restore again.
[[nodiscard]] Status check_no_unfinished_restore(const std::string& directory);

}  // namespace firstline::storage::sqlite
