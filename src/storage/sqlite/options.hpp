// How a SQLite store is opened; the defaults are what the program runs with (storage.md §2).
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "storage/embedded.hpp"

namespace firstline::storage::sqlite {

struct Options {
    std::string directory;                    // made where it is missing, mode 0700; its parent must exist
    std::size_t queue_max = 4096;             // changes that wait
    std::size_t batch_max = 256;              // changes a transaction
    std::size_t readers_max = 32;             // read connections; as many reads run at once
    std::chrono::milliseconds read_max{250};  // one snapshot
    int wal_frames_max = 16'000;              // beyond, the log is written back and starts anew
    int wal_frames_left = 200;                // what may be left for the time in which readers wait

    std::function<void(std::string_view)> log = [](std::string_view) {};
    // Called after a failed fsync: what is on the disk is unknown, the process must end (the default ends it).
    std::function<void(std::string_view)> fatal = &end_process;

    std::span<const EmbeddedFile> sql = sql_files();
    std::span<const EmbeddedFile> migrations = migration_files();

    // For tests alone.
    std::string vfs;  // empty: SQLite's own
    std::string synchronous = "FULL";
    bool uses_gate = true;

    [[noreturn]] static void end_process(std::string_view why);
};

}  // namespace firstline::storage::sqlite
