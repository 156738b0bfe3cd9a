// What resolve, confirm, reject, auto_close, close, rate, reopen and cancel do (domain.md §2, §8).
#include <gtest/gtest.h>

#include "domain/test/sample_desk.hpp"

namespace firstline::domain {
namespace {

using namespace test;
using Notices = std::vector<Notice>;

Notice to_person(const Story& story, UserId user, EntryKind kind) {
    return {Notice::To::person, user.value, kind, story.incident.version};
}
Notice to_team(const Story& story, TeamId team, EntryKind kind) {
    return {Notice::To::team, team.value, kind, story.incident.version};
}

TEST(resolve, fills_what_is_missing_with_the_agents) {
    Story story = story_in(State::new_);
    story.now = story.now + hours(2);
    ASSERT_TRUE(story.act(as_agent(kCarl), Action::resolve, solved().in(kMail).level(3, 3)));
    EXPECT_EQ(story.incident.state, State::resolved);
    EXPECT_EQ(story.incident.team, kNetwork);
    EXPECT_EQ(story.incident.assignee, kCarl);
    EXPECT_EQ(story.incident.started_at, story.now);
    EXPECT_EQ(story.incident.resolved_at, story.now);
    EXPECT_EQ(story.incident.resolved_seq, story.incident.version);
    EXPECT_EQ(story.incident.resolution_code, ResolutionCode::fixed);
    EXPECT_EQ(story.incident.resolution_notes, "Restarted the gateway.");
    EXPECT_EQ(story.incident.priority, Priority::p5);
    EXPECT_FALSE(story.incident.is_recovered);
    EXPECT_EQ(story.notices, (Notices{to_person(story, kRita, EntryKind::resolve)}));
    Story kept = story_in(State::in_progress);
    const auto started = kept.incident.started_at;
    kept.now = kept.now + hours(2);
    ASSERT_TRUE(kept.act(as_agent(kCarl), Action::resolve, solved()));
    EXPECT_EQ(kept.incident.assignee, kAnna);
    EXPECT_EQ(kept.incident.team, kDesk);
    EXPECT_EQ(kept.incident.started_at, started);
}

TEST(resolve, by_monitoring_fills_nothing_and_tells_the_services_owner) {
    Story story;
    LogInput input = logging(UserId{});
    input.service = kVpn;
    input.channel = Channel::monitoring;
    ASSERT_TRUE(story.log(kMonitoring, input));
    ASSERT_TRUE(
        story.act(kMonitoring, Action::resolve, In{}.solve(ResolutionCode::recovered_by_itself, "Alerts resolved.")));
    EXPECT_TRUE(story.incident.is_recovered);
    EXPECT_FALSE(story.incident.assignee.is_set() || story.incident.started_at);
    EXPECT_EQ(story.notices, (Notices{to_team(story, kVendor, EntryKind::resolve)}));
    // Recovery did not hold: monitoring may reopen, and what it resolved no longer stands.
    ASSERT_TRUE(story.act(kMonitoring, Action::reopen, In{}.because("Firing again.")));
    EXPECT_EQ(story.incident.state, State::assigned);
    EXPECT_EQ(story.incident.reopen_count, 1);
    EXPECT_FALSE(story.incident.is_recovered || story.incident.resolved_seq || story.incident.resolved_at ||
                 story.incident.resolution_code);
    EXPECT_EQ(story.incident.resolution_notes, "");
}

TEST(confirm, closes_and_keeps_the_rating) {
    Story story = story_in(State::resolved);
    const auto seq = story.incident.resolved_seq;
    ASSERT_TRUE(story.act(as_requester(), Action::confirm, In{}.rate(5).say("Thanks!")));
    EXPECT_EQ(story.incident.state, State::closed);
    EXPECT_EQ(story.incident.closed_at, story.now);
    EXPECT_EQ(story.incident.csat, 5);
    EXPECT_EQ(story.incident.csat_comment, "Thanks!");
    EXPECT_EQ(story.incident.resolved_seq, seq);
    EXPECT_EQ(story.notices, (Notices{to_person(story, kAnna, EntryKind::confirm)}));
}

TEST(confirm, on_behalf_says_how_and_rates_nothing) {
    Story story = story_in(State::resolved);
    ASSERT_TRUE(story.act(as_agent(kBen), Action::confirm, In{}.via("by phone")));
    EXPECT_EQ(story.incident.state, State::closed);
    EXPECT_FALSE(story.incident.csat);
    EXPECT_EQ(story.last().details, (std::vector<Detail>{{"on_behalf", true}}));
    EXPECT_EQ(story.last().texts, (std::vector<EntryTextPart>{{"on_behalf", "by phone"}}));
}

// "It works again" from an open state is `resolve` (`recovered_by_itself`) and `confirm` in one.
TEST(confirm, from_every_open_state_resolves_and_confirms) {
    for (const State state : {State::new_, State::assigned, State::in_progress, State::on_hold}) {
        Story story = story_in(state);
        const auto count = story.entries.size();
        ASSERT_TRUE(story.act(as_requester(), Action::confirm)) << to_string(state);
        ASSERT_EQ(story.entries.size(), count + 2) << to_string(state);
        EXPECT_EQ(story.entries[count].kind, EntryKind::resolve);
        EXPECT_EQ(story.last().kind, EntryKind::confirm);
        EXPECT_EQ(story.incident.resolution_code, ResolutionCode::recovered_by_itself);
        EXPECT_EQ(story.incident.resolved_seq, story.entries[count].seq);
        EXPECT_FALSE(story.incident.is_recovered) << "only monitoring's recovery may reopen by itself";
        EXPECT_FALSE(story.incident.hold_reason || story.incident.resume_at);
        EXPECT_TRUE(story.incident.resolved_at && story.incident.closed_at);
    }
}

TEST(reject, takes_the_resolution_back) {
    Story story = story_in(State::resolved);
    ASSERT_TRUE(story.act(as_requester(), Action::reject, In{}.say("Still nothing.")));
    EXPECT_EQ(story.incident.state, State::in_progress);
    EXPECT_EQ(story.incident.reopen_count, 1);
    EXPECT_TRUE(story.incident.needs_reply);
    EXPECT_FALSE(story.incident.resolved_at || story.incident.resolved_seq || story.incident.resolution_code);
    EXPECT_EQ(story.notices, (Notices{to_person(story, kAnna, EntryKind::reject)}));
    Story behalf = story_in(State::resolved);
    ASSERT_TRUE(behalf.act(as_agent(kBen), Action::reject, In{}.say("Still nothing.").via("at the desk")));
    EXPECT_FALSE(behalf.incident.needs_reply) << "an agent's act clears it";
    EXPECT_EQ(behalf.incident.reopen_count, 1);
}

TEST(close, is_possible_only_where_nobody_can_be_asked) {
    struct Row {
        const char* name;
        bool has_requester, is_active, is_reachable, has_address, expected;
    };
    const Row rows[]{{"reachable", true, true, true, true, false},
                     {"none", false, true, true, true, true},
                     {"inactive", true, false, true, true, true},
                     {"mail returned", true, true, false, true, true},
                     {"no address", true, true, true, false, true}};
    for (const Row& row : rows) {
        Story story = story_in(State::resolved);
        if (!row.has_requester) story.incident.requester = {};
        story.requester.is_active = row.is_active;
        story.requester.is_reachable = row.is_reachable;
        if (!row.has_address) story.requester.email.clear();
        const Story before = story;
        const Status done = story.act(as_agent(kAnna), Action::close, In{}.because("Nobody answers."));
        EXPECT_EQ(outcome(done), row.expected ? "" : "incident.transition_refused") << row.name;
        EXPECT_EQ(story.incident.closed_at.has_value(), row.expected) << row.name;
        const auto offers = before.offers(kAnna, {true, false, false});
        const auto is_close = [](const auto& offer) { return offer.action == Action::close; };
        EXPECT_EQ(std::any_of(offers.allowed.begin(), offers.allowed.end(), is_close), row.expected) << row.name;
        EXPECT_EQ(std::any_of(offers.blocked.begin(), offers.blocked.end(), is_close), !row.expected) << row.name;
    }
}

TEST(auto_close, tells_the_requester) {
    Story story = story_in(State::resolved);
    ASSERT_TRUE(story.act(kTimer, Action::auto_close));
    EXPECT_EQ(story.incident.state, State::closed);
    EXPECT_EQ(story.notices, (Notices{to_person(story, kRita, EntryKind::auto_close)}));
}

TEST(rate, the_last_answer_counts_within_the_window) {
    Story story = story_in(State::closed);
    ASSERT_TRUE(story.act(as_requester(), Action::rate, In{}.rate(2).say("Slow.")));
    ASSERT_TRUE(story.act(as_requester(), Action::rate, In{}.rate(4)));
    EXPECT_EQ(story.incident.csat, 4);
    EXPECT_EQ(story.incident.csat_comment, "");
    const auto count = story.entries.size();
    ASSERT_TRUE(story.act(as_requester(), Action::rate, In{}.rate(4)));
    EXPECT_EQ(story.entries.size(), count);
    story.now = story.now + days(14);
    ASSERT_TRUE(story.act(as_requester(), Action::rate, In{}.rate(5)));
    story.now = story.now + microseconds(1);
    EXPECT_EQ(outcome(story.act(as_requester(), Action::rate, In{}.rate(1))), "incident.window_over");
}

TEST(reopen, within_the_window_and_counted_but_from_canceled) {
    for (const State state : {State::closed, State::canceled}) {
        for (const bool is_late : {false, true}) {
            Story story = story_in(state);
            story.now = story.now + days(14) + microseconds(is_late ? 1 : 0);
            const Status done = story.act(as_agent(kBen), Action::reopen, In{}.because("It is back."));
            EXPECT_EQ(outcome(done), is_late ? "incident.window_over" : "") << to_string(state);
            if (is_late) continue;
            EXPECT_EQ(story.incident.state, state == State::closed ? State::in_progress : State::assigned);
            EXPECT_EQ(story.incident.reopen_count, state == State::closed ? 1 : 0);
            EXPECT_FALSE(story.incident.closed_at || story.incident.canceled_at || story.incident.resolved_at);
            EXPECT_EQ(story.last().texts.front(), (EntryTextPart{"reason", "It is back."}))
                << "internal, unlike a requester's";
        }
    }
    Story late = story_in(State::closed);
    late.now = late.now + days(900);
    EXPECT_TRUE(late.act(kImporter, Action::reopen)) << "windows and required texts do not bind the importer";
    Story longer = story_in(State::closed);
    longer.desk.settings.reopen_window_days = 30;
    longer.now = longer.now + days(20);
    ASSERT_TRUE(longer.act(as_requester(), Action::reopen, In{}.because("It is back.")));
    EXPECT_TRUE(longer.incident.needs_reply);
    EXPECT_EQ(longer.last().texts.front(), (EntryTextPart{"text", "It is back."}));
}

TEST(cancel, says_why_and_tells_the_requester) {
    Story story = story_in(State::on_hold, HoldReason::scheduled);
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::cancel, In{}.drop(CancelCode::spam, "Advertising.")));
    EXPECT_EQ(story.incident.state, State::canceled);
    EXPECT_EQ(story.incident.canceled_at, story.now);
    EXPECT_FALSE(story.incident.hold_reason || story.incident.resume_at);
    EXPECT_EQ(story.last().details, (std::vector<Detail>{{"code", std::string("spam")}}));
    EXPECT_EQ(story.notices, (Notices{to_person(story, kRita, EntryKind::cancel)}));
    EXPECT_FALSE(stage_of(story.incident));
}

