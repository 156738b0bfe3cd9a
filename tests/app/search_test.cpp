// Full text behind the feed: what is found by whom, how soon, and what an index of another life is worth (storage.md §5 "Search").
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "app/search/indexer.hpp"
#include "app/search/search_incidents.hpp"
#include "app/test_desk.hpp"
#include "storage/search/postgres_search.hpp"
#include "storage/search/sqlite_search.hpp"

namespace firstline::test {
namespace {

using namespace app;
using namespace domain;
using testing::ElementsAre;
using testing::IsEmpty;
using Ids = std::vector<std::int64_t>;

class SearchTest : public OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (!IsSkipped()) start();
    }
    void TearDown() override { stop(); }

    std::unique_ptr<SearchIndex> open_index() {
        if (GetParam() == Engine::sqlite) {
            auto opened = storage::search::SqliteSearch::open({.directory = desk().directory() + "/desk"});
            EXPECT_TRUE(opened) << opened.error().detail;
            return std::move(*opened);
        }
        auto opened = storage::search::PostgresSearch::open({.url = desk().postgres_url(), .hits_max = hits_max_});
        EXPECT_TRUE(opened) << opened.error().detail;
        return std::move(*opened);
    }
    void start() {
        feed_ = std::make_unique<Feed>(desk().store());
        ASSERT_TRUE(feed_->start());
        index_ = open_index();
        Indexer::Options options;
        options.gather = std::chrono::milliseconds(5);
        options.retry = std::chrono::milliseconds(50);
        options.log = [this](std::string_view line) {
            const std::lock_guard lock(mutex_);
            log_.emplace_back(line);
        };
        indexer_ = std::make_unique<Indexer>(desk().store(), *feed_, desk().desks(), *index_, options);
        indexer_->start();
    }
    void stop() {
        if (indexer_) indexer_->stop();
        if (feed_) feed_->stop();
        indexer_.reset();
        index_.reset();
        feed_.reset();
    }
    [[nodiscard]] int builds() {
        const std::lock_guard lock(mutex_);
        return static_cast<int>(std::count(log_.begin(), log_.end(), "search index: building it anew"));
    }

