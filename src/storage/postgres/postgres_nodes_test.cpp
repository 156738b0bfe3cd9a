// Several nodes on one database (storage.md §3): the feed loses nothing, nothing half-commits, nothing deadlocks.
#include <gtest/gtest.h>

#include <latch>
#include <random>
#include <set>
#include <thread>

#include "storage/postgres/test/test_database.hpp"

namespace firstline::storage::postgres {
namespace {

using app::Outcome;

class PostgresNodes : public testing::Test {
protected:
    void SetUp() override {
        SKIP_WITHOUT_POSTGRES();
        database_ = std::make_unique<ScratchDatabase>();
        url_ = database_->url();
        a_ = open_node({.url = url_});
    }
    void TearDown() override {
        a_.reset();
        b_.reset();
        database_.reset();
    }
    void open_b(Options options = {}) {
        options.url = url_;
        b_ = open_node(std::move(options));
    }

    std::unique_ptr<ScratchDatabase> database_;
    std::string url_;
    std::unique_ptr<PostgresStore> a_, b_;
};

// Two writers; the first stops between its writes and COMMIT while the second goes on. What does a reader see that
// reads the feed once before and once after the first one's commit?
std::size_t seen_with(const std::string& url, bool has_feed_lock) {
    std::latch written(1), released(1);
    auto slow = open_node({.url = url, .has_feed_lock = has_feed_lock, .before_commit = [&] {
                               written.count_down();
                               released.wait();
                           }});
    auto quick = open_node({.url = url, .has_feed_lock = has_feed_lock});
    Admin admin(url);
    auto first = submit(*slow, note(1, 1));
    written.wait();
    auto second = submit(*quick, note(2, 1));
    const auto is_done = [&] { return second.wait_for(std::chrono::seconds(0)) == std::future_status::ready; };
    EXPECT_TRUE(admin.wait_until("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", is_done));

    auto seen = feed_after(*quick, 0);
    released.count_down();
    EXPECT_EQ(first.get().outcome, Outcome::committed);
    EXPECT_EQ(second.get().outcome, Outcome::committed);
    for (const auto& row : feed_after(*quick, seen.empty() ? 0 : seen.back().pos)) seen.push_back(row);
    return seen.size();
}

TEST_F(PostgresNodes, AReaderOfTheFeedMissesNothingBehindASlowCommit) { EXPECT_EQ(seen_with(url_, true), 2U); }

TEST_F(PostgresNodes, WithoutTheFeedLockTheReaderMissesTheSlowOne) { EXPECT_EQ(seen_with(url_, false), 1U); }

TEST_F(PostgresNodes, FeedReadWhileTwoNodesWriteIsComplete) {
    open_b({.writers = 2});
    constexpr std::int64_t kEach = 300;
    std::vector<std::future<app::Committed>> answers;
    std::atomic<bool> is_written{false};
    std::vector<FeedRow> seen;
    std::thread reader([&] {
        for (bool is_last = false; !is_last;) {
            is_last = is_written;
            for (const auto& row : feed_after(*a_, seen.empty() ? 0 : seen.back().pos)) seen.push_back(row);
        }
    });
    for (std::int64_t i = 1; i <= kEach; ++i) {
        answers.push_back(submit(*a_, note(2 * i, 1)));
        answers.push_back(submit(*b_, note(2 * i + 1, 1)));
    }
    std::set<std::int64_t> positions;
    for (auto& answer : answers) {
        const auto committed = answer.get();
        EXPECT_EQ(committed.outcome, Outcome::committed) << committed.detail;
        positions.insert(committed.first_pos);
    }
    is_written = true;
    reader.join();
    ASSERT_EQ(seen.size(), static_cast<std::size_t>(2 * kEach));
    std::set<std::int64_t> seen_positions;
    for (const auto& row : seen) seen_positions.insert(row.pos);
    EXPECT_EQ(seen_positions, positions);
}

TEST_F(PostgresNodes, AStaleChangeCommitsNothingAndItsBatchStands) {
    open_b();
    ASSERT_EQ(submit(*a_, note(7, 1)).get().outcome, Outcome::committed);
    // Held back together so that they meet in one batch.
    std::vector<std::future<app::Committed>> answers;
    const auto alone = b_->write_alone([&](app::Writer&) -> Status {
        for (std::int64_t i = 1; i <= 20; ++i) {
            auto change = note(i, 1);
            change.writes.push_back({"test.setting_insert", {"of " + std::to_string(i), std::string("x")}});
            answers.push_back(submit(*b_, std::move(change)));
        }
        return {};
    });
    ASSERT_TRUE(alone);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        EXPECT_EQ(answers[i].get().outcome, i + 1 == 7 ? Outcome::stale : Outcome::committed) << i + 1;
    }
    Admin admin(url_);
    EXPECT_EQ(admin.ask("SELECT count(*) FROM setting"), 19);
    EXPECT_EQ(admin.ask("SELECT count(*) FROM setting WHERE name = 'of 7'"), 0);
    EXPECT_EQ(admin.ask("SELECT count(*) FROM entry"), 20);
    EXPECT_EQ(b_->figures().stale, 1U);
}

TEST_F(PostgresNodes, MessagesNameTheirEntriesPositionsInABatch) {
    std::vector<std::future<app::Committed>> answers;
    ASSERT_TRUE(a_->write_alone([&](app::Writer&) -> Status {
        for (std::int64_t i = 1; i <= 10; ++i) {
            auto change = note(i, 1);
            change.entries.push_back(note(i, 2).entries.front());
            change.after_entries.push_back({"test.outbox_insert", {2 * i, app::EntryPos{0}, "a" + std::to_string(i)}});
            change.after_entries.push_back(
                {"test.outbox_insert", {2 * i + 1, app::EntryPos{1}, "b" + std::to_string(i)}});
            answers.push_back(submit(*a_, std::move(change)));
        }
        return {};
    }));
    for (auto& answer : answers) ASSERT_EQ(answer.get().outcome, Outcome::committed);
    std::size_t rows = 0;
    ASSERT_TRUE(a_->read([&](app::Reader& reader) {
        return reader.query("test.outbox", {}, [&](const app::Row& row) {
            EXPECT_EQ(row.integer(1), row.integer(0) / 2);
            EXPECT_EQ(row.integer(2), row.integer(0) % 2 + 1);
            ++rows;
            return true;
        });
    }));
    EXPECT_EQ(rows, 20U);
}

TEST_F(PostgresNodes, AChangeOfConfigurationOnOneNodeSendsTheOthersBack) {
    open_b();
    ASSERT_TRUE(a_->write_alone([](app::Writer& writer) -> Status {
        const auto rows = writer.execute({"test.desk_insert", {app::Blob{"s"}}});
        return rows ? Status{} : fail(rows.error());
    }));
    auto raise = note(1, 1);
    raise.config_version = 1;
    raise.raises_config = true;
    ASSERT_EQ(submit(*a_, std::move(raise)).get().outcome, Outcome::committed);
    for (const auto& [version, outcome] :
         {std::pair{1, Outcome::config_changed}, std::pair{2, Outcome::committed}, std::pair{-1, Outcome::committed}}) {
        auto change = note(10 + version, 1);
        change.config_version = version;
        EXPECT_EQ(submit(*b_, std::move(change)).get().outcome, outcome) << version;
    }
}

TEST_F(PostgresNodes, RandomIncidentsFromTwoNodesDoNotDeadlock) {
    constexpr int kIncidents = 40, kThreads = 8, kChanges = 400, kInFlight = 32;
    open_b({.writers = 2});
    ASSERT_TRUE(a_->write_alone([](app::Writer& writer) -> Status {
        for (int i = 0; i < kIncidents; ++i) {
            TRY(const auto rows, writer.execute({"test.setting_insert", {std::to_string(i), std::string()}}));
            EXPECT_EQ(rows, 1);
        }
        return {};
    }));
    std::atomic<int> committed{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            std::mt19937 random(static_cast<unsigned>(t));
            app::Store& node = t % 2 == 0 ? *a_ : *b_;
            for (int i = 0; i < kChanges;) {
                std::vector<std::future<app::Committed>> answers;
                for (int k = 0; k < kInFlight && i < kChanges; ++k, ++i) {
                    const auto incident = static_cast<std::int64_t>(random() % kIncidents);
                    auto change = note(1'000 + t * 100'000 + i, 1);
                    change.lock_order = incident;
                    change.writes.push_back({"test.setting_set", {std::to_string(incident), std::to_string(i)}});
                    answers.push_back(submit(node, std::move(change)));
                }
                for (auto& answer : answers) committed += answer.get().outcome == Outcome::committed ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(committed, kThreads * kChanges);
    EXPECT_EQ(a_->figures().deadlocks + b_->figures().deadlocks, 0U);
}

TEST_F(PostgresNodes, NumbersAreNeverGivenTwice) {
    open_b();
    std::set<std::int64_t> given;
    for (int i = 0; i < 150; ++i) {
        for (auto* node : {a_.get(), b_.get()}) {
            const auto number = node->next_id(app::IdKind::tag);
            ASSERT_TRUE(number);
            EXPECT_TRUE(given.insert(*number).second) << *number;
        }
    }
    // An import brings numbers of its own.
    ASSERT_TRUE(a_->write_alone([](app::Writer& writer) -> Status {
        TRY(const auto rows, writer.execute({"test.tag_insert", {std::int64_t{5'000}, std::string("imported")}}));
        EXPECT_EQ(rows, 1);
        return {};
    }));
    EXPECT_GT(a_->next_id(app::IdKind::tag).value_or(0), 5'000);
}

TEST_F(PostgresNodes, AnEntryOfAnotherNodeWakesTheFeedsReader) {
    open_b();
    EXPECT_FALSE(b_->wait_for_feed(0, 0));
    const auto committed = submit(*a_, note(1, 1)).get();
    EXPECT_TRUE(b_->wait_for_feed(committed.first_pos - 1, 20'000));
    EXPECT_FALSE(b_->wait_for_feed(committed.first_pos, 0));
}

TEST_F(PostgresNodes, SeveralQueriesInOneGoSeeOneSnapshot) {
    ASSERT_EQ(submit(*a_, note(1, 1)).get().outcome, Outcome::committed);
    std::vector<std::string> order;
    const std::vector<app::Value> after{std::int64_t{0}};
    const std::vector<app::Value> list{app::TextList{{"plain", "", "NULL", "a,b", "\"q\"", "back\\slash", "{}", "ü"}}};
    ASSERT_TRUE(a_->read([&](app::Reader& reader) {
        const app::Query queries[] = {
            {"test.feed", after,
             [&](const app::Row& row) {
                 order.push_back("entry " + std::string(row.text(1)));
                 return true;
             }},
            {"test.items", list,
             [&](const app::Row& row) {
                 order.emplace_back(row.text(0));
                 return true;
             }},
            {"test.feed", after,
             [&](const app::Row& row) {
                 order.push_back("again " + std::string(row.text(1)));
                 return true;
             }},
        };
        return reader.query_all(queries);
    }));
    EXPECT_EQ(order, (std::vector<std::string>{"entry 1", "plain", "", "NULL", "a,b", "\"q\"", "back\\slash", "{}", "ü",
                                               "again 1"}));
}

TEST_F(PostgresNodes, ANodeWhoseClockIsOffIsNotHealthy) {
    EXPECT_TRUE(a_->is_healthy());
    open_b({.now_us = [] { return system_now_us() + 3'000'000; }});
    EXPECT_FALSE(b_->is_healthy());
    EXPECT_LT(b_->clock_skew_us(), -2'000'000);
}

TEST_F(PostgresNodes, ANodeIsNotHealthyOnASchemaThatIsTooNew) {
    open_b({.probe_every = std::chrono::milliseconds(20)});
    ASSERT_TRUE(b_->is_healthy());
    Admin admin(url_);
    admin.ask("UPDATE schema SET version = 1000, min_program = 1000");
    EXPECT_TRUE(admin.wait_until("SELECT 0", [&] { return !b_->is_healthy(); }));
}

}  // namespace
}  // namespace firstline::storage::postgres
