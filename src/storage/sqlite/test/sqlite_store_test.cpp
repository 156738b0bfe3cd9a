// What only the SQLite store promises (storage.md §2): the lock, the gate, trouble of the disk, the plans of
// statements.
#include "storage/sqlite/sqlite_store.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "storage/contract/store_contract.hpp"
#include "storage/sqlite/durable_file.hpp"
#include "storage/sqlite/test/faulty_vfs.hpp"
#include "storage/sqlite/test/temporary_directory.hpp"

namespace firstline::storage::sqlite {
namespace {

using app::Outcome;
using contract::change_of;
using contract::contract_sql;
using testing::HasSubstr;

Options options_in(const TemporaryDirectory& directory) {
    Options options;
    options.directory = directory / "desk";
    options.sql = contract_sql();
    return options;
}

std::unique_ptr<SqliteStore> open(Options options) {
    auto opened = SqliteStore::open(std::move(options));
    if (!opened) ADD_FAILURE() << opened.error().code << ": " << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
}

app::Committed commit(app::Store& store, app::Change change) {
    std::promise<app::Committed> answer;
    auto answered = answer.get_future();
    store.submit(std::move(change), [&](const app::Committed& committed) { answer.set_value(committed); });
    return answered.get();
}

std::int64_t count_entries(app::Store& store) {
    std::int64_t count = 0;
    EXPECT_TRUE(store.read([&](app::Reader& reader) {
        return reader.query("test.entries", {std::int64_t{0}}, [&](const app::Row&) { return ++count > 0; });
    }));
    return count;
}

TEST(SqliteStore, ASecondOpenerIsRefusedAndToldWhatToDo) {
    const TemporaryDirectory directory;
    auto store = open(options_in(directory));
    const auto second = SqliteStore::open(options_in(directory));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "storage.in_use");
    EXPECT_THAT(second.error().detail, HasSubstr(directory / "desk"));
    EXPECT_THAT(second.error().detail, HasSubstr("stop it first"));
    store.reset();
    EXPECT_NE(open(options_in(directory)), nullptr);
}

TEST(SqliteStore, ADirectoryThatCannotBeMadeIsTold) {
    Options options;
    options.directory = "/proc/no/such/place";
    const auto opened = SqliteStore::open(options);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "storage.unavailable");
    EXPECT_THAT(opened.error().detail, HasSubstr("/proc/no/such/place"));
}

TEST(SqliteStore, AStatementThatTheSchemaDoesNotKnowIsFoundAtTheStart) {
    const TemporaryDirectory directory;
    Options options = options_in(directory);
    std::vector<EmbeddedFile> sql(sql_files().begin(), sql_files().end());
    sql.push_back({"wrong.sql", "-- name: wrong.column\n-- It is not there.\nSELECT colour FROM desk;\n"});
    options.sql = sql;
    const auto opened = SqliteStore::open(options);
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().detail, HasSubstr("wrong.column"));
}

// Runs changes beside readers that hold one snapshot or another at every moment; the longest log seen, in frames.
std::uint64_t longest_log(const Options& options) {
    auto store = open(options);
    std::atomic<bool> is_over{false};
    std::atomic<int> reading{0};
    // Two loops, so that their snapshots overlap as those of a busy desk do.
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
        readers.emplace_back([&] {
            while (!is_over) {
                const auto status = store->read([&](app::Reader& reader) -> Status {
                    ++reading;
                    // Holds its snapshot until the other one has begun, or until the time of a read is nearly over.
                    const int other = reading;
                    while (reader.has_time_left() && reading <= other + 1 && !is_over) {
                        CHECK_OK(reader.query("test.setting_sum", {}, [](const app::Row&) { return true; }));
                    }
                    return {};
                });
                EXPECT_TRUE(status) << status.error().detail;
            }
        });
    }
    while (reading < 2) std::this_thread::yield();
    std::uint64_t longest = 0;
    const std::string data(8'000, 'x');
    for (std::int64_t i = 1; i <= 400; ++i) {
        EXPECT_EQ(commit(*store, change_of(i, 1, data)).outcome, Outcome::committed);
        longest = std::max(longest, store->figures().wal_frames);
    }
    is_over = true;
    for (auto& reader : readers) reader.join();
    return longest;
}

