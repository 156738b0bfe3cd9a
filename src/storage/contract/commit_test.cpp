// What a change does and what it refuses (storage.md §1), on every engine.
#include <gmock/gmock.h>

#include <future>

#include "storage/contract/store_contract.hpp"

namespace firstline::storage::contract {
namespace {

using app::Outcome;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(StoreContract, ACommittedChangeIsVisibleAndIsThereAfterReopening) {
    auto change = change_of(7, 1, R"({"a":1})");
    change.writes.push_back(put_setting("color", "blue"));
    const auto answer = commit(change);
    EXPECT_EQ(answer.outcome, Outcome::committed) << answer.detail;
    EXPECT_EQ(answer.first_pos, 1);
    EXPECT_EQ(setting("color"), "blue");
    reopen();
    EXPECT_EQ(setting("color"), "blue");
    EXPECT_THAT(rows("test.entries", {std::int64_t{0}}), ElementsAre("1|7|1"));
    EXPECT_EQ(commit(change_of(7, 2)).first_pos, 2);
}

TEST_P(StoreContract, AnEntryKeepsEveryFieldAndItsTexts) {
    auto change = change_of(7, 3);
    auto& entry = change.entries.front();
    entry.subject = "team";
    entry.at = Instant{11};
    entry.recorded_at = Instant{12};
    entry.actor_id = 13;
    entry.via = "import";
    entry.kind = "team.renamed";
    entry.is_public = true;
    entry.data = "{\"名\":\"名前\"}";
    entry.scope_before = "a t1";
    entry.scope_after = "a t2";
    entry.unit_key = "key-1";
    entry.hash = sha256(entry.data);
    entry.texts = {{"body", std::string("\0salt", 5), "こんにちは"}, {"title", "s", ""}};
    const auto answer = commit(change);
    ASSERT_EQ(answer.outcome, Outcome::committed) << answer.detail;
    const std::vector<app::Value> key{"team", std::int64_t{7}, std::int64_t{3}};
    int seen = 0;
    const auto status = store_->read([&](app::Reader& reader) {
        return reader.query("test.entry_data", key, [&](const app::Row& row) {
            ++seen;
            EXPECT_EQ(row.text(0), entry.data);
            EXPECT_EQ(row.bytes(1), as_bytes(entry.hash));
            EXPECT_EQ(row.text(2), "key-1");
            EXPECT_TRUE(row.flag(3));
            EXPECT_FALSE(row.flag(4));
            EXPECT_EQ(row.instant(5), Instant{11});
            EXPECT_EQ(row.instant(6), Instant{12});
            EXPECT_EQ(row.integer(7), 13);
            EXPECT_EQ(row.text(8), "import");
            EXPECT_EQ(row.text(9), "team.renamed");
            EXPECT_EQ(row.text(10), "a t1");
            EXPECT_EQ(row.text(11), "a t2");
            return true;
        });
    });
    EXPECT_TRUE(status);
    EXPECT_EQ(seen, 1);
    std::vector<std::pair<std::string, std::string>> texts;
    std::string salt;
    EXPECT_TRUE(store_->read([&](app::Reader& reader) {
        return reader.query("test.entry_texts", {answer.first_pos}, [&](const app::Row& row) {
            if (texts.empty()) salt = row.bytes(1);
            texts.emplace_back(row.text(0), row.text(2));
            return true;
        });
    }));
    EXPECT_THAT(texts, ElementsAre(testing::Pair("body", "こんにちは"), testing::Pair("title", "")));
    EXPECT_EQ(salt, std::string("\0salt", 5));
}

TEST_P(StoreContract, ATakenSeqIsStaleAndLeavesNothing) {
    ASSERT_EQ(commit(change_of(7, 1)).outcome, Outcome::committed);
    auto second = change_of(7, 1);
    second.writes.push_back(put_setting("half", "done"));
    second.after_entries.push_back({.name = "test.outbox_insert", .params = {std::int64_t{1}, app::EntryPos{0}, "k"}});
    EXPECT_EQ(commit(second).outcome, Outcome::stale);
    EXPECT_EQ(setting("half"), "");
    EXPECT_THAT(rows("test.outbox_all"), IsEmpty());
    EXPECT_THAT(rows("test.entries", {std::int64_t{0}}), testing::SizeIs(1));
    EXPECT_EQ(store_->figures().stale, 1U);
}

TEST_P(StoreContract, OneOfManyConcurrentChangesOfTheSameSeqWins) {
    constexpr int kChanges = 100;
    std::vector<std::promise<app::Committed>> answers(kChanges);
    for (int i = 0; i < kChanges; ++i) {
        auto change = change_of(7, 1);
        change.writes.push_back(put_setting("writer-" + std::to_string(i), "x"));
        store_->submit(std::move(change), [&answers, i](const app::Committed& one) {
            answers[static_cast<std::size_t>(i)].set_value(one);
        });
    }
    int committed = 0, stale = 0;
    for (auto& answer : answers) {
        const auto outcome = answer.get_future().get().outcome;
        committed += outcome == Outcome::committed ? 1 : 0;
        stale += outcome == Outcome::stale ? 1 : 0;
    }
    EXPECT_EQ(committed, 1);
    EXPECT_EQ(stale, kChanges - 1);
    EXPECT_THAT(rows("test.setting_sum"), ElementsAre("1"));
}

TEST_P(StoreContract, OneRefusedChangeInABatchLeavesTheOthers) {
    constexpr int kChanges = 60;
    std::vector<std::promise<app::Committed>> answers(kChanges);
    for (int i = 0; i < kChanges; ++i) {
        // Every third takes the name of the one before it.
        auto change = change_of(i + 1, 1);
        change.writes.push_back(put_setting("n" + std::to_string(i % 3 == 2 ? i - 1 : i), "x"));
        store_->submit(std::move(change), [&answers, i](const app::Committed& one) {
            answers[static_cast<std::size_t>(i)].set_value(one);
        });
    }
    int exists = 0;
    for (auto& promise : answers) {
        const auto answer = promise.get_future().get();
        if (answer.outcome == Outcome::exists) {
            ++exists;
            EXPECT_EQ(answer.conflict, "test.setting_insert");
        } else {
            EXPECT_EQ(answer.outcome, Outcome::committed) << answer.detail;
        }
    }
    // On two writer connections the later of a pair may come first: one of each pair wins either way.
    EXPECT_EQ(exists, kChanges / 3);
    EXPECT_THAT(rows("test.entries", {std::int64_t{0}}), testing::SizeIs(kChanges * 2 / 3));
}

TEST_P(StoreContract, AConflictMeansWhatTheWriteSays) {
    const auto change = [](app::OnConflict on_conflict, std::int64_t subject) {
        auto made = change_of(subject, 1);
        made.writes.push_back({.name = "test.idempotency_insert",
                               .params = {std::int64_t{1}, app::Blob{"key"}, app::Blob{"print"}},
                               .on_conflict = on_conflict});
        return made;
    };
    ASSERT_EQ(commit(change(app::OnConflict::duplicate, 1)).outcome, Outcome::committed);
    const auto duplicate = commit(change(app::OnConflict::duplicate, 2));
    EXPECT_EQ(duplicate.outcome, Outcome::duplicate);
    EXPECT_EQ(duplicate.conflict, "test.idempotency_insert");
    EXPECT_EQ(commit(change(app::OnConflict::stale, 3)).outcome, Outcome::stale);
    EXPECT_EQ(commit(change(app::OnConflict::exists, 4)).outcome, Outcome::exists);
    EXPECT_THAT(rows("test.entries", {std::int64_t{0}}), testing::SizeIs(1));
}

TEST_P(StoreContract, AConflictAfterTheEntriesTakesThemBack) {
    auto first = change_of(1, 1);
    first.after_entries.push_back(
        {.name = "test.outbox_insert", .params = {std::int64_t{1}, app::EntryPos{0}, "same"}});
    ASSERT_EQ(commit(first).outcome, Outcome::committed);
    auto second = change_of(2, 1);
    second.after_entries.push_back(
        {.name = "test.outbox_insert", .params = {std::int64_t{2}, app::EntryPos{0}, "same"}});
    EXPECT_EQ(commit(second).outcome, Outcome::exists);
    EXPECT_THAT(rows("test.entries", {std::int64_t{0}}), testing::SizeIs(1));
}

TEST_P(StoreContract, EntryPosIsTheEntrysPosition) {
    ASSERT_EQ(commit(change_of(1, 1)).outcome, Outcome::committed);
    auto change = change_of(2, 1);
    change.entries.push_back(entry_of(2, 2));
    change.after_entries.push_back(
        {.name = "test.outbox_insert", .params = {std::int64_t{1}, app::EntryPos{1}, "second"}});
    change.after_entries.push_back(
        {.name = "test.outbox_insert", .params = {std::int64_t{2}, app::EntryPos{0}, "first"}});
    const auto answer = commit(change);
    ASSERT_EQ(answer.outcome, Outcome::committed) << answer.detail;
    EXPECT_THAT(rows("test.outbox_all"),
                ElementsAre("1|" + std::to_string(answer.first_pos + 1), "2|" + std::to_string(answer.first_pos)));
}

TEST_P(StoreContract, ADefectOfOneChangeIsItsOwnTrouble) {
    auto unknown = change_of(1, 1);
    unknown.writes.push_back({.name = "test.no_such_statement", .params = {}});
    auto wrong_count = change_of(2, 1);
    wrong_count.writes.push_back({.name = "test.setting_insert", .params = {"only one"}});
    auto null = change_of(3, 1);
    null.writes.push_back({.name = "test.cell_insert", .params = {std::int64_t{1}, std::int64_t{1}, app::Null{}}});
    auto alone = change_of(4, 1);
    alone.writes.push_back({.name = "test.setting_insert_alone", .params = {"a", "b"}});
    for (const auto& change : {unknown, wrong_count, null, alone}) {
        const auto answer = commit(change);
        EXPECT_EQ(answer.outcome, Outcome::unavailable);
        EXPECT_NE(answer.detail, "");
    }
    EXPECT_THAT(rows("test.entries", {std::int64_t{0}}), IsEmpty());
    EXPECT_TRUE(store_->is_healthy());
    EXPECT_EQ(commit(change_of(5, 1)).outcome, Outcome::committed);
}

TEST_P(StoreContract, AChangeDecidedOnAnotherConfigurationIsDecidedAgain) {
    const auto guarded = [](std::int64_t subject, std::int64_t version) {
        auto change = change_of(subject, 1);
        change.config_version = version;
        return change;
    };
    EXPECT_EQ(commit(guarded(1, 1)).outcome, Outcome::committed);
    EXPECT_EQ(commit(guarded(2, 0)).outcome, Outcome::config_changed);
    auto raising = guarded(3, 1);
    raising.raises_config = true;
    EXPECT_EQ(commit(raising).outcome, Outcome::committed);
    EXPECT_THAT(rows("store.config_version"), ElementsAre("2"));
    EXPECT_EQ(commit(guarded(4, 1)).outcome, Outcome::config_changed);
    EXPECT_EQ(commit(guarded(4, 2)).outcome, Outcome::committed);
    EXPECT_EQ(commit(change_of(5, 1)).outcome, Outcome::committed);  // independent of configuration
}

TEST_P(StoreContract, OfManyConfigurationChangesDecidedOnOneVersionOneWins) {
    constexpr int kChanges = 30;
    std::vector<std::promise<app::Committed>> answers(kChanges);
    for (int i = 0; i < kChanges; ++i) {
        auto change = change_of(i + 1, 1);
        change.config_version = 1;
        change.raises_config = true;
        store_->submit(std::move(change), [&answers, i](const app::Committed& one) {
            answers[static_cast<std::size_t>(i)].set_value(one);
        });
    }
    int committed = 0, changed = 0;
    for (auto& answer : answers) {
        const auto outcome = answer.get_future().get().outcome;
        committed += outcome == Outcome::committed ? 1 : 0;
        changed += outcome == Outcome::config_changed ? 1 : 0;
    }
    EXPECT_EQ(committed, 1);
    EXPECT_EQ(changed, kChanges - 1);
    EXPECT_THAT(rows("store.config_version"), ElementsAre("2"));
}

TEST_P(StoreContract, ARefusedConfigurationChangeRaisesNothing) {
    ASSERT_EQ(commit(change_of(1, 1)).outcome, Outcome::committed);
    auto change = change_of(1, 1);
    change.raises_config = true;
    EXPECT_EQ(commit(change).outcome, Outcome::stale);
    EXPECT_THAT(rows("store.config_version"), ElementsAre("1"));
    auto guarded = change_of(2, 1);
    guarded.config_version = 1;
    EXPECT_EQ(commit(guarded).outcome, Outcome::committed);
}

TEST_P(StoreContract, ValuesComeBackAsTheyWere) {
    const std::string bytes("\0\xff\0a", 4);
    auto change = change_of(1, 1);
    change.writes.push_back(
        {.name = "test.blob_insert",
         .params = {app::Blob{bytes}, std::int64_t{INT64_MIN}, "日本語 \"'\\ {}", std::int64_t{INT64_MAX}}});
    change.writes.push_back({.name = "test.blob_insert", .params = {app::Blob{""}, std::int64_t{0}, "", app::Null{}}});
    const auto answer = commit(change);
    ASSERT_EQ(answer.outcome, Outcome::committed) << answer.detail;
    int seen = 0;
    EXPECT_TRUE(store_->read([&](app::Reader& reader) -> Status {
        CHECK_OK(reader.query("test.blob_get", {app::Blob{bytes}}, [&](const app::Row& row) {
            ++seen;
            EXPECT_EQ(row.bytes(0), bytes);
            EXPECT_EQ(row.integer(1), INT64_MIN);
            EXPECT_EQ(row.text(2), "日本語 \"'\\ {}");
            EXPECT_EQ(row.integer(3), INT64_MAX);
            EXPECT_FALSE(row.is_null(3));
            return true;
        }));
        return reader.query("test.blob_get", {app::Blob{""}}, [&](const app::Row& row) {
            ++seen;
            EXPECT_EQ(row.bytes(0), "");
            EXPECT_FALSE(row.is_null(0));
            EXPECT_EQ(row.text(2), "");
            EXPECT_FALSE(row.is_null(2));
            EXPECT_TRUE(row.is_null(3));
            EXPECT_EQ(row.integer(3), 0);
            EXPECT_EQ(row.text(3), "");
            return true;
        });
    }));
    EXPECT_EQ(seen, 2);
}

TEST_P(StoreContract, ListsAreParameters) {
    auto change = change_of(1, 1);
    const std::vector<std::string> names{"plain", "quote\"d", "back\\slash", "{a,b}", "NULL", "改行\n", "", "tab\tbed"};
    for (const auto& name : names) change.writes.push_back(put_setting(name, "x"));
    change.entries.push_back(entry_of(1, 2));
    ASSERT_EQ(commit(change).outcome, Outcome::committed);
    auto all = names;
    all.emplace_back("not there");
    EXPECT_THAT(rows("test.settings_in", {app::TextList{all}}), testing::UnorderedElementsAreArray(names));
    EXPECT_THAT(rows("test.settings_in", {app::TextList{{"plain"}}}), ElementsAre("plain"));
    EXPECT_THAT(rows("test.settings_in", {app::TextList{}}), IsEmpty());
    EXPECT_THAT(rows("test.entries_at", {app::IntList{{1, 2, -5, INT64_MAX}}}), ElementsAre("1", "2"));
    EXPECT_THAT(rows("test.entries_at", {app::IntList{}}), IsEmpty());
}

}  // namespace
}  // namespace firstline::storage::contract
