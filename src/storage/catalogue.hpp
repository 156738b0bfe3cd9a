// The catalogue of named SQL statements, one text for both engines (storage.md §4, style.md "SQL").
//
// A file of src/storage/sql/ holds statements, each headed by comment lines:
//   -- name: incident.load            (words of [a-z0-9_], at least two, joined by dots)
//   -- The head row of one incident.  (a sentence, required)
//   -- engine: sqlite                 (a named twin: sqlite or postgres; without it the text serves both)
//   -- index: q_team                  (the index that EXPLAIN must show on both engines)
//   -- alone                          (only for write_alone and read, never in a queued change)
//   SELECT … WHERE id = $1;
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/port/store.hpp"
#include "base/result.hpp"
#include "storage/embedded.hpp"

namespace firstline::storage {

struct Statement {
    std::string name;
    std::string about;
    std::string text;   // for the catalogue's engine: ?n on SQLite, $n on PostgreSQL; one statement, no semicolon
    std::string index;  // empty: any plan will do
    bool is_alone = false;
    int parameter_count = 0;  // every $1 … $parameter_count occurs
    std::size_t number = 0;   // dense from 0: the key of a connection's cache of prepared statements
};

// Immutable after `load`; shared between threads.
class Catalogue {
public:
    // Reads and checks all files, keeps the statements of `engine`. Errors, kind internal, with file and statement:
    // `storage.sql_malformed` (heads, placeholders, several statements), `storage.sql_refused` (a word that the engines
    // understand differently: `::`, now(), CURRENT_*, random(), LIKE, lower(); clocks are allowed in a postgres twin),
    // `storage.sql_twice` (a name that an engine would see twice).
    [[nodiscard]] static Result<std::shared_ptr<const Catalogue>> load(
        app::DatabaseKind engine, std::span<const EmbeddedFile> files = sql_files());

    [[nodiscard]] const Statement* find(std::string_view name) const;  // null where unknown
    [[nodiscard]] std::span<const Statement> all() const { return statements_; }

private:
    std::vector<Statement> statements_;
    std::unordered_map<std::string_view, std::size_t> by_name_;  // views into statements_
};

}  // namespace firstline::storage
