#include "storage/sqlite/write/log_keeper.hpp"

#include <string>

namespace firstline::storage::sqlite {
namespace {

// Longer than any read may last: when these are over, who hinders is no reader of ours.
constexpr int kRoundsMax = 12;
constexpr std::chrono::milliseconds kRound{50};

struct Left {
    int code = SQLITE_OK;
    int frames = 0;
};

Left checkpoint(Connection& writer) {
    int log = 0, done = 0;
    const int code = sqlite3_wal_checkpoint_v2(writer.raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &log, &done);
    return {.code = code, .frames = log - done};
}

}  // namespace

void LogKeeper::watch(Connection& writer) {
    frames_ = 0;
    next_try_ = 0;
    sqlite3_wal_hook(writer.raw(), &LogKeeper::on_commit, this);
}

int LogKeeper::on_commit(void* self, sqlite3* /*db*/, const char* /*name*/, int frames) {
    static_cast<LogKeeper*>(self)->frames_.store(static_cast<std::uint64_t>(frames), std::memory_order_relaxed);
    return SQLITE_OK;
}

int LogKeeper::after_commit(Connection& writer) {
    const std::uint64_t frames = frames_;
    if (frames <= static_cast<std::uint64_t>(options_.wal_frames_max) || frames < next_try_) return SQLITE_OK;
    const bool is_hindered = long_reads_ > 0;
    Left left = checkpoint(writer);
    if (left.code != SQLITE_OK && left.code != SQLITE_BUSY) return left.code;
    if (options_.uses_gate && !is_hindered) {
        // Most is written back while readers come and go; only old snapshots hold the rest, and nothing new is
        // committed.
        for (int round = 0; left.frames >= options_.wal_frames_left && round < kRoundsMax; ++round) {
            gate_.wait_for_leaving(kRound);
            left = checkpoint(writer);
            if (left.code != SQLITE_OK && left.code != SQLITE_BUSY) return left.code;
        }
        if (const int code = restart_log(writer); code != SQLITE_OK) return code;
    }
    // Not restarted: another program or a backup reads; try again only when the log has grown by a quarter.
    if (frames_ >= frames) next_try_ = frames + static_cast<std::uint64_t>(options_.wal_frames_max) / 4;
    return SQLITE_OK;
}

int LogKeeper::restart_log(Connection& writer) {
    gate_.close();
    closings_.fetch_add(1, std::memory_order_relaxed);
    const Left left = checkpoint(writer);
    int code = left.code == SQLITE_BUSY ? SQLITE_OK : left.code;
    if (left.code == SQLITE_OK && left.frames == 0) {
        // The first commit after a complete checkpoint without readers starts the log at its beginning.
        const std::string commit = "PRAGMA user_version = " + std::to_string(++marker_ % 2 + 1);
        code = writer.run(commit.c_str());
        if (frames_ < static_cast<std::uint64_t>(options_.wal_frames_max)) next_try_ = 0;
    }
    gate_.open();
    return code;
}

int LogKeeper::finish(Connection& writer) {
    return sqlite3_wal_checkpoint_v2(writer.raw(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

}  // namespace firstline::storage::sqlite
