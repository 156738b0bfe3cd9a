// Bulk on SQLite: one connection, large transactions (storage.md §2).
#include <vector>

#include "desk/bulk.hpp"
#include "storage/sqlite/connection/connection.hpp"

namespace firstline::bench {
namespace {

using storage::Catalogue;
using storage::Statement;
using storage::sqlite::Connection;
using storage::sqlite::Execution;

class SqliteBulk final : public Bulk {
public:
    SqliteBulk(std::unique_ptr<Connection> connection, std::shared_ptr<const Catalogue> catalogue, BulkOptions options)
        : connection_(std::move(connection)),
          catalogue_(std::move(catalogue)),
          options_(options),
          entry_insert_(*catalogue_->find("store.entry_insert")),
          text_insert_(*catalogue_->find("store.entry_text_insert")) {}

    Status begin() {
        if (options_.is_seeding) {
            CHECK_OK(run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1048576;"));
            CHECK_OK(set_indexes_aside());
        }
        TRY(const std::string last, connection_->value_of("SELECT COALESCE(MAX(pos), 0) FROM entry"));
        next_pos_ = std::stoll(last) + 1;
        return run("BEGIN IMMEDIATE");
    }

    Status add(const app::Change& change) override {
        positions_.clear();
        for (const app::Write& one : change.writes) CHECK_OK(write(one));
        for (const app::NewEntry& entry : change.entries) CHECK_OK(write_entry(entry));
        for (const app::Write& one : change.after_entries) CHECK_OK(write(one));
        if (++units_ % options_.units_per_transaction != 0) return {};
        CHECK_OK(commit());
        return run("BEGIN IMMEDIATE");
    }

    Status finish() override {
        CHECK_OK(commit());
        if (!options_.is_seeding) return {};
        for (const std::string& sql : index_sql_) CHECK_OK(run(sql.c_str()));
        return run("PRAGMA journal_mode = WAL");
    }

private:
    Status run(const char* sql) {
        if (connection_->run(sql) == SQLITE_OK) return {};
        return fail(connection_->error(sql));
    }
    // The log is written back as the store does it, so that its cost is in the measure too.
    Status commit() {
        CHECK_OK(run("COMMIT"));
        if (options_.is_seeding) return {};
        if (sqlite3_wal_checkpoint_v2(connection_->raw(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) ==
            SQLITE_OK) {
            return {};
        }
        return fail(connection_->error("checkpoint"));
    }
    Status set_indexes_aside() {
        std::vector<std::string> names;
        Execution all = prepare_own("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL");
        while (all.step() == SQLITE_ROW) {
            names.push_back(all.text(0));
            index_sql_.push_back(all.text(1));
        }
        sqlite3_reset(all.raw());
        for (const std::string& name : names) CHECK_OK(run(("DROP INDEX " + name).c_str()));
        return {};
    }
    Execution prepare_own(const char* sql) {
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(connection_->raw(), sql, -1, &statement, nullptr);
        Execution execution(statement);
        execution.own();
        return execution;
    }
    Status finish_run(Execution& execution, std::string_view what) {
        if (execution.finish() == SQLITE_OK) return {};
        return fail(connection_->error(what));
    }

    Status write(const app::Write& one) {
        TRY(const Statement* statement, storage::sqlite::find_statement(*catalogue_, one.name, one.params.size()));
        TRY(Execution execution, connection_->execution(*statement));
        execution.bind_all(one.params, positions_);
        return finish_run(execution, one.name);
    }
    Status write_entry(const app::NewEntry& entry) {
        const std::int64_t pos = next_pos_++;
        positions_.push_back(pos);
        {
            TRY(Execution execution, connection_->execution(entry_insert_));
            int index = 0;
            execution.bind(++index, pos);
            execution.bind_text(++index, entry.subject);
            for (const std::int64_t number :
                 {entry.subject_id, entry.seq, entry.at.us, entry.recorded_at.us, entry.actor_id}) {
                execution.bind(++index, number);
            }
            execution.bind_text(++index, entry.via);
            execution.bind_text(++index, entry.kind);
            execution.bind(++index, std::int64_t{entry.is_public ? 1 : 0});
            execution.bind(++index, std::int64_t{entry.is_inferred ? 1 : 0});
            execution.bind_text(++index, entry.data);
            execution.bind_text(++index, entry.scope_before);
            execution.bind_text(++index, entry.scope_after);
            execution.bind_null(++index);
            execution.bind_bytes(++index, as_bytes(entry.hash));
            CHECK_OK(finish_run(execution, entry_insert_.name));
        }
        for (const app::EntryText& text : entry.texts) {
            TRY(Execution execution, connection_->execution(text_insert_));
            execution.bind(1, pos);
            execution.bind_text(2, text.field);
            execution.bind_bytes(3, text.salt);
            execution.bind_text(4, text.text);
            CHECK_OK(finish_run(execution, text_insert_.name));
        }
        return {};
    }

    std::unique_ptr<Connection> connection_;
    const std::shared_ptr<const Catalogue> catalogue_;
    const BulkOptions options_;
    const Statement& entry_insert_;
    const Statement& text_insert_;
    std::vector<std::string> index_sql_;
    std::vector<std::int64_t> positions_;
    std::int64_t next_pos_ = 1, units_ = 0;
};

}  // namespace

Result<std::unique_ptr<Bulk>> sqlite_bulk(const std::string& directory, const BulkOptions& options) {
    TRY(auto catalogue, Catalogue::load(app::DatabaseKind::sqlite));
    TRY(auto connection, Connection::open({.path = directory + "/firstline.db"}));
    auto bulk = std::make_unique<SqliteBulk>(std::move(connection), std::move(catalogue), options);
    CHECK_OK(bulk->begin());
    return std::unique_ptr<Bulk>(std::move(bulk));
}

}  // namespace firstline::bench