TEST(SqliteStore, LoopingReadersDoNotLetTheLogGrow) {
    const TemporaryDirectory with, without;
    Options options = options_in(with);
    options.wal_frames_max = 300;
    options.wal_frames_left = 20;
    const auto bounded = longest_log(options);
    EXPECT_LT(bounded, 400U);
    // The same without the gate: proof that the gate is what bounds it.
    options.directory = without / "desk";
    options.uses_gate = false;
    EXPECT_GT(longest_log(options), 3 * bounded);
}

TEST(SqliteStore, AFullDiskRefusesTheBatchAndIsOverWhenThereIsRoom) {
    const TemporaryDirectory directory;
    Options options = options_in(directory);
    options.vfs = faulty_vfs();
    auto store = open(options);
    ASSERT_EQ(commit(*store, change_of(1, 1)).outcome, Outcome::committed);
    for (const int fault : {SQLITE_FULL, SQLITE_IOERR_WRITE}) {
        faults().write = fault;
        EXPECT_EQ(commit(*store, change_of(2, 1)).outcome, Outcome::unavailable);
        EXPECT_EQ(commit(*store, change_of(2, 1)).outcome, Outcome::unavailable);
        EXPECT_FALSE(store->is_healthy());
        EXPECT_EQ(count_entries(*store), fault == SQLITE_FULL ? 1 : 2);
        faults().write = SQLITE_OK;
        const auto answer = commit(*store, change_of(fault, 1));
        EXPECT_EQ(answer.outcome, Outcome::committed) << answer.detail;
        EXPECT_EQ(answer.first_pos, fault == SQLITE_FULL ? 2 : 3);
        EXPECT_TRUE(store->is_healthy());
    }
    store.reset();
    store = open(options);
    EXPECT_EQ(count_entries(*store), 3);
}

TEST(SqliteStore, AFailedFsyncEndsTheProcessAndAcknowledgesNothing) {
    const TemporaryDirectory directory;
    Options options = options_in(directory);
    options.vfs = faulty_vfs();
    std::vector<std::string> fatal;
    options.fatal = [&](std::string_view why) { fatal.emplace_back(why); };
    auto store = open(options);
    ASSERT_EQ(commit(*store, change_of(1, 1)).outcome, Outcome::committed);
    faults().sync = SQLITE_IOERR_FSYNC;
    EXPECT_EQ(commit(*store, change_of(2, 1)).outcome, Outcome::unavailable);
    faults().sync = SQLITE_OK;
    ASSERT_EQ(fatal.size(), 1U);
    EXPECT_THAT(fatal.front(), HasSubstr("fsync"));
    // Where the process did not end, nothing more is written either.
    EXPECT_EQ(commit(*store, change_of(3, 1)).outcome, Outcome::unavailable);
    EXPECT_FALSE(store->is_healthy());
}

TEST(SqliteStore, AFailedFsyncWhileTheLogIsWrittenBackEndsTheProcessToo) {
    const TemporaryDirectory directory;
    Options options = options_in(directory);
    options.vfs = faulty_vfs();
    options.synchronous = "NORMAL";  // commits do not sync, so the checkpoint is the first to see it
    options.wal_frames_max = 20;
    std::atomic<int> fatal{0};
    options.fatal = [&](std::string_view) { ++fatal; };
    auto store = open(options);
    faults().sync = SQLITE_IOERR_FSYNC;
    for (std::int64_t i = 1; i < 100 && fatal == 0; ++i) commit(*store, change_of(i, 1));
    faults().sync = SQLITE_OK;
    store.reset();
    EXPECT_EQ(fatal, 1);
}

