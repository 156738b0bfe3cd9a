// What a backup holds: manifest.json beside its files, written last, so that its presence means that the backup is
// whole.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace firstline::storage::sqlite {

struct ManifestFile {
    std::string path;    // within the backup
    std::string sha256;  // hex
    std::int64_t size = 0;
};

struct Manifest {
    std::string desk_id, epoch;
    std::int64_t position = 0;  // of the newest entry
    std::int64_t anchor = 0;    // the newest anchor's number, 0 where there is none
    std::string anchor_hash;    // hex
    int schema_version = 0, min_program = 0;
    std::vector<ManifestFile> files;
};

// Writes and fsyncs `directory`/manifest.json. Error `storage.unavailable`.
[[nodiscard]] Status write_manifest(const std::string& directory, const Manifest& manifest);
// Errors: `storage.no_backup` (there is none), `storage.backup_damaged` (not readable).
[[nodiscard]] Result<Manifest> read_manifest(const std::string& directory);

}  // namespace firstline::storage::sqlite
