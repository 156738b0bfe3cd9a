// Live changes: who gets what, what stands in it, and what happens after a gap (storage.md §5 "SSE", api.md §2, domain.md §10).
#include "app/feed/stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "app/directory/people.hpp"
#include "app/test_desk.hpp"

namespace firstline::test {
namespace {

using namespace app;
using namespace domain;
using testing::ElementsAre;
using testing::IsEmpty;

// What one subscriber received, as "event data" lines; positions are kept apart.
class Inbox {
public:
    bool take(std::string_view id, std::string_view event, std::string_view data) {
        const std::lock_guard lock(mutex_);
        if (is_full_) return false;
        last_id_ = id;
        if (event.empty()) return true;
        lines_.push_back(std::string(event) + " " + std::string(data));
        return true;
    }
    [[nodiscard]] std::vector<std::string> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }
    [[nodiscard]] std::string last_id() const {
        const std::lock_guard lock(mutex_);
        return last_id_;
    }
    void clear() {
        const std::lock_guard lock(mutex_);
        lines_.clear();
    }
    void set_full(bool is_full) {
        const std::lock_guard lock(mutex_);
        is_full_ = is_full;
    }
    std::atomic<bool> has_ended{false};

private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    std::string last_id_;
    bool is_full_ = false;
};

class StreamTest : public OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (!IsSkipped()) start({});
    }
    void TearDown() override { stop(); }

    void start(const StreamHub::Options& options) {
        stop();
        feed_ = std::make_unique<Feed>(desk().store());
        ASSERT_TRUE(feed_->start());
        hub_ = std::make_unique<StreamHub>(desk().store(), *feed_, desk().desks(), desk().clock(), options);
        hub_->start();
    }
    void stop() {
        if (hub_) hub_->stop();
        if (feed_) feed_->stop();
        hub_.reset();
        feed_.reset();
    }

    std::uint64_t subscribe(Inbox& inbox, const std::string& who, const std::string& last_id = "") {
        StreamSubscription subscription;
        subscription.session = desk().session(who);
        subscription.last_event_id = last_id;
        subscription.send = [&inbox](auto id, auto event, auto data) { return inbox.take(id, event, data); };
        subscription.ended = [&inbox] { inbox.has_ended = true; };
        subscription.refresh = [this, who](Reader& reader) -> Result<std::optional<Session>> {
            if (signed_out_ == who) return std::optional<Session>{};
            TRY(const DeskPtr desk_now, desk().desks().current(reader));
            auto session = session_now(reader, *desk_now, who);
            return session;
        };
        const auto id = hub_->subscribe(std::move(subscription));
        await([&] { return !inbox.last_id().empty(); }, "the first position");
        return id;
    }

    // As TestDesk::session, within a read.
    static Result<std::optional<Session>> session_now(Reader& reader, const Desk& desk, const std::string& who) {
        TRY(const auto person, find_person(reader, who));
        Session session;
        session.key = who;
        session.caller.user = person->id;
        session.caller.roles = person->roles;
        session.caller.organization = person->organization;
        const Organization* organization = desk.organization(person->organization);
        session.caller.organization_shares = organization != nullptr && organization->shares_incidents;
        session.caller.teams = desk.teams_of_person(person->id);
        return std::optional<Session>(std::move(session));
    }

    // Every subscriber has been served up to what is committed now: an auditor's own event comes last.
    void settle() {
        const auto marker = "\"" +
                            number(desk().log("anna", "marker " + std::to_string(++markers_), "",
                                              [](LogRequest& request) {
                                                  request.team = "network";
                                                  request.is_restricted = true;
                                              })) +
                            "\"";
        Inbox watcher;
        const auto head = [&] {
            std::int64_t pos = 0;
            EXPECT_TRUE(desk().store().read([&](Reader& reader) -> Status {
                TRY(pos, read_feed_head(reader));
                return {};
            }));
            return pos;
        }();
        await([&] { return feed_->head() >= head; }, "the feed");
        // One slice serves everybody at a position; a subscriber from here on is served after them.
        const auto id = subscribe(watcher, "tea");
        const auto last = desk().log("anna", "end " + marker, "", [](LogRequest& request) {
            request.team = "network";
            request.is_restricted = true;
        });
        await(
            [&] {
                return !watcher.lines().empty() &&
                       watcher.lines().back().find("\"" + number(last) + "\"") != std::string::npos;
            },
            "the marker");
        hub_->unsubscribe(id);
    }
    static std::string number(std::int64_t id) { return "INC-" + std::to_string(id); }
    // What came about one incident.
    static std::vector<std::string> about(const Inbox& inbox, std::int64_t id) {
        std::vector<std::string> out;
        for (const auto& line : inbox.lines()) {
            if (line.find("\"" + number(id) + "\"") != std::string::npos) out.push_back(line);
        }
        return out;
    }

    std::unique_ptr<Feed> feed_;
    std::unique_ptr<StreamHub> hub_;
    std::string signed_out_;
    int markers_ = 0;
};

