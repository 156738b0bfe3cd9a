// Migrations, forward only, one text for both engines (storage.md §4; migrations/README.md).
//
// A file is NNNN_words.sql, or its twin NNNN_words.sqlite.sql / .postgres.sql, which runs after the shared file. Its
// head may say
//   -- min_program: 7    (the oldest program, by the newest migration it knows, that may still run on this schema;
//                         without it the one before: a program runs on its own schema and the next one)
//   -- outside           (one statement that runs outside a transaction: CREATE INDEX CONCURRENTLY IF NOT EXISTS)
#pragma once

#include <span>
#include <string>
#include <vector>

#include "app/port/store.hpp"
#include "base/result.hpp"
#include "storage/embedded.hpp"

namespace firstline::storage {

struct MigrationStep {
    std::string file;
    std::string text;  // words mapped for the engine
    bool is_outside = false;
};

struct Migration {
    int version = 0;
    int min_program = 0;
    std::vector<MigrationStep> steps;  // the shared file, then the engine's twin
};

// The row of `schema`; {0, 0} for a database without one.
struct SchemaState {
    int version = 0;
    int min_program = 0;
    friend bool operator==(const SchemaState&, const SchemaState&) = default;
};

// What the runner needs of an engine; one connection, one thread.
class MigrationTarget {
public:
    virtual ~MigrationTarget() = default;
    virtual Status
    lock() = 0;  // against other nodes: PostgreSQL's session advisory lock; SQLite holds DIR/lock already
    virtual Status unlock() = 0;
    virtual Result<SchemaState> read_schema() = 0;
    virtual Status back_up(const SchemaState& from,
                           int to) = 0;  // before the first step on a database that has a schema
    virtual Status begin() = 0;
    virtual Status commit() = 0;
    virtual void roll_back() = 0;
    virtual Status run_script(std::string_view sql) = 0;  // several statements
    // Writes the one row; creates schema(version, min_program) where it is missing.
    virtual Status write_schema(const SchemaState& state) = 0;
};

// The migrations for `engine`, ascending by version. Errors, kind internal: `storage.migration_malformed` (file name, a
// version twice, a gap, a twin without its file, a head), `storage.migration_refused` (a column type other than {id}
// {int} {flag} {bytes} TEXT, a table without {strict}, an unknown {word}).
[[nodiscard]] Result<std::vector<Migration>> load_migrations(app::DatabaseKind engine,
                                                             std::span<const EmbeddedFile> files = migration_files());

// Brings the target's schema to the newest of `migrations`; does nothing where it is there already. All steps run in
// one transaction, but those marked `outside`. A newer schema is left alone. Errors: `storage.schema_too_new` (its
// min_program is newer than this program), `storage.migration_failed`, and what the target answers.
[[nodiscard]] Result<SchemaState> migrate(MigrationTarget& target, std::span<const Migration> migrations);

// Whether a program that knows `migrations` may run on `state`; for nodes that keep watching. Error
// `storage.schema_too_new`.
[[nodiscard]] Status check_schema(const SchemaState& state, std::span<const Migration> migrations);

}  // namespace firstline::storage
