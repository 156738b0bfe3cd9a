// The feed's readers and the job of anchors (storage.md §3, §5).
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "app/feed/anchors.hpp"
#include "app/feed/feed.hpp"
#include "app/test_desk.hpp"

namespace firstline::test {
namespace {

using namespace app;

class FeedTest : public OnBothEngines {};

NewEntry plain_entry(std::int64_t subject_id) {
    NewEntry entry;
    entry.subject = "sample";
    entry.subject_id = subject_id;
    entry.seq = 1;
    entry.via = "cli";
    entry.kind = "note";
    entry.data = "{}";
    return entry;
}

// Follows the feed from `from` until `count` entries of subject "sample" came.
std::vector<std::int64_t> follow(const Feed& feed, std::int64_t from, std::size_t count, std::size_t limit) {
    std::vector<std::int64_t> seen;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (seen.size() < count && std::chrono::steady_clock::now() < end) {
        if (!feed.wait(from, 100)) continue;
        const auto entries = feed.after(from, limit);
        EXPECT_TRUE(entries) << entries.error().detail;
        for (const auto& entry : *entries) {
            EXPECT_GT(entry->pos, from);
            from = entry->pos;
            if (entry->subject == "sample") seen.push_back(entry->subject_id);
        }
    }
    return seen;
}

TEST_P(FeedTest, MissesNothingWhileSeveralWrite) {
    constexpr int kThreads = 4;
    constexpr int kEach = 150;
    // A small ring, so that slow followers read from the store and quick ones from the ring.
    Feed feed(desk().store(), {.ring_max = 50, .read_max = 40});
    ASSERT_TRUE(feed.start());
    const std::int64_t from = feed.head();
    auto slow = std::async(std::launch::async, [&] { return follow(feed, from, kThreads * kEach, 7); });
    auto quick = std::async(std::launch::async, [&] { return follow(feed, from, kThreads * kEach, 1000); });
    std::unique_ptr<Store> other = GetParam() == Engine::postgres ? desk().open_another_node() : nullptr;
    std::vector<std::thread> writers;
    for (int thread = 0; thread < kThreads; ++thread) {
        writers.emplace_back([&, thread] {
            Store& store = other && thread % 2 == 1 ? *other : desk().store();
            for (int i = 0; i < kEach; ++i) {
                Change change;
                change.entries.push_back(plain_entry(1 + thread * kEach + i));
                std::promise<Committed> answer;
                store.submit(std::move(change), [&](const Committed& committed) { answer.set_value(committed); });
                EXPECT_EQ(answer.get_future().get().outcome, Outcome::committed);
            }
        });
    }
    for (auto& writer : writers) writer.join();
    auto seen = slow.get();
    EXPECT_EQ(quick.get(), seen);
    std::sort(seen.begin(), seen.end());
    ASSERT_EQ(seen.size(), static_cast<std::size_t>(kThreads * kEach));
    EXPECT_EQ(seen.front(), 1);
    EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
    feed.stop();
}

TEST_P(FeedTest, ReadsFromTheStoreWhatTheRingNoLongerHolds) {
    Feed feed(desk().store(), {.ring_max = 3, .read_max = 100});
    ASSERT_TRUE(feed.start());
    const std::int64_t from = feed.head();
    for (int i = 1; i <= 8; ++i) {
        Change change;
        change.entries.push_back(plain_entry(i));
        ASSERT_EQ(desk().commit(std::move(change)).outcome, Outcome::committed);
    }
    await([&] { return feed.head() >= from + 8; }, "the feed's head");
    const auto all = feed.after(from, 100);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 8U);
    const auto newest = feed.after((*all)[5]->pos, 100);
    ASSERT_TRUE(newest);
    ASSERT_EQ(newest->size(), 2U);
    EXPECT_EQ(newest->back()->subject_id, 8);
    EXPECT_FALSE(feed.wait(feed.head(), 1));
    feed.stop();
}

TEST_P(FeedTest, AnchorsCoverEverythingOnce) {
    for (int i = 1; i <= 25; ++i) {
        Change change;
        change.entries.push_back(plain_entry(i));
        ASSERT_EQ(desk().commit(std::move(change)).outcome, Outcome::committed);
    }
    Feed feed(desk().store());
    ASSERT_TRUE(feed.start());
    std::vector<Anchor> written;
    AnchorJob job(desk().store(), feed, desk().clock(),
                  {.entries_max = 10, .written = [&](const Anchor& one) { written.push_back(one); }});
    ASSERT_EQ(job.run_once().value(), 3);
    ASSERT_EQ(job.run_once().value(), 0);
    ASSERT_EQ(written.size(), 3U);
    EXPECT_EQ(written[0].n, 1);
    EXPECT_EQ(written[0].count, 10);
    EXPECT_EQ(written[1].pos_from, written[0].pos_to + 1);
    EXPECT_EQ(written[2].pos_to, feed.head());
    EXPECT_EQ(written[0].hash.size(), 32U);
    EXPECT_EQ(desk().number_of("test.anchors"), 3);
    feed.stop();
}

TEST_P(FeedTest, OfSeveralNodesOneWritesEachAnchor) {
    if (GetParam() == Engine::sqlite) GTEST_SKIP() << "one process a directory";
    auto other = desk().open_another_node();
    Feed feed(desk().store());
    Feed other_feed(*other);
    ASSERT_TRUE(feed.start());
    ASSERT_TRUE(other_feed.start());
    std::atomic<int> written{0};
    const AnchorJob::Options options{
        .entries_max = 5, .every = std::chrono::milliseconds(5), .written = [&](const Anchor&) { ++written; }};
    AnchorJob job(desk().store(), feed, desk().clock(), options);
    AnchorJob other_job(*other, other_feed, desk().clock(), options);
    job.start();
    other_job.start();
    std::int64_t last = 0;
    for (int i = 1; i <= 120; ++i) {
        Change change;
        change.entries.push_back(plain_entry(i));
        const auto committed = desk().commit(std::move(change));
        ASSERT_EQ(committed.outcome, Outcome::committed);
        last = committed.first_pos;
    }
    await([&] { return desk().number_of("test.anchored_until") >= last; }, "all anchored");
    job.stop();
    other_job.stop();
    EXPECT_EQ(desk().number_of("test.anchors"), written);
    feed.stop();
    other_feed.stop();
    other->stop();
}

INSTANTIATE_TEST_SUITE_P(Engines, FeedTest, testing::Values(Engine::sqlite, Engine::postgres), engine_name);

}  // namespace
}  // namespace firstline::test
