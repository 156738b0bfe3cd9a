// The queue, reading and working alone (storage.md §1), on every engine.
#include <gmock/gmock.h>

#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "storage/contract/store_contract.hpp"

namespace firstline::storage::contract {
namespace {

using app::Outcome;
using testing::ElementsAre;
using testing::IsEmpty;

// Holds the writer within `write_alone` until released, so that a test sees what waits.
class HeldWriter {
public:
    explicit HeldWriter(app::Store& store) {
        std::promise<void> entered;
        auto is_entered = entered.get_future();
        thread_ = std::thread([this, &store, &entered] {
            const auto status = store.write_alone([&](app::Writer&) -> Status {
                entered.set_value();
                released_.get_future().wait();
                return {};
            });
            EXPECT_TRUE(status) << status.error().detail;
        });
        is_entered.wait();
    }
    ~HeldWriter() { release(); }
    HeldWriter(const HeldWriter&) = delete;
    HeldWriter& operator=(const HeldWriter&) = delete;
    void release() {
        if (!thread_.joinable()) return;
        released_.set_value();
        thread_.join();
    }

private:
    std::promise<void> released_;
    std::thread thread_;
};

TEST_P(StoreContract, AChangeWhoseDeadlinePassedIsNotWritten) {
    auto late = change_of(1, 1);
    late.deadline = std::chrono::steady_clock::now() - std::chrono::milliseconds(1);
    EXPECT_EQ(commit(late).outcome, Outcome::expired);
    EXPECT_THAT(rows("test.entries", {std::int64_t{0}}), IsEmpty());
    auto timely = change_of(1, 1);
    timely.deadline = std::chrono::steady_clock::now() + std::chrono::minutes(10);
    EXPECT_EQ(commit(timely).outcome, Outcome::committed);
}

TEST_P(StoreContract, AFullQueueRefusesAtOnce) {
    reopen(3);
    HeldWriter held(*store_);
    std::vector<std::future<app::Committed>> waiting;
    for (int i = 1; i <= 3; ++i) waiting.push_back(submit(*store_, change_of(i, 1)));
    const auto refused = commit(change_of(4, 1));
    EXPECT_EQ(refused.outcome, Outcome::unavailable);
    EXPECT_EQ(refused.detail, "queue full");
    EXPECT_EQ(store_->figures().queue_length, 3U);
    held.release();
    for (auto& answer : waiting) EXPECT_EQ(answer.get().outcome, Outcome::committed);
    EXPECT_EQ(commit(change_of(4, 1)).outcome, Outcome::committed);
}

TEST_P(StoreContract, StoppingAnswersWhatWaits) {
    auto held = std::make_unique<HeldWriter>(*store_);
    std::vector<std::future<app::Committed>> waiting;
    for (int i = 1; i <= 5; ++i) waiting.push_back(submit(*store_, change_of(i, 1)));
    std::thread stopping([&] { store_->stop(); });
    // From the moment in which stopping has begun what comes is answered at once.
    std::future_status status{};
    do {
        waiting.push_back(submit(*store_, change_of(99, 1)));
        status = waiting.back().wait_for(std::chrono::milliseconds(1));
    } while (status != std::future_status::ready);
    held->release();
    stopping.join();
    for (auto& answer : waiting) EXPECT_EQ(answer.get().outcome, Outcome::unavailable);
    EXPECT_EQ(commit(change_of(6, 1)).outcome, Outcome::unavailable);
    EXPECT_FALSE(store_->is_healthy());
    const auto read = store_->read([](app::Reader&) -> Status { return {}; });
    EXPECT_EQ(read.error().code, "storage.unavailable");
    const auto alone = store_->write_alone([](app::Writer&) -> Status { return {}; });
    EXPECT_EQ(alone.error().code, "storage.unavailable");
    EXPECT_FALSE(store_->wait_for_feed(1'000, 60'000));
}

TEST_P(StoreContract, AReadSeesOneSnapshot) {
    ASSERT_EQ(commit(change_of(1, 1)).outcome, Outcome::committed);
    const auto count = [](app::Reader& reader) {
        int found = 0;
        EXPECT_TRUE(reader.query("test.entries", {std::int64_t{0}}, [&](const app::Row&) { return ++found > 0; }));
        return found;
    };
    EXPECT_TRUE(store_->read([&](app::Reader& reader) -> Status {
        EXPECT_EQ(count(reader), 1);
        EXPECT_EQ(commit(change_of(2, 1)).outcome, Outcome::committed);
        EXPECT_EQ(count(reader), 1);
        return {};
    }));
    EXPECT_THAT(rows("test.entries", {std::int64_t{0}}), testing::SizeIs(2));
}

TEST_P(StoreContract, ReadingEndsEarlyAndAnswersItsErrors) {
    auto change = change_of(1, 1);
    change.entries.push_back(entry_of(1, 2));
    ASSERT_EQ(commit(change).outcome, Outcome::committed);
    const auto status = store_->read([&](app::Reader& reader) -> Status {
        int seen = 0;
        CHECK_OK(reader.query("test.entries", {std::int64_t{0}}, [&](const app::Row&) { return ++seen < 1; }));
        EXPECT_EQ(seen, 1);
        EXPECT_TRUE(reader.has_time_left());
        EXPECT_EQ(reader.query("test.no_such", {}, [](const app::Row&) { return true; }).error().code,
                  "storage.statement");
        EXPECT_EQ(reader.query("test.entries", {}, [](const app::Row&) { return true; }).error().code,
                  "storage.statement");
        return fail(ErrorKind::not_found, "test.mine", "the body's own");
    });
    EXPECT_EQ(status.error().code, "test.mine");
}

TEST_P(StoreContract, AQueryWithinARowsCallbackIsAllowed) {
    for (int i = 1; i <= 3; ++i) ASSERT_EQ(commit(change_of(i, 1)).outcome, Outcome::committed);
    int pairs = 0;
    EXPECT_TRUE(store_->read([&](app::Reader& reader) {
        return reader.query("test.entries", {std::int64_t{0}}, [&](const app::Row& row) {
            EXPECT_TRUE(reader.query("test.entries", {row.integer(0)}, [&](const app::Row&) { return ++pairs > 0; }));
            return true;
        });
    }));
    EXPECT_EQ(pairs, 3);
}

TEST_P(StoreContract, AReadThatTakesTooLongIsEnded) {
    if (!GetParam().limits_reads) GTEST_SKIP() << "no limit on this engine";
    const auto status = store_->read([](app::Reader& reader) {
        const auto ended = reader.query("test.endless", {}, [](const app::Row&) { return true; });
        EXPECT_FALSE(reader.has_time_left());
        return ended;
    });
    EXPECT_EQ(status.error().code, "storage.too_slow");
    EXPECT_THAT(rows("test.setting_sum"), ElementsAre("0"));
}

TEST_P(StoreContract, WorkingAloneCommitsAllOrNothing) {
    EXPECT_TRUE(store_->write_alone([](app::Writer& writer) -> Status {
        TRY(const auto inserted, writer.execute({"test.setting_insert_alone", {"a", "1"}}));
        EXPECT_EQ(inserted, 1);
        TRY(const auto updated, writer.execute({"test.setting_set", {"a", "2"}}));
        EXPECT_EQ(updated, 1);
        TRY(const auto nothing, writer.execute({"test.setting_set", {"b", "2"}}));
        EXPECT_EQ(nothing, 0);
        std::string seen;
        CHECK_OK(writer.query("test.setting_value", {"a"}, [&](const app::Row& row) {
            seen = row.text(0);
            return true;
        }));
        EXPECT_EQ(seen, "2");
        return {};
    }));
    EXPECT_EQ(setting("a"), "2");
    const auto failed = store_->write_alone([](app::Writer& writer) -> Status {
        TRY([[maybe_unused]] const auto count, writer.execute(put_setting("c", "1")));
        return fail(ErrorKind::invalid, "test.changed_my_mind", "no");
    });
    EXPECT_EQ(failed.error().code, "test.changed_my_mind");
    EXPECT_EQ(setting("c"), "");
    const auto conflict = store_->write_alone([](app::Writer& writer) -> Status {
        TRY([[maybe_unused]] const auto count, writer.execute(put_setting("a", "again")));
        return {};
    });
    EXPECT_EQ(conflict.error().code, "storage.conflict");
    EXPECT_EQ(commit(change_of(1, 1)).outcome, Outcome::committed);
}

TEST_P(StoreContract, NumbersAreNeverGivenTwice) {
    constexpr int kThreads = 4, kNumbers = 300;
    std::mutex mutex;
    std::set<std::int64_t> seen;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < kNumbers; ++n) {
                const auto number = store_->next_id(app::IdKind::incident);
                const std::scoped_lock lock(mutex);
                ASSERT_TRUE(number);
                EXPECT_TRUE(seen.insert(*number).second) << *number;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_GE(*seen.begin(), 1);
}

TEST_P(StoreContract, ANumberIsNotGivenAgainAfterItsRowIsDeletedAndTheDeskRestarted) {
    const auto number = store_->next_id(app::IdKind::outbox);
    ASSERT_TRUE(number);
    auto change = change_of(1, 1);
    change.after_entries.push_back({.name = "test.outbox_insert", .params = {*number, app::EntryPos{0}, "k"}});
    ASSERT_EQ(commit(change).outcome, Outcome::committed);
    auto sent = change_of(1, 2);
    sent.writes.push_back({.name = "test.outbox_delete", .params = {*number}});
    ASSERT_EQ(commit(sent).outcome, Outcome::committed);
    reopen();
    const auto next = store_->next_id(app::IdKind::outbox);
    ASSERT_TRUE(next);
    EXPECT_GT(*next, *number);
}

}  // namespace
}  // namespace firstline::storage::contract
