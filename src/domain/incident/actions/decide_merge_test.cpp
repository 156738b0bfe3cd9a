// merge, unmerge, undo (domain.md §2); edits, leavers, dissolved teams and redaction (domain.md §4, §10).
#include <gtest/gtest.h>

#include "domain/test/sample_desk.hpp"

namespace firstline::domain {
namespace {

using namespace test;
using Notices = std::vector<Notice>;

TEST(merge, needs_another_open_target_of_the_same_requester) {
    struct Row {
        const char* name;
        State target;
        bool is_target_merged, is_self;
        UserId ours, theirs;
        std::string expected;
    };
    const Row rows[]{{"open", State::new_, false, false, kRita, kRita, ""},
                     {"resolved", State::resolved, false, false, kRita, kRita, ""},
                     {"closed", State::closed, false, false, kRita, kRita, "/into conflict"},
                     {"canceled", State::canceled, false, false, kRita, kRita, "/into conflict"},
                     {"itself merged", State::canceled, true, false, kRita, kRita, "/into conflict, /into conflict"},
                     {"itself", State::new_, false, true, kRita, kRita, "/into conflict"},
                     {"another's", State::new_, false, false, kRita, kSven, "/into conflict"},
                     {"nobody's", State::new_, false, false, kRita, UserId{}, ""},
                     {"ours is nobody's", State::new_, false, false, UserId{}, kSven, ""}};
    for (const Row& row : rows) {
        Story story = story_in(State::on_hold, HoldReason::scheduled);
        story.incident.requester = row.ours;
        Incident target = story_in(row.target).incident;
        target.id = row.is_self ? story.incident.id : IncidentId{2};
        target.requester = row.theirs;
        if (row.is_target_merged) target.merged_into = IncidentId{3};
        story.target = &target;
        EXPECT_EQ(outcome(story.act(as_agent(kAnna), Action::merge, In{}.join(target.id))), row.expected) << row.name;
        if (!row.expected.empty()) continue;
        EXPECT_EQ(story.incident.state, State::canceled) << row.name;
        EXPECT_EQ(story.incident.merged_into, target.id) << row.name;
        EXPECT_EQ(story.incident.canceled_at, story.now) << row.name;
        EXPECT_FALSE(story.incident.hold_reason || story.incident.resume_at) << row.name;
        EXPECT_EQ(story.notices.size(), row.ours.is_set() ? 1U : 0U) << row.name;
    }
}

TEST(unmerge, returns_the_work_within_the_window) {
    Incident target = story_in(State::new_).incident;
    target.id = IncidentId{2};
    Story story = merged_story(target);
    EXPECT_EQ(outcome(story.act(as_agent(kAnna), Action::reopen, In{}.because("x"))), "incident.transition_refused");
    story.now = story.now + days(14);
    Story late = story;
    ASSERT_TRUE(story.act(as_agent(kBen), Action::unmerge));
    EXPECT_EQ(story.incident.state, State::in_progress);
    EXPECT_FALSE(story.incident.merged_into.is_set() || story.incident.canceled_at);
    EXPECT_EQ(story.incident.reopen_count, 0);
    late.now = late.now + microseconds(1);
    EXPECT_EQ(outcome(late.act(as_agent(kBen), Action::unmerge)), "incident.window_over");
}

TEST(undo, gives_back_the_state_before_and_keeps_both_entries_and_the_counters) {
    struct Row {
        const char* name;
        State state;
        Action action;
        In input;
    };
    const Row rows[]{
        {"triage", State::in_progress, Action::triage, In{}.level(1, 1).on(kErp)},
        {"override", State::in_progress, Action::triage, In{}.as(Priority::p1, "Board.")},
        {"assign", State::in_progress, Action::assign, In{}.to(kNetwork).because("x")},
        {"first assign", State::new_, Action::assign, In{}.to(kNetwork)},
        {"hold", State::in_progress, Action::hold, In{}.hold(HoldReason::scheduled).until(kMonday + days(1))},
        {"hold takes", State::new_, Action::hold, In{}.hold(HoldReason::awaiting_vendor)},
        {"resume", State::on_hold, Action::resume, In{}}};
    for (const Row& row : rows) {
        Story story = story_in(row.state);
        const Incident before = story.incident;
        ASSERT_TRUE(story.act(as_agent(kAnna), row.action, row.input)) << row.name;
        const Incident acted = story.incident;
        story.now = story.now + minutes(10);
        const auto offers = story.offers(kAnna, {true, false, false});
        const auto offer = std::find_if(offers.allowed.begin(), offers.allowed.end(),
                                        [](const Offer& o) { return o.action == Action::undo; });
        ASSERT_NE(offer, offers.allowed.end()) << row.name;
        EXPECT_EQ(offer->lands_in, before.state) << row.name;
        ASSERT_TRUE(story.act(as_agent(kAnna), Action::undo)) << row.name;
        Incident expected = before;
        expected.version = acted.version + 1;
        expected.public_version = story.incident.public_version;
        expected.updated_at = story.now;
        expected.reassignment_count = acted.reassignment_count;
        EXPECT_TRUE(story.incident == expected) << row.name << " " << difference(expected, story.incident).size();
        EXPECT_EQ(fold(story.incident.id, story.entries), story.incident) << row.name;
        EXPECT_EQ(outcome(story.act(as_agent(kAnna), Action::undo)), "incident.transition_refused")
            << row.name << " twice";
    }
}

TEST(undo, gives_back_the_former_reason_of_an_override) {
    Story story = story_in(State::in_progress);
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::triage, In{}.as(Priority::p1, "The board waits.")));
    for (const In& input : {In{}.as(Priority::p2, "Half of it."), In{}.level(3, 3)}) {
        ASSERT_TRUE(story.act(as_agent(kAnna), Action::triage, input));
        ASSERT_TRUE(story.act(as_agent(kAnna), Action::undo));
        EXPECT_EQ(story.incident.priority, Priority::p1);
        EXPECT_TRUE(story.incident.is_priority_set);
        EXPECT_EQ(story.incident.priority_reason, "The board waits.");
    }
}

