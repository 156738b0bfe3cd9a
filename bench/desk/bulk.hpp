// Changes written as fast as an engine takes them: no queue, no savepoints, no other writer. For seeding, and as the
// measure that the queue is compared with.
#pragma once

#include <memory>
#include <string>

#include "app/port/change.hpp"
#include "base/result.hpp"

namespace firstline::bench {

struct BulkOptions {
    // An empty desk is filled: indexes are made at the end, nothing survives a crash until `finish`.
    bool is_seeding = false;
    std::int64_t units_per_transaction = 10'000;
};

class Bulk {
public:
    virtual ~Bulk() = default;
    virtual Status add(const app::Change& change) = 0;
    // Commits, makes what is missing; nothing may follow. Until then nothing is promised.
    virtual Status finish() = 0;
};

// The directory's desk must not be open elsewhere. SQLite: prepared statements of the catalogue.
[[nodiscard]] Result<std::unique_ptr<Bulk>> sqlite_bulk(const std::string& directory, const BulkOptions& options);
// PostgreSQL: COPY into each table. No node may write meanwhile.
[[nodiscard]] Result<std::unique_ptr<Bulk>> postgres_bulk(const std::string& url, const BulkOptions& options);

}  // namespace firstline::bench
