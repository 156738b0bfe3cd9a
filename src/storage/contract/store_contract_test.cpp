// The fixture of the storage contract and its statements.
#include "storage/contract/store_contract.hpp"

#include <future>
#include <utility>

namespace firstline::storage::contract {
namespace {

constexpr std::string_view kStatements = R"sql(
-- name: test.desk_insert
-- The desk's row.
INSERT INTO desk (one, desk_id, epoch, config_version, created_at, secret) VALUES (1, 'desk', 'first', 1, 0, $1);
-- name: test.setting_insert
-- A row with a unique name.
INSERT INTO setting (name, value) VALUES ($1, $2);
-- name: test.setting_delete
-- Takes a row away.
DELETE FROM setting WHERE name = $1;
-- name: test.setting_set
-- An update that may find nothing.
UPDATE setting SET value = $2 WHERE name = $1;
-- name: test.setting_insert_alone
-- As test.setting_insert, not for the queue.
-- alone
INSERT INTO setting (name, value) VALUES ($1, $2);
-- name: test.setting_value
-- One setting.
SELECT value FROM setting WHERE name = $1;
-- name: test.setting_all
-- All settings by name.
SELECT name, value FROM setting ORDER BY name;
-- name: test.setting_sum
-- How many there are.
SELECT COUNT(*) FROM setting;
-- name: test.entries
-- The feed after a position.
SELECT pos, subject_id, seq FROM entry WHERE pos > $1 ORDER BY pos;
-- name: test.entry_data
-- The bytes of an entry.
SELECT data, hash, unit_key, public, inferred, at, recorded_at, actor_id, via, kind, scope_before, scope_after
FROM entry WHERE subject = $1 AND subject_id = $2 AND seq = $3;
-- name: test.entry_texts
-- The erasable texts of the entry at a position.
SELECT field, salt, text FROM entry_text WHERE pos = $1 ORDER BY field;
-- name: test.idempotency_insert
-- The key of a request.
INSERT INTO idempotency (caller_id, key_hash, fingerprint, at, status, resource) VALUES ($1, $2, $3, 0, 200, 'x');
-- name: test.outbox_insert
-- A message about an entry.
INSERT INTO outbox (id, entry_pos, channel, recipient, due_at, lease_until, attempts, state, body, send_key)
VALUES ($1, $2, 'mail', 'a', 0, 0, 0, 'due', '', $3);
-- name: test.outbox_all
-- The messages.
SELECT id, entry_pos FROM outbox ORDER BY id;
-- name: test.outbox_delete
-- A message is sent.
DELETE FROM outbox WHERE id = $1;
-- name: test.blob_insert
-- A row with bytes, a number, a text and a number that may be missing.
INSERT INTO blob (sha256, size, place, doomed_at) VALUES ($1, $2, $3, $4);
-- name: test.blob_get
-- That row.
SELECT sha256, size, place, doomed_at FROM blob WHERE sha256 = $1;
-- name: test.cell_insert
-- A row whose last column may not be NULL.
INSERT INTO priority_cell (impact, urgency, priority) VALUES ($1, $2, $3);
-- name: test.settings_in
-- The settings of a list of names.
-- engine: sqlite
SELECT name FROM setting WHERE name IN (SELECT value FROM json_each($1)) ORDER BY name;
-- name: test.settings_in
-- The settings of a list of names.
-- engine: postgres
SELECT name FROM setting WHERE name = ANY(CAST($1 AS TEXT[])) ORDER BY name;
-- name: test.entries_at
-- The entries at a list of positions.
-- engine: sqlite
SELECT pos FROM entry WHERE pos IN (SELECT value FROM json_each($1)) ORDER BY pos;
-- name: test.entries_at
-- The entries at a list of positions.
-- engine: postgres
SELECT pos FROM entry WHERE pos = ANY(CAST($1 AS BIGINT[])) ORDER BY pos;
-- name: test.endless
-- Works for a long while without giving a row.
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n;
)sql";

std::string join(const app::Row& row, int columns) {
    std::string line;
    for (int column = 0; column < columns; ++column) {
        if (column > 0) line += '|';
        line += row.is_null(column) ? std::string("null") : std::string(row.text(column));
    }
    return line;
}

int columns_of(std::string_view statement) {
    constexpr std::pair<std::string_view, int> kColumns[] = {
        {"test.setting_value", 1},   {"test.setting_all", 2}, {"test.setting_sum", 1}, {"test.entries", 3},
        {"test.entry_texts", 3},     {"test.outbox_all", 2},  {"test.settings_in", 1}, {"test.entries_at", 1},
        {"store.config_version", 1}, {"store.last_pos", 1},
    };
    for (const auto& [name, columns] : kColumns) {
        if (name == statement) return columns;
    }
    ADD_FAILURE() << "no column count for " << statement;
    return 0;
}

}  // namespace