TEST_P(StreamTest, AgentsGetEveryEntryRequestersTheirPublicOnes) {
    Inbox anna, ida, kim;
    subscribe(anna, "anna");
    subscribe(ida, "ida");
    subscribe(kim, "kim");
    const auto id = desk().log("ida", "Mail does not arrive", "secret-word");
    desk().note("anna", id, "internal-word");
    desk().act("anna", id, Action::triage, [](ActionRequest& request) {
        request.input.priority = Priority::p1, request.input.priority_reason = "chief";
    });
    desk().reply("anna", id, "hello");
    desk().act("anna", id, Action::start);
    settle();
    const auto n = number(id);
    EXPECT_THAT(
        about(ida, id),
        ElementsAre(
            "logged {\"kind\":\"logged\",\"number\":\"" + n +
                "\",\"version\":1,\"changed\":[\"requester\",\"created_at\",\"title\",\"description\",\"step\"]}",
            "changed {\"kind\":\"changed\",\"number\":\"" + n + "\",\"version\":2,\"changed\":[]}",
            "changed {\"kind\":\"changed\",\"number\":\"" + n + "\",\"version\":3,\"changed\":[\"handled_by\"]}",
            "changed {\"kind\":\"changed\",\"number\":\"" + n + "\",\"version\":4,\"changed\":[\"step\"]}"));
    const auto seen = about(anna, id);
    ASSERT_GE(seen.size(), 5U);
    EXPECT_EQ(seen[1], "changed {\"kind\":\"changed\",\"number\":\"" + n + "\",\"version\":2,\"changed\":[]}");
    EXPECT_NE(seen[2].find("\"priority\""), std::string::npos) << seen[2];
    EXPECT_THAT(kim.lines(), IsEmpty());
    for (const Inbox* inbox : {&anna, &ida, &kim}) {
        for (const auto& line : inbox->lines()) EXPECT_EQ(line.find("word"), std::string::npos) << line;
    }
    EXPECT_EQ(anna.last_id().substr(0, 3), "e1.");
}

TEST_P(StreamTest, ColleaguesOfASharingOrganization) {
    Inbox olle;
    subscribe(olle, "olle");
    const auto id = desk().log("ida", "Printer jams");
    settle();
    EXPECT_EQ(about(olle, id).size(), 1U);
    olle.clear();
    // The organization stops sharing: the subscriber starts over, and nothing of it comes any more.
    desk().configure({{"test.organization_shares", {std::int64_t{1}, std::int64_t{0}}}}, "organization", 1);
    await([&] { return !olle.lines().empty(); }, "the reset");
    EXPECT_THAT(olle.lines(), ElementsAre("reset {\"kind\":\"reset\"}"));
    desk().reply("anna", id, "hello");
    settle();
    EXPECT_THAT(about(olle, id), IsEmpty());
}

