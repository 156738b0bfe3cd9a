// What the tests of this engine share: a database of its own for one test on the server that FIRSTLINE_TEST_POSTGRES
// names (a superuser's URL), nodes on it, statements, and waiting for what happens in it.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <future>
#include <string>
#include <vector>

#include "base/crypto.hpp"
#include "storage/postgres/connection/server.hpp"
#include "storage/postgres/postgres_store.hpp"

namespace firstline::storage::postgres {

[[nodiscard]] inline std::string server_url() {
    const char* url = std::getenv("FIRSTLINE_TEST_POSTGRES");
    return url != nullptr ? url : "";
}

class ScratchDatabase {
public:
    explicit ScratchDatabase(std::string server = server_url())
        : server_(std::move(server)), name_("firstline_test_" + to_hex(random_bytes(6))) {
        const auto made = create_database(server_, name_);
        EXPECT_TRUE(made) << made.error().detail;
    }
    ScratchDatabase(const ScratchDatabase&) = delete;
    ScratchDatabase& operator=(const ScratchDatabase&) = delete;
    ~ScratchDatabase() { static_cast<void>(drop_database(server_, name_)); }
    [[nodiscard]] std::string url() const { return with_database(server_, name_); }

private:
    std::string server_, name_;
};

inline constexpr std::string_view kTestSql = R"sql(
-- name: test.setting_insert
-- A row with a unique name.
INSERT INTO setting (name, value) VALUES ($1, $2);
-- name: test.setting_set
-- Holds the row's lock until the commit.
UPDATE setting SET value = $2 WHERE name = $1;
-- name: test.settings
-- All of them.
SELECT name, value FROM setting ORDER BY name;
-- name: test.feed
-- The feed after a position.
SELECT pos, subject_id, seq FROM entry WHERE pos > $1 ORDER BY pos;
-- name: test.outbox_insert
-- A message about an entry.
INSERT INTO outbox (id, entry_pos, channel, recipient, due_at, lease_until, attempts, state, body, send_key)
VALUES ($1, $2, 'mail', 'a', 0, 0, 0, 'due', '', $3);
-- name: test.outbox
-- The messages and the entries they are about.
SELECT outbox.id, entry.subject_id, entry.seq FROM outbox JOIN entry ON entry.pos = outbox.entry_pos ORDER BY outbox.id;
-- name: test.tag_insert
-- A record with a number of its own.
INSERT INTO tag (id, key, name, is_active) VALUES ($1, $2, $2, 1);
-- name: test.desk_insert
-- The desk.
INSERT INTO desk (one, desk_id, epoch, config_version, created_at, secret) VALUES (1, 'desk', 'first', 1, 0, $1);
-- name: test.wait_for_lock
-- Stands still while somebody else holds an advisory lock.
-- engine: postgres
SELECT 1, pg_advisory_xact_lock_shared($1);
-- name: test.items
-- The items of a list as they arrive.
-- engine: postgres
SELECT item FROM unnest(CAST($1 AS TEXT[])) WITH ORDINALITY AS items (item, n) ORDER BY n;
)sql";

[[nodiscard]] inline std::span<const EmbeddedFile> test_sql() {
    static const std::vector<EmbeddedFile> kFiles = [] {
        std::vector<EmbeddedFile> files(sql_files().begin(), sql_files().end());
        files.push_back({"postgres_test.sql", kTestSql});
        return files;
    }();
    return kFiles;
}

[[nodiscard]] inline std::unique_ptr<PostgresStore> open_node(Options options) {
    options.sql = test_sql();
    auto store = PostgresStore::open(std::move(options));
    if (!store) {
        ADD_FAILURE() << store.error().code << ": " << store.error().detail;
        std::abort();
    }
    return std::move(*store);
}

// A change of one entry.
[[nodiscard]] inline app::Change note(std::int64_t subject_id, std::int64_t seq) {
    app::Change change;
    app::NewEntry entry;
    entry.subject_id = subject_id;
    entry.seq = seq;
    entry.via = "api";
    entry.kind = "noted";
    entry.data = "{}";
    change.entries.push_back(std::move(entry));
    change.lock_order = subject_id;
    return change;
}

[[nodiscard]] inline std::future<app::Committed> submit(app::Store& store, app::Change change) {
    auto promise = std::make_shared<std::promise<app::Committed>>();
    store.submit(std::move(change), [promise](const app::Committed& committed) { promise->set_value(committed); });
    return promise->get_future();
}

struct FeedRow {
    std::int64_t pos = 0, subject_id = 0, seq = 0;
};
[[nodiscard]] inline std::vector<FeedRow> feed_after(app::Store& store, std::int64_t pos) {
    std::vector<FeedRow> rows;
    const auto status = store.read([&](app::Reader& reader) {
        return reader.query("test.feed", {pos}, [&](const app::Row& row) {
            rows.push_back({row.integer(0), row.integer(1), row.integer(2)});
            return true;
        });
    });
    EXPECT_TRUE(status) << status.error().detail;
    return rows;
}

// The test's own session, which looks at and disturbs the others.
class Admin {
public:
    explicit Admin(const std::string& url) : connection_(std::move(*Connection::open({.url = url}))) {}
    std::int64_t ask(const std::string& sql) {
        const Reply reply = connection_->run(sql);
        if (reply.failure) ADD_FAILURE() << reply.failure->message;
        return reply.integer(0, 0);
    }
    // Ends the sessions of a role ("writer", "reader") in this database and waits until they are gone.
    std::int64_t end_sessions(const std::string& role) {
        return ask(
            "SELECT count(*) FROM (SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE"
            " datname = current_database() AND application_name ~ ' " +
            role + "') AS ended");
    }
    // Until the query answers something else than 0; false after 20 s.
    [[nodiscard]] bool wait_until(const std::string& sql, const std::function<bool()>& or_else = [] { return false; }) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (std::chrono::steady_clock::now() < end) {
            if (or_else() || ask(sql) != 0) return true;
            std::this_thread::yield();
        }
        return false;
    }

private:
    std::unique_ptr<Connection> connection_;
};

}  // namespace firstline::storage::postgres

#define SKIP_WITHOUT_POSTGRES() \
    if (::firstline::storage::postgres::server_url().empty()) GTEST_SKIP() << "skipped: FIRSTLINE_TEST_POSTGRES not set"
