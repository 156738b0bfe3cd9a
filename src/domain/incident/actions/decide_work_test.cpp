// What triage, assign, start, hold, resume, escalate and raise do, and W in its branches (domain.md §2–4).
#include <gtest/gtest.h>

#include "domain/test/sample_desk.hpp"

namespace firstline::domain {
namespace {

using namespace test;
using H = HoldReason;

Notice to_person(const Story& story, UserId user, EntryKind kind) {
    return {Notice::To::person, user.value, kind, story.incident.version};
}
Notice to_team(const Story& story, TeamId team, EntryKind kind) {
    return {Notice::To::team, team.value, kind, story.incident.version};
}
using Notices = std::vector<Notice>;

TEST(triage, reads_the_matrix_and_clears_an_override_when_what_was_said_changes) {
    Story story = story_in(State::in_progress);
    EXPECT_EQ(story.incident.priority, Priority::p3);
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::triage, In{}.as(Priority::p1, "The board waits.")));
    EXPECT_TRUE(story.incident.is_priority_set && story.incident.priority == Priority::p1);
    EXPECT_EQ(story.incident.priority_reason, "The board waits.");
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::triage, In{}.level(2, 2)));
    EXPECT_EQ(story.last().kind, EntryKind::triage) << "the same impact and urgency change nothing";
    EXPECT_TRUE(story.incident.is_priority_set);
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::triage, In{}.level(1, {})));
    EXPECT_FALSE(story.incident.is_priority_set);
    EXPECT_EQ(story.incident.priority, Priority::p2);
    EXPECT_EQ(story.incident.priority_reason, "");
}

TEST(triage, keeps_the_first_time_and_adds_no_entry_where_nothing_changes) {
    Story story = story_in(State::new_);
    story.now = story.now + minutes(5);
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::triage, In{}.in(kMail)));
    const Instant first = story.now;
    story.now = story.now + minutes(5);
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::triage, In{}.level(1, 1)));
    EXPECT_EQ(story.incident.triaged_at, first);
    const auto count = story.entries.size();
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::triage, In{}.level(1, 1).in(kMail)));
    EXPECT_EQ(story.entries.size(), count);
}

// A category that restricts names the team that gets its incidents (domain.md §10).
TEST(triage, a_restricting_category_hides_and_moves) {
    Story story = story_in(State::in_progress);
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::triage, In{}.in(kSecurity)));
    EXPECT_TRUE(story.incident.is_restricted);
    EXPECT_EQ(story.incident.team, kNetwork);
    EXPECT_EQ(story.incident.state, State::assigned);
    EXPECT_FALSE(story.incident.assignee.is_set() || story.incident.is_team_started);
    EXPECT_EQ(story.incident.reassignment_count, 1);
    EXPECT_EQ(story.notices, (Notices{to_team(story, kNetwork, EntryKind::assign)}));
    // Sent again it is no change: what a lead has lifted or moved since stays so.
    EditInput lift;
    lift.is_restricted = false;
    ASSERT_TRUE(story.run({kDora, Capacity::team_lead}, [&](Unit& unit) { return edit(unit, lift); }));
    ASSERT_TRUE(story.act(as_agent(kCarl), Action::assign, In{}.to(kDesk).because("Harmless.")));
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::triage, In{}.in(kSecurity).level(1, 1)));
    EXPECT_FALSE(story.incident.is_restricted);
    EXPECT_EQ(story.incident.team, kDesk);
}

TEST(triage, a_restricting_category_leaves_resolved_work_where_it_was_done) {
    Story story = story_in(State::resolved);
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::triage, In{}.in(kSecurity)));
    EXPECT_TRUE(story.incident.is_restricted);
    EXPECT_EQ(story.incident.team, kDesk);
    Story teamless = story_in(State::new_);
    ASSERT_TRUE(teamless.act(kMonitoring, Action::resolve, In{}.solve(ResolutionCode::recovered_by_itself, "Gone.")));
    ASSERT_TRUE(teamless.act(as_agent(kAnna), Action::triage, In{}.in(kSecurity)));
    EXPECT_EQ(teamless.incident.team, kNetwork) << "nothing restricted is without a team";
    EXPECT_EQ(teamless.incident.state, State::resolved);
}

