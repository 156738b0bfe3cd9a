// A change: everything one unit of work writes, decided beforehand, so that running it again writes the same (storage.md §1).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/port/value.hpp"
#include "base/crypto.hpp"

namespace firstline::app {

// What a unique violation of this write means for the change.
enum class OnConflict : std::uint8_t {
    stale,      // somebody changed the subject since it was read
    duplicate,  // the same idempotency key is there already
    exists,     // the key or name is taken
};

// A named statement (storage/sql/*.sql) with its parameters $1, $2, …
struct Write {
    std::string_view name;  // must outlive the change: a literal
    std::vector<Value> params;
    OnConflict on_conflict = OnConflict::exists;
};

struct EntryText {
    std::string field;
    std::string salt;
    std::string text;
};

// A row of `entry` with its texts; `seq` is explicit and UNIQUE (subject, subject_id, seq).
struct NewEntry {
    std::string_view subject = "incident";  // a literal: incident, team, user, desk, …
    std::int64_t subject_id = 0;
    std::int64_t seq = 0;
    Instant at{};
    Instant recorded_at{};
    std::int64_t actor_id = 0;
    std::string_view via;   // a literal: api, import, cli, timer, …
    std::string_view kind;  // a literal
    bool is_public = false;
    bool is_inferred = false;
    std::string data;  // the exact bytes that were hashed
    std::string scope_before;
    std::string scope_after;
    std::string unit_key;
    Sha256 hash{};
    std::vector<EntryText> texts;
};

struct Change {
    // Before the entries; on PostgreSQL a batch sorts its changes by `lock_order`.
    std::vector<Write> writes;
    std::vector<NewEntry> entries;
    std::vector<Write> after_entries;  // may name EntryPos: outbox, attachments
    std::int64_t lock_order = 0;       // the incident's id, 0 for what touches none
    std::int64_t config_version = -1;  // the one it was decided on; -1: independent of configuration
    bool raises_config = false;        // a change of configuration itself
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

enum class Outcome : std::uint8_t {
    committed,
    stale,           // decide again on a fresh snapshot
    config_changed,  // likewise
    duplicate,       // answer the first one's result
    exists,          // a unique key is taken; `conflict` names the write
    expired,         // the deadline passed before the batch took it; nothing was written
    unavailable,     // the engine could not write; nothing was acknowledged
};

struct Committed {
    Outcome outcome = Outcome::unavailable;
    std::int64_t first_pos = 0;   // feed position of the change's first entry
    std::string_view conflict{};  // name of the write that collided
    std::string detail{};         // for the log, not for a caller
};

}  // namespace firstline::app
