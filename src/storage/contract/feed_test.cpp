// The feed: positions in the order of commits, followers that miss none (storage.md §1, §3, §5), on every engine.
#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "storage/contract/store_contract.hpp"

namespace firstline::storage::contract {
namespace {

using app::Outcome;
using testing::ElementsAre;

// Reads the feed as its subscribers do: only what lies beyond the last position seen.
std::vector<std::int64_t> follow_feed(app::Store& store, std::size_t count) {
    std::vector<std::int64_t> seen;
    std::int64_t last = 0;
    while (seen.size() < count) {
        if (!store.wait_for_feed(last, 20'000)) break;
        const auto status = store.read([&](app::Reader& reader) {
            return reader.query("test.entries", {last}, [&](const app::Row& row) {
                EXPECT_GT(row.integer(0), last);
                last = row.integer(0);
                seen.push_back(row.integer(1) * 1'000'000 + row.integer(2));
                return true;
            });
        });
        EXPECT_TRUE(status) << status.error().detail;
        if (!status) break;
    }
    return seen;
}

TEST_P(StoreContract, AFeedReaderMissesNoneOfManyWriters) {
    constexpr int kThreads = 8, kChanges = 150;
    std::vector<std::int64_t> seen;
    std::thread follower([&] { seen = follow_feed(*store_, kThreads * kChanges * 2); });
    std::vector<std::thread> writers;
    std::atomic<int> committed{0};
    for (int thread = 0; thread < kThreads; ++thread) {
        writers.emplace_back([&, thread] {
            std::vector<std::future<app::Committed>> answers;
            for (int i = 0; i < kChanges; ++i) {
                auto change = change_of(thread + 1, 2 * i + 1);
                change.entries.push_back(entry_of(thread + 1, 2 * i + 2));
                answers.push_back(submit(*store_, std::move(change)));
                if (i % 7 == 0) answers.back().wait();
            }
            for (auto& answer : answers) committed += answer.get().outcome == Outcome::committed ? 1 : 0;
        });
    }
    for (auto& writer : writers) writer.join();
    follower.join();
    EXPECT_EQ(committed, kThreads * kChanges);
    EXPECT_EQ(seen.size(), std::size_t{kThreads} * kChanges * 2);
    EXPECT_EQ(std::set<std::int64_t>(seen.begin(), seen.end()).size(), seen.size());
}

TEST_P(StoreContract, PositionsGrowInTheOrderOfCommits) {
    std::int64_t last = 0;
    for (int i = 1; i <= 20; ++i) {
        auto change = change_of(i, 1);
        change.entries.push_back(entry_of(i, 2));
        const auto answer = commit(change);
        ASSERT_EQ(answer.outcome, Outcome::committed);
        EXPECT_GT(answer.first_pos, last);
        last = answer.first_pos + 1;
    }
    EXPECT_THAT(rows("store.last_pos"), ElementsAre(std::to_string(last)));
}

TEST_P(StoreContract, AWaitForTheFeedEndsWithTheNextEntryOrWithTheTime) {
    EXPECT_FALSE(store_->wait_for_feed(0, 1));
    std::thread writer([&] { EXPECT_EQ(commit_on(*store_, change_of(1, 1)).outcome, Outcome::committed); });
    EXPECT_TRUE(store_->wait_for_feed(0, 20'000));
    writer.join();
    EXPECT_TRUE(store_->wait_for_feed(0, 0));
    EXPECT_FALSE(store_->wait_for_feed(1, 1));
}

TEST_P(StoreContract, TwoNodesOnOneDatabaseKeepOneOrder) {
    if (!GetParam().allows_two_nodes) GTEST_SKIP() << "one process a database";
    const auto other = open_another();
    ASSERT_NE(other, nullptr);
    constexpr int kChanges = 100;
    std::vector<std::int64_t> seen;
    std::thread follower([&] { seen = follow_feed(*store_, kChanges * 2); });
    std::atomic<int> committed{0}, stale{0};
    const auto write = [&](app::Store& store, std::int64_t subject) {
        for (int i = 1; i <= kChanges; ++i) {
            // Both also fight for the entries of subject 3.
            committed += commit_on(store, change_of(subject, i)).outcome == Outcome::committed ? 1 : 0;
            stale += commit_on(store, change_of(3, i)).outcome == Outcome::stale ? 1 : 0;
        }
    };
    std::thread first([&] { write(*store_, 1); });
    std::thread second([&] { write(*other, 2); });
    first.join();
    second.join();
    follower.join();
    other->stop();
    EXPECT_EQ(committed, 2 * kChanges);
    EXPECT_EQ(stale, kChanges);
    EXPECT_THAT(rows("test.entries", {std::int64_t{0}}), testing::SizeIs(3 * kChanges));
    EXPECT_GE(seen.size(), std::size_t{2} * kChanges);
}

}  // namespace
}  // namespace firstline::storage::contract