TEST(assign, moves_the_state_only_where_work_is_lost) {
    struct Row {
        const char* name;
        State state;
        In input;
        State after;
        UserId assignee;
        int reassigned;
    };
    const Row rows[]{
        {"first team", State::new_, In{}.to(kDesk), State::assigned, {}, 0},
        {"first team and person", State::new_, In{}.to(kDesk).who(kAnna), State::assigned, kAnna, 0},
        {"another person", State::in_progress, In{}.to(kDesk).who(kBen), State::in_progress, kBen, 0},
        {"nobody", State::in_progress, In{}.to(kDesk).who(UserId{}), State::assigned, {}, 0},
        {"another team", State::in_progress, In{}.to(kNetwork).because("x"), State::assigned, {}, 1},
        {"another team and person", State::in_progress, In{}.to(kNetwork).because("x").who(kCarl), State::assigned,
         kCarl, 1},
        {"on hold, another team", State::on_hold, In{}.to(kNetwork).because("x"), State::on_hold, {}, 1},
        {"on hold, another person", State::on_hold, In{}.to(kDesk).who(kBen), State::on_hold, kBen, 0},
    };
    for (const Row& row : rows) {
        Story story = story_in(row.state);
        ASSERT_TRUE(story.act(as_agent(kEmil), Action::assign, row.input)) << row.name;
        EXPECT_EQ(story.incident.state, row.after) << row.name;
        EXPECT_EQ(story.incident.assignee, row.assignee) << row.name;
        EXPECT_EQ(story.incident.reassignment_count, row.reassigned) << row.name;
        EXPECT_EQ(story.incident.tier, story.desk.team(story.incident.team)->tier) << row.name;
        EXPECT_EQ(story.notices,
                  (Notices{row.assignee.is_set() ? to_person(story, row.assignee, EntryKind::assign)
                                                 : to_team(story, story.incident.team, EntryKind::assign)}))
            << row.name;
    }
}

TEST(assign, to_whom_it_is_assigned_changes_nothing) {
    Story story = story_in(State::in_progress);
    const auto count = story.entries.size();
    ASSERT_TRUE(story.act(as_agent(kBen), Action::assign, In{}.to(kDesk)));
    ASSERT_TRUE(story.act(as_agent(kBen), Action::assign, In{}.to(kDesk).who(kAnna)));
    EXPECT_EQ(story.entries.size(), count);
}

// Requesters read the team's public name as `handled_by`, and nothing of who in the team does it.
TEST(assign, is_public_where_the_public_name_changes) {
    Story story = story_in(State::assigned);
    story.desk.teams[kVendor].public_name = story.desk.teams[kNetwork].public_name;
    const auto version = story.incident.public_version;
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::assign, In{}.to(kDesk).who(kBen)));
    EXPECT_EQ(story.incident.public_version, version);
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::assign, In{}.to(kNetwork).because("x")));
    EXPECT_TRUE(story.last().is_public);
    const auto moved = story.incident.public_version;
    EXPECT_GT(moved, version);
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::assign, In{}.to(kVendor).because("x")));
    EXPECT_EQ(story.incident.team, kVendor);
    EXPECT_EQ(story.incident.public_version, moved);
}