    // Until everything committed so far is indexed.
    void settle() {
        const auto head = desk().number_of("store.last_pos");
        await([&] { return indexer_->position() >= head; }, "the index");
    }
    SearchPage page(const std::string& who, SearchInput input) {
        settle();
        const Session session = desk().session(who);
        SearchPage out;
        const Status status = desk().store().read([&](Reader& reader) -> Status {
            TRY(out, search_incidents(reader, desk().tools(), *index_, session, input));
            return {};
        });
        EXPECT_TRUE(status) << status.error().code << ": " << status.error().detail;
        return out;
    }
    Ids find(const std::string& who, const std::string& q, SearchSort sort = SearchSort::newest) {
        Ids ids;
        for (const auto& hit :
             page(who, {.q = q, .sort = sort, .after = "", .limit = 200, .wants_snippets = true}).items)
            ids.push_back(hit.incident.id.value);
        return ids;
    }
    // All pages of `limit`; each must be of that length but the last.
    Ids find_paged(const std::string& who, const std::string& q, SearchSort sort, std::size_t limit) {
        Ids ids;
        SearchInput input{.q = q, .sort = sort, .after = "", .limit = limit, .wants_snippets = false};
        do {
            const auto one = page(who, input);
            EXPECT_LE(one.items.size(), limit);
            for (const auto& hit : one.items) ids.push_back(hit.incident.id.value);
            input.after = one.next;
        } while (!input.after.empty() && ids.size() < 10'000);
        return ids;
    }

    std::size_t hits_max_ = 5'000;
    std::mutex mutex_;
    std::vector<std::string> log_;
    std::unique_ptr<Feed> feed_;
    std::unique_ptr<SearchIndex> index_;
    std::unique_ptr<Indexer> indexer_;
};

TEST_P(SearchTest, WordsOfTitleDescriptionRepliesAndNotes) {
    const auto mail = desk().log("ida", "Mail does not arrive", "Since the move to the new building");
    const auto print = desk().log("ida", "Printer jams", "");
    desk().reply("anna", print, "We send a technician tomorrow");
    desk().note("anna", print, "The fuser unit is worn out");
    EXPECT_EQ(find("anna", "mail"), Ids{mail});
    EXPECT_EQ(find("anna", "BUILDING move"), Ids{mail});
    EXPECT_EQ(find("anna", "mail fuser"), Ids{});
    EXPECT_EQ(find("anna", "technician fuser"), Ids{print});
    EXPECT_EQ(find("anna", "prin*"), Ids{print});
    EXPECT_EQ(find("anna", "prin"), Ids{});
    EXPECT_EQ(find("anna", "fus*"), Ids{print});
    EXPECT_EQ(find("ida", "arrive"), Ids{mail});
    EXPECT_EQ(find("ida", "technician"), Ids{print});
    EXPECT_EQ(find("tea", "fuser"), Ids{print});
    EXPECT_EQ(find("anna", "!!!"), Ids{});
    EXPECT_EQ(find("anna", "a u1 @a \"a\" ~fuser"), Ids{});
}

TEST_P(SearchTest, RequestersNeverFindByInternalWords) {
    const auto id = desk().log("ida", "Printer jams");
    desk().note("anna", id, "secretword");
    desk().act("anna", id, Action::triage, [](ActionRequest& request) {
        request.input.priority = Priority::p1;
        request.input.priority_reason = "reasonword";
    });
    desk().act("anna", id, Action::assign, [](ActionRequest& request) {
        request.team = "network";
        request.input.reason = "handoverword";
    });
    for (const char* word : {"secretword", "reasonword", "secret*", "printer secretword"}) {
        EXPECT_EQ(find("anna", word), Ids{id}) << word;
        for (const SearchSort sort : {SearchSort::newest, SearchSort::relevance}) {
            EXPECT_EQ(find("ida", word, sort), Ids{}) << word;
            EXPECT_EQ(find("olle", word, sort), Ids{}) << word;
        }
    }
    EXPECT_EQ(find("ida", "printer"), Ids{id});
    const auto hit =
        page("ida", {.q = "printer", .sort = SearchSort::newest, .after = "", .limit = 5, .wants_snippets = true})
            .items.front();
    for (const auto& part : hit.snippet) EXPECT_EQ(part.text.find("word"), std::string::npos);
}

TEST_P(SearchTest, EverybodyFindsWhatTheyMaySee) {
    const auto idas = desk().log("ida", "common one");
    const auto kims = desk().log("kim", "common two");
    const auto restricted = desk().log("anna", "common three", "", [](LogRequest& request) {
        request.team = "network";
        request.is_restricted = true;
    });
    EXPECT_EQ(find("anna", "common"), (Ids{kims, idas}));
    EXPECT_EQ(find("bo", "common"), (Ids{restricted, kims, idas}));
    EXPECT_EQ(find("tea", "common"), (Ids{restricted, kims, idas}));
    EXPECT_EQ(find("ida", "common"), Ids{idas});
    EXPECT_EQ(find("olle", "common"), Ids{idas});  // shared by their organization
    EXPECT_EQ(find("kim", "common"), Ids{kims});
    for (const char* number : {"INC-", "inc", ""}) {
        const auto q = number + std::to_string(restricted);
        EXPECT_EQ(find("anna", q), Ids{}) << q;
        EXPECT_EQ(find("ida", q), Ids{}) << q;
        EXPECT_EQ(find("bo", q), Ids{restricted}) << q;
        EXPECT_EQ(find("ida", number + std::to_string(idas)), Ids{idas});
    }
}

TEST_P(SearchTest, RestrictedVanishesAtOnceEvenFromAnOldIndex) {
    const auto id = desk().log("ida", "Salary list");
    desk().act("anna", id, Action::assign, [](ActionRequest& request) { request.team = "network"; });
    EXPECT_EQ(find("anna", "salary"), Ids{id});
    indexer_->stop();
    desk().edit("bo", id, [](EditRequest& request) { request.is_restricted = true; });
    // The index still says that anna may see it.
    const Session anna = desk().session("anna");
    for (const SearchSort sort : {SearchSort::newest, SearchSort::relevance}) {
        EXPECT_TRUE(desk().store().read([&](Reader& reader) -> Status {
            TRY(const auto out,
                search_incidents(reader, desk().tools(), *index_, anna,
                                 {.q = "salary", .sort = sort, .after = "", .limit = 50, .wants_snippets = false}));
            EXPECT_TRUE(out.items.empty());
            EXPECT_EQ(out.next, "");
            return {};
        }));
    }
    stop();
    start();
    EXPECT_EQ(find("anna", "salary"), Ids{});
    EXPECT_EQ(find("bo", "salary"), Ids{id});
    EXPECT_EQ(find("ida", "salary"), Ids{id});
}

TEST_P(SearchTest, AnAgentsOwnRestrictedIncidentByItsPublicWordsOnly) {
    const auto id = desk().log("bo", "publicword", "", [](LogRequest& request) {
        request.requester = "anna";
        request.team = "network";
        request.is_restricted = true;
    });
    desk().note("bo", id, "internalword");
    EXPECT_EQ(find("anna", "publicword"), Ids{id});
    EXPECT_EQ(find("anna", "internalword"), Ids{});
    EXPECT_EQ(find("anna", "publicword internalword"), Ids{});
    EXPECT_EQ(find("anna", "internalword", SearchSort::relevance), Ids{});
    EXPECT_EQ(find("bo", "internalword"), Ids{id});
}

TEST_P(SearchTest, AnOrganizationStopsAndStartsSharing) {
    const auto id = desk().log("ida", "Printer jams");
    EXPECT_EQ(find("olle", "printer"), Ids{id});
    desk().configure({{"test.organization_shares", {std::int64_t{1}, std::int64_t{0}}}}, "organization", 1);
    EXPECT_EQ(find("olle", "printer"), Ids{});
    const auto later = desk().log("ida", "Printer burns");
    EXPECT_EQ(find("olle", "printer"), Ids{});
    desk().configure({{"test.organization_shares", {std::int64_t{1}, std::int64_t{1}}}}, "organization", 1);
    EXPECT_EQ(find("olle", "printer"), (Ids{later, id}));
}

TEST_P(SearchTest, ARedactedTextIsForgotten) {
    const auto id = desk().log("ida", "Cannot sign in", "my password is hunter2");
    desk().reply("ida", id, "or hunter3");
    EXPECT_EQ(find("anna", "hunter2"), Ids{id});
    desk().redact(id, 1, "description", true);
    desk().redact(id, 2, "text", false);
    EXPECT_EQ(find("anna", "hunter2"), Ids{});
    EXPECT_EQ(find("anna", "hunter3"), Ids{});
    EXPECT_EQ(find("anna", "hunter*"), Ids{});
    EXPECT_EQ(find("anna", "sign"), Ids{id});
}

TEST_P(SearchTest, EditedTextsReplaceWhatTheyWere) {
    const auto id = desk().log("ida", "Old title");
    EXPECT_EQ(find("anna", "old"), Ids{id});
    desk().edit("anna", id, [](EditRequest& request) { request.title = "New name"; });
    EXPECT_EQ(find("anna", "old"), Ids{});
    EXPECT_EQ(find("anna", "new"), Ids{id});
}

TEST_P(SearchTest, OtherScripts) {
    const auto japanese = desk().log("ida", "プリンターが動かない", "会議室のドアが開きません");
    const auto german = desk().log("ida", "Drucker im Büro Zürich");
    const auto russian = desk().log("ida", "Принтер не печатает");
    EXPECT_EQ(find("anna", "プリンター"), Ids{japanese});
    EXPECT_EQ(find("anna", "会議"), Ids{japanese});
    EXPECT_EQ(find("anna", "プリン*"), Ids{japanese});
    EXPECT_EQ(find("anna", "ﾌﾟﾘﾝﾀｰ"), Ids{japanese});  // half width
    EXPECT_EQ(find("anna", "ドア"), Ids{japanese});
    EXPECT_EQ(find("anna", "büro ZURICH"), Ids{german});
    EXPECT_EQ(find("anna", "принтер"), Ids{russian});
    EXPECT_EQ(find("anna", "прин*"), Ids{russian});
}

TEST_P(SearchTest, PagesOfManyHitsAreBounded) {
    Ids expected;
    for (int i = 0; i < 60; ++i)
        expected.insert(expected.begin(),
                        desk().log("kim", "common printer " + std::to_string(i), i % 7 == 0 ? "printer printer" : ""));
    for (const std::size_t limit : {1U, 7U, 59U, 60U, 200U})
        EXPECT_EQ(find_paged("anna", "common", SearchSort::newest, limit), expected) << limit;
    Ids by_relevance = find_paged("anna", "printer", SearchSort::relevance, 7);
    EXPECT_EQ(by_relevance, find("anna", "printer", SearchSort::relevance));
    // Said more often weighs more.
    EXPECT_EQ(by_relevance.front(), expected[59 - 56]);
    std::sort(by_relevance.rbegin(), by_relevance.rend());
    EXPECT_EQ(by_relevance, expected);
    const Session anna = desk().session("anna");
    for (const char* cursor : {"nonsense", "AAAA"}) {
        const Status status = desk().store().read([&](Reader& reader) -> Status {
            TRY(const auto out,
                search_incidents(
                    reader, desk().tools(), *index_, anna,
                    {.q = "common", .sort = SearchSort::newest, .after = cursor, .limit = 5, .wants_snippets = false}));
            return {};
        });
        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().code, "request.invalid");
        EXPECT_EQ(status.error().fields.front().pointer, "?after");
    }
}

