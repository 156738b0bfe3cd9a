// A SQLite file system that fails when a test wants it to; otherwise the operating system's.
#pragma once

#include <atomic>
#include <string>

namespace firstline::storage::sqlite {

// The codes that writing and syncing answer from now on; SQLITE_OK works as ever. Shared by all files of the process.
struct Faults {
    std::atomic<int> write{0};  // SQLITE_FULL, SQLITE_IOERR_WRITE
    std::atomic<int> sync{0};   // SQLITE_IOERR_FSYNC
};
[[nodiscard]] Faults& faults();

// Registers the file system once; its name for Options::vfs.
[[nodiscard]] std::string faulty_vfs();

}  // namespace firstline::storage::sqlite
