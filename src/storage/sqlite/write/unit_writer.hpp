// Writes changes inside the writer's transaction, each in its own savepoint (storage.md §1, §2).
#pragma once

#include <cstdint>
#include <vector>

#include "app/port/change.hpp"
#include "storage/sqlite/connection/connection.hpp"

namespace firstline::storage::sqlite {

// The writer's thread only. After an engine failure the transaction must be rolled back and the connection opened anew.
class UnitWriter {
public:
    UnitWriter(Connection& connection, const Catalogue& catalogue);

    // Reads the last position and the version of the configuration as they are committed.
    [[nodiscard]] Status load();
    [[nodiscard]] int begin();
    [[nodiscard]] int commit();
    void roll_back();

    // Writes, entries, what follows the entries; nothing of it where the outcome is not `committed`.
    [[nodiscard]] app::Committed apply(const app::Change& change);
    // The code of the failure that ended the last `apply` with `unavailable` for the whole transaction; SQLITE_OK
    // otherwise.
    [[nodiscard]] int engine_failure() const { return engine_failure_; }
    [[nodiscard]] std::int64_t last_pos() const { return next_pos_ - 1; }

private:
    enum Fixed : std::uint8_t { kBegin, kCommit, kSavepoint, kRelease, kRollBackTo, kFixedCount };
    [[nodiscard]] int run(Fixed fixed);
    // True when all is written; else `answer` says why not.
    bool write_all(const app::Change& change, app::Committed& answer);
    bool write(const app::Write& write, app::Committed& answer);
    bool write_entry(const app::NewEntry& entry, app::Committed& answer);
    bool write_text(const app::EntryText& text, std::int64_t pos, app::Committed& answer);
    bool refuse(int code, app::Outcome on_conflict, std::string_view name, app::Committed& answer);
    bool raise_config(app::Committed& answer);

    Connection& connection_;
    const Catalogue& catalogue_;
    const Statement* entry_insert_;
    const Statement* text_insert_;
    std::vector<sqlite3_stmt*> fixed_;
    std::vector<std::int64_t> positions_;  // of the running change's entries
    std::int64_t next_pos_ = 1, next_pos_committed_ = 1;
    std::int64_t config_version_ = 0, config_version_committed_ = 0;
    int engine_failure_ = SQLITE_OK;

public:
    ~UnitWriter();
    UnitWriter(const UnitWriter&) = delete;
    UnitWriter& operator=(const UnitWriter&) = delete;
};

}  // namespace firstline::storage::sqlite