TEST(undo, is_refused_to_others_too_late_or_after_something_since) {
    Story story = story_in(State::in_progress);
    ASSERT_TRUE(story.act(as_agent(kAnna), Action::assign, In{}.to(kDesk).who(kBen)));
    EXPECT_EQ(outcome(story.act(as_agent(kBen), Action::undo)), "incident.transition_refused");
    Story late = story;
    late.now = late.now + minutes(10) + microseconds(1);
    EXPECT_EQ(outcome(late.act(as_agent(kAnna), Action::undo)), "incident.transition_refused");
    Story noted = story;
    ASSERT_TRUE(noted.run(as_agent(kBen), [](Unit& unit) { return note(unit, "Mine now."); }));
    EXPECT_EQ(outcome(noted.act(as_agent(kAnna), Action::undo)), "incident.transition_refused");
    EXPECT_TRUE(story.act(as_agent(kAnna), Action::undo));
    // What routing or a restricting category brought is nobody's own act.
    Story routed;
    routed.desk.settings.default_team = kDesk;
    ASSERT_TRUE(routed.log(as_agent(kAnna), logging()));
    EXPECT_EQ(outcome(routed.act(as_agent(kAnna), Action::undo)), "incident.transition_refused");
    Story hidden;
    LogInput restricted = logging();
    restricted.team = kDesk;
    restricted.is_restricted = true;
    ASSERT_TRUE(hidden.log(as_agent(kAnna), restricted));
    EXPECT_EQ(outcome(hidden.act(as_agent(kAnna), Action::undo)), "incident.transition_refused");
    Story moved = story_in(State::assigned);
    ASSERT_TRUE(moved.act(as_agent(kAnna), Action::triage, In{}.in(kSecurity)));
    EXPECT_EQ(outcome(moved.act(as_agent(kAnna), Action::undo)), "incident.transition_refused");
}

TEST(undo, brings_back_nobody_who_left_and_no_dissolved_team) {
    Story story = story_in(State::in_progress);
    ASSERT_TRUE(story.act(as_agent(kBen), Action::assign, In{}.to(kDesk).who(kBen)));
    story.desk.staff[kAnna].is_active = false;
    ASSERT_TRUE(story.act(as_agent(kBen), Action::undo));
    EXPECT_EQ(story.incident.state, State::assigned);
    EXPECT_FALSE(story.incident.assignee.is_set());
    Story moved = story_in(State::in_progress);
    ASSERT_TRUE(moved.act(as_agent(kBen), Action::assign, In{}.to(kVendor).because("x")));
    moved.desk.teams[kDesk].is_active = false;
    moved.desk.teams[kDesk].successor = kNetwork;
    ASSERT_TRUE(moved.act(as_agent(kBen), Action::undo));
    EXPECT_EQ(moved.incident.team, kNetwork);
    EXPECT_EQ(moved.incident.state, State::assigned);
}