// A call that is fixed at once: logged, resolved and confirmed on behalf in one unit; each person hears once, of the last step.
TEST(units, tell_each_person_once_by_the_last_step) {
    Story story;
    story.desk.settings.default_team = kDesk;
    LogInput input = logging();
    input.channel = Channel::phone;
    input.opened_by = kAnna;
    ASSERT_TRUE(story.run(as_agent(kAnna), [&](Unit& unit) -> Status {
        unit.set_requester(&story.requester);
        CHECK_OK(log_incident(unit, input));
        CHECK_OK(decide(unit, Action::resolve, solved().in(kMail).level(3, 3)));
        return decide(unit, Action::confirm, In{}.via("on the phone"));
    }));
    EXPECT_EQ(story.incident.state, State::closed);
    EXPECT_EQ(story.entries.size(), 5U);  // log, assign, triage, resolve, confirm
    const Notice team{Notice::To::team, kDesk.value, EntryKind::log, 2};
    const Notice rita{Notice::To::person, kRita.value, EntryKind::resolve, 4};
    EXPECT_EQ(story.notices, (Notices{team, rita}));
    EXPECT_EQ(fold(story.incident.id, story.entries), story.incident);
}

TEST(units, time_never_runs_back) {
    Story story = story_in(State::in_progress);
    story.now = story.now - days(1);
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::resolve, solved()));
    EXPECT_EQ(story.last().at, kMonday);
    EXPECT_EQ(story.last().recorded_at, kMonday);
}

}  // namespace
}  // namespace firstline::domain