TEST(start, makes_the_actor_the_assignee_and_moves_for_strangers) {
    struct Row {
        const char* name;
        State state;
        UserId actor;
        TeamId team;
        std::size_t entries;
        int reassigned;
    };
    const Row rows[]{{"a member", State::assigned, kBen, kDesk, 1, 0},
                     {"takes over", State::in_progress, kBen, kDesk, 1, 0},
                     {"a stranger's first team", State::assigned, kCarl, kNetwork, 2, 1},
                     {"a stranger without a team", State::assigned, kEmil, kDesk, 1, 0},
                     {"from new", State::new_, kCarl, kNetwork, 2, 0},
                     {"from new without a team", State::new_, kEmil, {}, 1, 0},
                     {"from hold", State::on_hold, kCarl, kNetwork, 2, 1}};
    for (const Row& row : rows) {
        Story story = story_in(row.state);
        const auto count = story.entries.size();
        story.incident.needs_reply = true;
        story.now = story.now + hours(1);
        const auto started_before = story.incident.started_at;
        ASSERT_TRUE(story.act(as_agent(row.actor), Action::start)) << row.name;
        EXPECT_EQ(story.incident.state, State::in_progress) << row.name;
        EXPECT_EQ(story.incident.assignee, row.actor) << row.name;
        EXPECT_EQ(story.incident.team, row.team) << row.name;
        EXPECT_EQ(story.entries.size() - count, row.entries) << row.name;
        EXPECT_EQ(story.incident.reassignment_count, row.reassigned) << row.name;
        EXPECT_EQ(story.incident.started_at, started_before ? started_before : story.now) << row.name;
        EXPECT_FALSE(story.incident.hold_reason || story.incident.resume_at || story.incident.needs_reply) << row.name;
    }
    Story again = story_in(State::in_progress);
    const auto count = again.entries.size();
    ASSERT_TRUE(again.act(as_agent(kAnna), Action::start));
    EXPECT_EQ(again.entries.size(), count) << "acknowledging twice changes nothing";
    Story imported = story_in(State::assigned);
    ASSERT_TRUE(imported.act(kImporter, Action::start));
    EXPECT_FALSE(imported.incident.assignee.is_set()) << "an import keeps the source's assignee, also none";
    EXPECT_TRUE(imported.notices.empty());
}

TEST(hold, takes_the_assignment_when_there_is_none) {
    Story story = story_in(State::new_);
    ASSERT_TRUE(story.act(as_agent(kCarl), Action::hold, In{}.hold(H::awaiting_vendor)));
    EXPECT_EQ(story.incident.team, kNetwork);
    EXPECT_EQ(story.incident.assignee, kCarl);
    Story queued = story_in(State::assigned);
    ASSERT_TRUE(queued.act(as_agent(kAnna), Action::hold, In{}.hold(H::awaiting_vendor)));
    EXPECT_EQ(queued.incident.assignee, kAnna);
    Story held = story_in(State::in_progress);
    ASSERT_TRUE(held.act(as_agent(kBen), Action::hold, In{}.hold(H::awaiting_vendor)));
    EXPECT_EQ(held.incident.assignee, kAnna);
    EXPECT_TRUE(held.notices.empty());
}

TEST(hold, asks_the_requester_in_a_public_reply) {
    Story story = story_in(State::in_progress);
    const auto count = story.entries.size();
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::hold, In{}.hold(H::awaiting_requester).ask("Which mailbox?")));
    ASSERT_EQ(story.entries.size(), count + 2);
    EXPECT_EQ(story.entries[count].kind, EntryKind::reply);
    EXPECT_TRUE(story.entries[count].is_public && story.last().is_public);
    EXPECT_EQ(story.notices, (Notices{to_person(story, kRita, EntryKind::hold)}));
    // From on hold it changes reason and time; the same again changes nothing.
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::hold, In{}.hold(H::scheduled).until(story.now + days(1))));
    EXPECT_EQ(story.incident.hold_reason, H::scheduled);
    EXPECT_EQ(story.incident.resume_at, story.now + days(1));
    const auto held = story.entries.size();
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::hold, In{}.hold(H::scheduled).until(story.now + days(1))));
    EXPECT_EQ(story.entries.size(), held);
    // The reply that it came with is the question.
    ASSERT_TRUE(story.run(as_agent(kAnna), [](Unit& unit) -> Status {
        CHECK_OK(reply(unit, "Which one?"));
        return decide(unit, Action::hold, In{}.hold(H::awaiting_requester));
    }));
    EXPECT_EQ(story.entries.size(), held + 2);
    Story nobody = story_in(State::in_progress);
    nobody.incident.requester = {};
    EXPECT_EQ(outcome(nobody.act(as_agent(kAnna), Action::hold, In{}.hold(H::awaiting_requester).ask("x"))),
              "/hold_reason conflict");
}