TEST_P(StreamTest, RestrictedIsGoneForTheOthers) {
    const auto id = desk().log("ida", "Salary list", "", [](LogRequest&) {});
    desk().act("anna", id, Action::assign, [](ActionRequest& request) { request.team = "network"; });
    Inbox anna, bo, ida, tea;
    subscribe(anna, "anna");
    subscribe(bo, "bo");
    subscribe(ida, "ida");
    subscribe(tea, "tea");
    desk().edit("anna", id, [](EditRequest& request) { request.is_restricted = true; });
    desk().note("bo", id, "a note");
    desk().reply("bo", id, "a reply");
    settle();
    EXPECT_THAT(about(anna, id), ElementsAre("gone {\"kind\":\"gone\",\"number\":\"" + number(id) + "\"}"));
    EXPECT_EQ(about(bo, id).size(), 3U);
    EXPECT_EQ(about(tea, id).size(), 3U);
    EXPECT_EQ(about(ida, id).size(), 1U);  // the reply
}

TEST_P(StreamTest, ARestrictedIncidentsRequesterWhoIsAnAgentReadsNothingInternal) {
    const auto id = desk().log("anna", "My own salary", "", [](LogRequest& request) {
        request.requester = "anna";
        request.team = "network";
        request.is_restricted = true;
    });
    Inbox anna;
    subscribe(anna, "anna");
    desk().note("bo", id, "she does not get more");
    desk().reply("bo", id, "we look");
    settle();
    const auto seen = about(anna, id);
    ASSERT_EQ(seen.size(), 1U);
    // Her third public entry: after logging and the team that has it.
    EXPECT_NE(seen[0].find("\"version\":3"), std::string::npos) << seen[0];
}

TEST_P(StreamTest, ANewRequesterTakesTheOldOnesPlace) {
    const auto id = desk().log("kim", "Phone is dead");
    Inbox kim, ida;
    subscribe(kim, "kim");
    subscribe(ida, "ida");
    desk().edit("anna", id, [](EditRequest& request) { request.requester = "ida"; });
    desk().reply("anna", id, "a new one is on its way");
    settle();
    // Who opened it without being an agent keeps sight of it: both read of the change and of the reply.
    EXPECT_EQ(about(ida, id).size(), 2U);
    EXPECT_EQ(about(kim, id).size(), 2U);
}

TEST_P(StreamTest, ResumesWhereTheClientWas) {
    Inbox first;
    const auto subscription = subscribe(first, "ida");
    const auto id = desk().log("ida", "Mail does not arrive");
    await([&] { return first.lines().size() == 1; }, "the first event");
    hub_->unsubscribe(subscription);
    desk().reply("anna", id, "one");
    desk().note("anna", id, "two");
    desk().reply("anna", id, "three");
    for (const bool is_restarted : {false, true}) {
        if (is_restarted) start({});  // an empty ring: from the store
        Inbox again;
        subscribe(again, "ida", first.last_id());
        await([&] { return about(again, id).size() == 2; }, "what was missed");
        EXPECT_NE(about(again, id).back().find("\"version\":3"), std::string::npos);
    }
}

TEST_P(StreamTest, RightsAreThoseOfToday) {
    Inbox first;
    hub_->unsubscribe(subscribe(first, "anna"));
    const auto id = desk().log("ida", "Salary list");
    desk().act("anna", id, Action::assign, [](ActionRequest& request) { request.team = "network"; });
    desk().reply("bo", id, "hello");
    desk().edit("bo", id, [](EditRequest& request) { request.is_restricted = true; });
    Inbox again;
    subscribe(again, "anna", first.last_id());
    settle();
    // What was open when it happened is not told of afterwards; that it is gone is.
    EXPECT_THAT(about(again, id), ElementsAre("gone {\"kind\":\"gone\",\"number\":\"" + number(id) + "\"}"));
}