TEST(edit, checks_all_at_once_and_changes_only_what_differs) {
    Story story = story_in(State::new_);
    EditInput wrong;
    wrong.title = " ";
    wrong.affected_count = 0;
    wrong.service = kGopher;
    wrong.is_restricted = true;
    const auto run = [&](const EditInput& input) {
        return story.run(as_agent(kAnna), [&](Unit& unit) { return edit(unit, input); });
    };
    EXPECT_EQ(outcome(run(wrong)), "/title blank, /affected_count range, /service inactive, /restricted conflict");
    EditInput same;
    same.title = "Mail does not arrive";
    ASSERT_TRUE(run(same));
    EXPECT_EQ(story.entries.size(), 1U);
    EditInput input;
    input.title = " No mail  ";
    ASSERT_TRUE(run(input));
    EXPECT_EQ(story.incident.title, "No mail");
    EXPECT_EQ(story.last().texts,
              (std::vector<EntryTextPart>{{"title", "No mail"}, {"title_before", "Mail does not arrive"}}));
    EXPECT_TRUE(story.last().is_public);
    EditInput count;
    count.affected_count = 4;
    ASSERT_TRUE(run(count));
    EXPECT_FALSE(story.last().is_public);
}

TEST(edit, the_impact_follows_the_number_of_people_unless_somebody_said_another) {
    struct Row {
        const char* name;
        State state;
        std::optional<int> impact, count;
        int edited_to;
        std::optional<int> impact_after;
    };
    const Row rows[]{
        {"unknown", State::new_, {}, {}, 30, 1},
        {"from the number", State::in_progress, 3, 1, 2, 2},
        {"from the number, held", State::on_hold, 2, 24, 25, 1},
        {"the same band", State::in_progress, 2, 3, 9, 2},
        {"said without a number", State::in_progress, 3, {}, 30, 3},
        {"said against the number", State::in_progress, 3, 4, 30, 3},
        {"resolved", State::resolved, 3, 1, 30, 3},
        {"closed", State::closed, 3, 1, 30, 3},
        {"canceled", State::canceled, 3, 1, 30, 3},
    };
    for (const Row& row : rows) {
        Story story = story_in(row.state);
        story.incident.impact = row.impact;
        story.incident.affected_count = row.count;
        story.incident.urgency = 2;
        recompute_priority(story.incident, story.desk, false);
        EditInput input;
        input.affected_count = row.edited_to;
        ASSERT_TRUE(story.run(as_agent(kAnna), [&](Unit& unit) { return edit(unit, input); })) << row.name;
        EXPECT_EQ(story.incident.impact, row.impact_after) << row.name;
        EXPECT_EQ(story.incident.priority, priority_of(story.desk.matrix, *row.impact_after, 2, false)) << row.name;
        EditInput cleared;
        cleared.clears_affected_count = true;
        ASSERT_TRUE(story.run(as_agent(kAnna), [&](Unit& unit) { return edit(unit, cleared); })) << row.name;
        EXPECT_EQ(story.incident.impact, row.impact_after) << row.name;
    }
    Story overridden = story_in(State::in_progress);
    overridden.incident.affected_count = 1;
    ASSERT_TRUE(overridden.act(as_agent(kAnna), Action::triage, In{}.level(3, 2)));
    ASSERT_TRUE(overridden.act(as_agent(kAnna), Action::triage, In{}.as(Priority::p5, "It can wait.")));
    EditInput input;
    input.affected_count = 40;
    ASSERT_TRUE(overridden.run(as_agent(kAnna), [&](Unit& unit) { return edit(unit, input); }));
    EXPECT_FALSE(overridden.incident.is_priority_set);
    EXPECT_EQ(overridden.incident.priority, Priority::p2);
}