TEST_P(SearchTest, HitsBeyondWhatIsSortedAtOnce) {
    // PostgreSQL goes down by stretches of numbers where a word has more hits than it sorts; here that is three.
    stop();
    hits_max_ = 3;
    index_ = open_index();
    std::vector<SearchDocument> documents;
    Ids expected;
    for (std::int64_t id = 1; id < 200'000; id += 997) {
        const bool is_hit = id < 60'000;
        documents.push_back({id, {is_hit ? "old" : "new", "@a", "@u3"}});
        if (is_hit) expected.insert(expected.begin(), id);
    }
    ASSERT_TRUE(index_->write(documents, {"e1", 0}));
    for (const char* scope : {"a", "u3"}) {
        SearchRequest request;
        request.terms = {{"old", false}};
        request.scope = {{scope}};
        request.limit = 10;
        Ids ids;
        for (int round = 0; round < 100; ++round) {
            const auto found = index_->find(request);
            ASSERT_TRUE(found) << found.error().detail;
            ASSERT_LE(found->ids.size(), request.limit);
            ids.insert(ids.end(), found->ids.begin(), found->ids.end());
            request.before = found->go_on_before;
            if (found->is_complete) break;
        }
        EXPECT_EQ(ids, expected) << scope;
    }
}

TEST_P(SearchTest, SnippetsShowTheWords) {
    const auto id = desk().log("ida", "Mail is slow", "Every mail takes hours. Since Monday.");
    desk().note("anna", id, "the queue of the relay is full");
    const auto hit =
        page("anna", {.q = "mail", .sort = SearchSort::newest, .after = "", .limit = 5, .wants_snippets = true})
            .items.front();
    EXPECT_EQ(hit.title, (Snippet{{"Mail", true}, {" is slow", false}}));
    EXPECT_EQ(hit.snippet[1], (SnippetPart{"mail", true}));
    const auto internal =
        page("anna", {.q = "relay", .sort = SearchSort::newest, .after = "", .limit = 5, .wants_snippets = true})
            .items.front();
    EXPECT_TRUE(std::any_of(internal.snippet.begin(), internal.snippet.end(),
                            [](const SnippetPart& part) { return part == SnippetPart{"relay", true}; }));
}