std::span<const EmbeddedFile> contract_sql() {
    static const std::vector<EmbeddedFile> kFiles = [] {
        std::vector<EmbeddedFile> files(sql_files().begin(), sql_files().end());
        files.push_back({"contract.sql", kStatements});
        return files;
    }();
    return kFiles;
}

void StoreContract::SetUp() {
    database_ = GetParam().make();
    ASSERT_NE(database_, nullptr);
    reopen();
    const auto status = store_->write_alone([](app::Writer& writer) -> Status {
        TRY(const auto rows_touched, writer.execute({"test.desk_insert", {app::Blob{"secret"}}}));
        EXPECT_EQ(rows_touched, 1);
        return {};
    });
    ASSERT_TRUE(status) << status.error().detail;
}

void StoreContract::TearDown() {
    if (store_) store_->stop();
    store_.reset();
    database_.reset();
}

void StoreContract::reopen(std::size_t queue_max) {
    if (store_) store_->stop();
    store_.reset();
    auto opened = database_->open({.sql = contract_sql(), .queue_max = queue_max});
    ASSERT_TRUE(opened) << opened.error().code << ": " << opened.error().detail;
    store_ = std::move(*opened);
}

std::unique_ptr<app::Store> StoreContract::open_another() {
    auto opened = database_->open({.sql = contract_sql()});
    if (!opened) ADD_FAILURE() << opened.error().code << ": " << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
}

app::Committed StoreContract::commit(app::Change change) { return commit_on(*store_, std::move(change)); }

app::Committed StoreContract::commit_on(app::Store& store, app::Change change) {
    return submit(store, std::move(change)).get();
}

std::vector<std::string> StoreContract::rows(std::string_view statement, std::vector<app::Value> params) {
    std::vector<std::string> lines;
    const int columns = columns_of(statement);
    const auto status = store_->read([&](app::Reader& reader) {
        return reader.query(statement, params, [&](const app::Row& row) {
            lines.push_back(join(row, columns));
            return true;
        });
    });
    EXPECT_TRUE(status) << status.error().code << ": " << status.error().detail;
    return lines;
}

std::string StoreContract::setting(const std::string& name) {
    const auto found = rows("test.setting_value", {name});
    return found.empty() ? std::string() : found.front();
}

std::future<app::Committed> submit(app::Store& store, app::Change change) {
    auto answer = std::make_shared<std::promise<app::Committed>>();
    auto future = answer->get_future();
    store.submit(std::move(change), [answer](const app::Committed& committed) { answer->set_value(committed); });
    return future;
}

app::Write put_setting(const std::string& name, const std::string& value) {
    return {.name = "test.setting_insert", .params = {name, value}};
}

app::NewEntry entry_of(std::int64_t subject_id, std::int64_t seq, const std::string& data) {
    app::NewEntry entry;
    entry.subject_id = subject_id;
    entry.seq = seq;
    entry.at = Instant{1};
    entry.recorded_at = Instant{2};
    entry.via = "api";
    entry.kind = "noted";
    entry.data = data;
    entry.hash = sha256(data);
    return entry;
}

app::Change change_of(std::int64_t subject_id, std::int64_t seq, const std::string& data) {
    app::Change change;
    change.entries.push_back(entry_of(subject_id, seq, data));
    change.lock_order = subject_id;
    return change;
}

}  // namespace firstline::storage::contract