TEST(edit, a_change_of_requester_reads_the_matrix_anew) {
    Story story = story_in(State::in_progress);
    Person vip = person(kSven, "sven", Role::requester);
    vip.is_vip = true;
    EditInput input;
    input.requester = kSven;
    const auto change = [&](Unit& unit) {
        unit.set_requester(&vip);
        return edit(unit, input);
    };
    ASSERT_TRUE(story.run(as_agent(kAnna), change));
    EXPECT_EQ(story.incident.requester, kSven);
    EXPECT_EQ(story.incident.priority, Priority::p2);
    EXPECT_EQ(story.incident.urgency, 2);
    Story waiting = story_in(State::on_hold, HoldReason::awaiting_requester);
    input.requester = UserId{};
    EXPECT_EQ(outcome(waiting.run(as_agent(kAnna), [&](Unit& unit) { return edit(unit, input); })),
              "/requester conflict");
}

TEST(leavers, lose_their_open_incidents_to_the_team) {
    for (std::size_t s = 0; s < kCount<State>; ++s) {
        const auto state = static_cast<State>(s);
        Story story = story_in(state);
        const UserId before = story.incident.assignee;
        const auto count = story.entries.size();
        ASSERT_TRUE(story.run(kDeskItself, [](Unit& unit) {
            assignee_left(unit, kAnna);
            return Status{};
        }));
        const bool loses = before == kAnna && is_open(state);
        EXPECT_EQ(story.incident.assignee, loses ? UserId{} : before) << to_string(state);
        EXPECT_EQ(story.entries.size(), count + (loses ? 1U : 0U)) << to_string(state);
        EXPECT_EQ(story.incident.state, state == State::in_progress ? State::assigned : state) << to_string(state);
        if (loses) {
            EXPECT_EQ(story.notices,
                      (Notices{{Notice::To::team, kDesk.value, EntryKind::assignee_left, story.incident.version}}));
        }
    }
}

TEST(dissolved_teams, hand_over_what_is_open) {
    for (const bool is_member_of_both : {false, true}) {
        for (std::size_t s = 0; s < kCount<State>; ++s) {
            const auto state = static_cast<State>(s);
            Story story = story_in(state);
            if (is_member_of_both) story.desk.teams[kNetwork].members.push_back({kAnna, false});
            story.desk.teams[kDesk].is_active = false;
            story.desk.teams[kDesk].successor = kNetwork;
            const Incident before = story.incident;
            const Team successor = story.desk.teams[kNetwork];
            ASSERT_TRUE(story.run(kDeskItself, [&](Unit& unit) {
                team_dissolved(unit, successor);
                return Status{};
            }));
            const bool moves = is_open(state);
            EXPECT_EQ(story.incident.team, moves ? kNetwork : before.team) << to_string(state);
            const bool drops = moves && state == State::in_progress && !is_member_of_both;
            EXPECT_EQ(story.incident.state, drops ? State::assigned : state) << to_string(state);
            EXPECT_EQ(story.incident.reassignment_count, before.reassignment_count);
            EXPECT_EQ(story.incident.escalation_count, before.escalation_count);
            if (moves && before.assignee.is_set()) {
                EXPECT_EQ(story.incident.assignee.is_set(), is_member_of_both);
            }
        }
    }
}

TEST(redaction, takes_the_standing_text_out_of_the_row) {
    struct Row {
        const char* field;
        std::string Incident::* member;
        bool is_shown;  // to requesters, as the row has it
    };
    const Row rows[]{{"title", &Incident::title, true},
                     {"description", &Incident::description, true},
                     {"resolution_notes", &Incident::resolution_notes, true},
                     {"priority_reason", &Incident::priority_reason, false},
                     {"csat_comment", &Incident::csat_comment, false}};
    for (const Row& row : rows) {
        for (const bool is_standing : {true, false}) {
            Story story = story_in(State::closed);
            story.incident.*row.member = "hunter2";
            ASSERT_TRUE(story.run({kBen, Capacity::team_lead}, [&](Unit& unit) {
                redact(unit, 1, row.field, is_standing, "A password.");
                return Status{};
            }));
            EXPECT_EQ(story.incident.*row.member, is_standing ? kRedacted : "hunter2") << row.field;
            for (const EntryTextPart& part : story.last().texts) EXPECT_NE(part.text, "hunter2") << row.field;
            EXPECT_EQ(story.last().is_public, is_standing && row.is_shown) << row.field;
        }
    }
}

}  // namespace
}  // namespace firstline::domain