TEST_P(SearchTest, GoesOnWhereItWasAndRebuildsOnAnotherEpoch) {
    const auto first = desk().log("ida", "first printer");
    settle();
    const int built = builds();
    stop();
    const auto second = desk().log("ida", "second printer");
    start();
    EXPECT_EQ(find("anna", "printer"), (Ids{second, first}));
    EXPECT_EQ(builds(), built);
    stop();
    // A document of the other life, which the database knows nothing of.
    {
        auto index = open_index();
        ASSERT_TRUE(index->write(std::vector<SearchDocument>{{999, {"ghost", "@a"}}}, {"e1", 1}));
    }
    desk().write({"test.new_epoch", {std::string("e2")}});
    start();
    EXPECT_EQ(find("anna", "printer"), (Ids{second, first}));
    EXPECT_EQ(builds(), built + 1);
    SearchRequest ghost;
    ghost.terms = {{"ghost", false}};
    EXPECT_THAT(index_->find(ghost)->ids, IsEmpty());
    // A place that the feed has not reached means nothing either.
    stop();
    {
        auto index = open_index();
        ASSERT_TRUE(index->write({}, {"e2", 1'000'000}));
    }
    start();
    EXPECT_EQ(find("anna", "printer"), (Ids{second, first}));
    EXPECT_EQ(builds(), built + 2);
}

TEST_P(SearchTest, ReindexAnswersMeanwhile) {
    Ids expected;
    for (int i = 0; i < 30; ++i) expected.insert(expected.begin(), desk().log("ida", "printer " + std::to_string(i)));
    settle();
    std::atomic<bool> is_over{false};
    std::thread searcher([&] {
        SearchRequest request;
        request.terms = {{"printer", false}};
        while (!is_over) {
            const auto found = index_->find(request);
            EXPECT_TRUE(found) << found.error().detail;
            if (found) {
                EXPECT_EQ(found->ids, expected);
            }
        }
    });
    for (int i = 0; i < 5; ++i) {
        const int before = builds();
        indexer_->ask_for_reindex();
        await([&] { return builds() > before; }, "a build");
    }
    settle();
    is_over = true;
    searcher.join();
    const auto last = desk().log("ida", "printer 30");
    expected.insert(expected.begin(), last);
    EXPECT_EQ(find("anna", "printer"), expected);
}

TEST_P(SearchTest, OneNodeIndexes) {
    if (GetParam() == Engine::sqlite) GTEST_SKIP() << "one process a directory";
    settle();
    auto other = open_index();
    EXPECT_FALSE(other->is_in_charge().value());
    stop();
    await([&] { return other->is_in_charge().value(); }, "the other node takes over");
}

INSTANTIATE_TEST_SUITE_P(Engines, SearchTest, testing::Values(Engine::sqlite, Engine::postgres), engine_name);

}  // namespace
}  // namespace firstline::test
