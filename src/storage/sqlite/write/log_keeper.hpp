// Keeps the write-ahead log short (storage.md §2, "gate"): without it one looping reader lets the log grow without end.
#pragma once

#include <atomic>
#include <cstdint>

#include "storage/sqlite/connection/connection.hpp"
#include "storage/sqlite/options.hpp"
#include "storage/sqlite/read/gate.hpp"

namespace firstline::storage::sqlite {

class LogKeeper {
public:
    LogKeeper(const Options& options, ReadGate& gate) : options_(options), gate_(gate) {}

    // Counts the log's frames at each commit of `writer`, which replaces SQLite's own checkpoints.
    void watch(Connection& writer);
    // After a commit, the writer's thread: does what is due. SQLITE_OK or the code of a failed write or fsync.
    [[nodiscard]] int after_commit(Connection& writer);
    // All readers are gone: writes everything back and empties the log.
    [[nodiscard]] static int finish(Connection& writer);

    // A backup reads for long and outside the gate: the log grows meanwhile instead of everybody waiting.
    void begin_long_read() { ++long_reads_; }
    void end_long_read() { --long_reads_; }

    [[nodiscard]] std::uint64_t frames() const { return frames_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t closings() const { return closings_.load(std::memory_order_relaxed); }

private:
    static int on_commit(void* self, sqlite3* db, const char* name, int frames);
    [[nodiscard]] int restart_log(Connection& writer);

    const Options& options_;
    ReadGate& gate_;
    std::atomic<std::uint64_t> frames_{0}, closings_{0};
    std::atomic<int> long_reads_{0};
    std::uint64_t next_try_ = 0;  // frames; after an attempt that somebody outside hindered
    int marker_ = 0;              // written by the commit that restarts the log
};

}  // namespace firstline::storage::sqlite