TEST_P(StreamTest, OneResetWhereTheGapCannotBeFilled) {
    Inbox first;
    hub_->unsubscribe(subscribe(first, "anna"));
    const auto id = desk().log("ida", "Mail does not arrive");
    settle();  // a reset is told at the feed's head: what follows it is sent
    const auto reset_for = [&](const std::string& last_id) {
        Inbox inbox;
        const auto subscription = subscribe(inbox, "anna", last_id);
        settle();
        const auto lines = inbox.lines();
        hub_->unsubscribe(subscription);
        EXPECT_THAT(about(inbox, id), IsEmpty()) << last_id;
        return !lines.empty() && lines.front() == "reset {\"kind\":\"reset\"}" &&
               std::count(lines.begin(), lines.end(), "reset {\"kind\":\"reset\"}") == 1;
    };
    EXPECT_TRUE(reset_for("e0.1"));
    EXPECT_TRUE(reset_for("e1.999999"));
    EXPECT_TRUE(reset_for("e1."));
    EXPECT_TRUE(reset_for("e1.-1"));
    EXPECT_TRUE(reset_for("nonsense"));
    desk().clock().advance(days(8));
    EXPECT_TRUE(reset_for(first.last_id()));
}

TEST_P(StreamTest, ResetWhenTooFarBehind) {
    start({.behind_max = 5});
    Inbox first;
    hub_->unsubscribe(subscribe(first, "anna"));
    const auto id = desk().log("ida", "Mail does not arrive");
    for (int i = 0; i < 4; ++i) desk().note("anna", id, "again");
    Inbox near;
    subscribe(near, "anna", first.last_id());
    await([&] { return about(near, id).size() == 5; }, "five entries");
    desk().note("anna", id, "one too many");
    Inbox far;
    subscribe(far, "anna", first.last_id());
    await([&] { return !far.lines().empty(); }, "the reset");
    EXPECT_EQ(far.lines().front(), "reset {\"kind\":\"reset\"}");
}

TEST_P(StreamTest, ASlowClientGetsAResetWhenItReadsAgain) {
    start({.retry_every = std::chrono::milliseconds(5), .reset_every = std::chrono::milliseconds(5)});
    Inbox anna;
    subscribe(anna, "anna");
    anna.set_full(true);
    const auto id = desk().log("ida", "Mail does not arrive");
    settle();
    EXPECT_THAT(anna.lines(), IsEmpty());
    anna.set_full(false);
    await([&] { return !anna.lines().empty(); }, "the reset");
    EXPECT_EQ(anna.lines().front(), "reset {\"kind\":\"reset\"}");
    desk().note("anna", id, "goes on");
    await([&] { return about(anna, id).size() == 1; }, "what follows");
}

TEST_P(StreamTest, EndsWithTheRights) {
    start({.refresh_every = std::chrono::milliseconds(20), .retry_every = std::chrono::milliseconds(5)});
    Inbox ida, anna;
    subscribe(ida, "ida");
    subscribe(anna, "anna");
    signed_out_ = "ida";
    await([&] { return ida.has_ended.load(); }, "the end");
    EXPECT_FALSE(anna.has_ended);
    EXPECT_EQ(hub_->subscribers(), 1U);
}

TEST_P(StreamTest, NothingIsSentOnOldRights) {
    start({.refresh_every = std::chrono::hours(1), .refresh_at_sending = std::chrono::milliseconds(0)});
    Inbox ida;
    subscribe(ida, "ida");
    signed_out_ = "ida";
    const auto id = desk().log("ida", "Mail does not arrive");
    await([&] { return ida.has_ended.load(); }, "the end");
    EXPECT_THAT(about(ida, id), IsEmpty());
}

TEST_P(StreamTest, LeavingATeamTakesItsRestrictedIncidentsAway) {
    const auto id = desk().log("anna", "Salary list", "", [](LogRequest& request) {
        request.team = "network";
        request.is_restricted = true;
    });
    Inbox bo;
    subscribe(bo, "bo");
    desk().configure({{"test.team_member_delete", {std::int64_t{2}, std::int64_t{2}}}}, "team", 2);
    await([&] { return !bo.lines().empty(); }, "the reset");
    EXPECT_EQ(bo.lines().front(), "reset {\"kind\":\"reset\"}");
    bo.clear();
    const auto other = desk().log("anna", "another");
    settle();
    EXPECT_THAT(about(bo, id), IsEmpty());
    EXPECT_FALSE(about(bo, other).empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, StreamTest, testing::Values(Engine::sqlite, Engine::postgres), engine_name);

}  // namespace
}  // namespace firstline::test