TEST(SqliteStore, MoreReadersThanConnectionsTakeTurns) {
    const TemporaryDirectory directory;
    Options options = options_in(directory);
    options.readers_max = 2;
    auto store = open(options);
    std::atomic<int> inside{0}, most{0}, done{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 50; ++n) {
                const auto status = store->read([&](app::Reader& reader) {
                    const int now = ++inside;
                    int seen = most;
                    while (seen < now && !most.compare_exchange_weak(seen, now)) {}
                    auto read = reader.query("test.setting_sum", {}, [](const app::Row&) { return true; });
                    --inside;
                    return read;
                });
                done += status ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(done, 400);
    EXPECT_LE(most, 2);
}

TEST(SqliteStore, AReadWithinAReadIsADefectAndIsTold) {
    const TemporaryDirectory directory;
    auto store = open(options_in(directory));
    const auto status =
        store->read([&](app::Reader&) { return store->read([](app::Reader&) -> Status { return {}; }); });
    EXPECT_EQ(status.error().code, "storage.nested_read");
}

TEST(SqliteStore, AnExceptionLeavesNoTransactionBehind) {
    const TemporaryDirectory directory;
    auto store = open(options_in(directory));
    EXPECT_THROW(static_cast<void>(store->read([](app::Reader&) -> Status { throw std::runtime_error("read"); })),
                 std::runtime_error);
    EXPECT_THROW(static_cast<void>(store->write_alone([](app::Writer& writer) -> Status {
                     EXPECT_TRUE(writer.execute(contract::put_setting("a", "b")));
                     throw std::runtime_error("write");
                 })),
                 std::runtime_error);
    EXPECT_EQ(count_entries(*store), 0);
    auto change = change_of(1, 1);
    change.writes.push_back(contract::put_setting("a", "c"));
    EXPECT_EQ(commit(*store, change).outcome, Outcome::committed);
}

// Erasure runs alone: freed pages of a long text are overwritten too, which the queue's quicker setting leaves out.
TEST(SqliteStore, WhatIsDeletedAloneIsGoneFromTheDisk) {
    const TemporaryDirectory directory;
    auto store = open(options_in(directory));
    std::string secret;
    while (secret.size() < 40'000) secret += "Anna Muller lives in Green Street. ";
    auto change = change_of(1, 1);
    change.writes.push_back(contract::put_setting("secret", secret));
    change.writes.push_back(contract::put_setting("other", "stays readable"));
    ASSERT_EQ(commit(*store, change).outcome, Outcome::committed);
    const auto on_disk = [&](std::string_view text) {
        store.reset();  // writes the log back
        const bool is_found = read_whole(directory / "desk/firstline.db")->find(text) != std::string::npos;
        store = open(options_in(directory));
        return is_found;
    };
    EXPECT_TRUE(on_disk("Green Street"));
    EXPECT_TRUE(store->write_alone([](app::Writer& writer) -> Status {
        TRY([[maybe_unused]] const auto count, writer.execute({"test.setting_delete", {"secret"}}));
        return {};
    }));
    EXPECT_FALSE(on_disk("Green Street"));
    EXPECT_TRUE(on_disk("stays readable"));
}

// Every statement of the program against the index that it names.
TEST(SqliteStore, PlansUseTheIndexThatTheStatementNames) {
    const TemporaryDirectory directory;
    open(options_in(directory))->stop();
    auto connection = Connection::open({.path = directory / "desk/firstline.db"});
    ASSERT_TRUE(connection);
    const auto catalogue = Catalogue::load(app::DatabaseKind::sqlite);
    ASSERT_TRUE(catalogue);
    for (const Statement& statement : (*catalogue)->all()) {
        if (statement.index.empty()) continue;
        sqlite3_stmt* prepared = nullptr;
        const std::string explain = "EXPLAIN QUERY PLAN " + statement.text;
        ASSERT_EQ(sqlite3_prepare_v2((*connection)->raw(), explain.c_str(), -1, &prepared, nullptr), SQLITE_OK)
            << statement.name;
        Execution execution(prepared);
        execution.own();
        std::string plan;
        while (execution.step() == SQLITE_ROW) plan += execution.text(3) + "\n";
        EXPECT_THAT(plan, HasSubstr(statement.index)) << statement.name;
    }
}

}  // namespace
}  // namespace firstline::storage::sqlite