// W: `in_progress` if the current team had started and the assignee is still an active member, else assigned, else new.
TEST(work, returns_to_where_it_was) {
    struct Row {
        const char* name;
        TeamId team;
        UserId assignee;
        bool started;
        State after;
        TeamId team_after;
        UserId assignee_after;
    };
    const Row rows[]{{"started, active", kDesk, kAnna, true, State::in_progress, kDesk, kAnna},
                     {"not started", kDesk, kAnna, false, State::assigned, kDesk, kAnna},
                     {"assignee left", kDesk, kGone, true, State::assigned, kDesk, {}},
                     {"assignee of another team", kDesk, kCarl, true, State::assigned, kDesk, {}},
                     {"nobody", kDesk, {}, true, State::assigned, kDesk, {}},
                     {"no team", {}, {}, false, State::new_, {}, {}},
                     {"no team, an assignee", {}, kEmil, true, State::new_, {}, {}},
                     {"dissolved, member of both", kOld, kCarl, true, State::in_progress, kNetwork, kCarl},
                     {"dissolved, no member", kOld, kAnna, true, State::assigned, kNetwork, {}}};
    for (const Row& row : rows) {
        Story story = story_in(State::on_hold, H::scheduled);
        story.incident.team = row.team;
        story.incident.assignee = row.assignee;
        story.incident.is_team_started = row.started;
        const int reassigned = story.incident.reassignment_count;
        ASSERT_TRUE(story.act(kTimer, Action::resume)) << row.name;
        EXPECT_EQ(story.incident.state, row.after) << row.name;
        EXPECT_EQ(story.incident.team, row.team_after) << row.name;
        EXPECT_EQ(story.incident.assignee, row.assignee_after) << row.name;
        EXPECT_EQ(story.incident.reassignment_count, reassigned) << row.name;
        EXPECT_FALSE(story.incident.hold_reason || story.incident.resume_at) << row.name;
        if (row.team != row.team_after) {
            EXPECT_EQ(story.incident.is_team_started, row.assignee_after.is_set()) << row.name;
        }
    }
}

TEST(escalate, hands_over_and_clears_the_assignee_unless_named) {
    Story story = story_in(State::on_hold, H::scheduled);
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::escalate, In{}.to(kNetwork).because("Routing.")));
    EXPECT_EQ(story.incident.state, State::assigned);
    EXPECT_FALSE(story.incident.assignee.is_set() || story.incident.hold_reason || story.incident.resume_at ||
                 story.incident.is_team_started);
    EXPECT_EQ(story.incident.escalation_count, 1);
    EXPECT_EQ(story.incident.reassignment_count, 1);
    EXPECT_EQ(story.notices, (Notices{to_team(story, kNetwork, EntryKind::escalate)}));
    ASSERT_TRUE(story.act(as_agent(kDora), Action::escalate, In{}.to(kVendor).because("Firmware.").who(kCarl)));
    EXPECT_EQ(story.incident.assignee, kCarl);
    EXPECT_EQ(story.incident.tier, 3);
    EXPECT_EQ(outcome(story.act(kTimer, Action::escalate, In{}.to(kNetwork).because("Late."))), "/team conflict");
}

TEST(raise, tells_the_lead_then_the_incident_manager_never_the_actor) {
    struct Row {
        const char* name;
        State state;
        UserId actor;
        std::vector<UserId> named, expected;
    };
    const Row rows[]{{"the lead", State::assigned, kAnna, {}, {kBen}},
                     {"by the lead", State::assigned, kBen, {}, {kFrida}},
                     {"without a team", State::new_, kAnna, {}, {kFrida}},
                     {"the named", State::assigned, kAnna, {kDora, kCarl}, {kDora, kCarl}}};
    for (const Row& row : rows) {
        Story story = story_in(row.state);
        const Incident before = story.incident;
        ASSERT_TRUE(story.act(as_agent(row.actor), Action::raise, In{}.because("Stuck.").ping(row.named))) << row.name;
        Notices expected;
        for (const UserId user : row.expected) expected.push_back(to_person(story, user, EntryKind::raise));
        EXPECT_EQ(story.notices, expected) << row.name;
        EXPECT_TRUE(story.incident.team == before.team && story.incident.assignee == before.assignee) << row.name;
        EXPECT_EQ(story.incident.state, before.state) << row.name;
    }
    Story story = story_in(State::new_);
    EXPECT_EQ(outcome(story.act(as_agent(kFrida), Action::raise, In{}.because("Stuck."))), "/whom required");
}

}  // namespace
}  // namespace firstline::domain
