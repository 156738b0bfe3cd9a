// Messages, replies and notes against the literal expectations (tests/domain/requester_messages.expected.txt), and logging.
#include "domain/incident/messages.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "domain/test/sample_desk.hpp"
#include "support/source_dir.hpp"

namespace firstline::domain {
namespace {

using namespace test;

struct Line {
    std::string whole, state, hold_reason, window, sender, state_after, needs_reply, effect, told;
};

std::vector<Line> expected_lines() {
    std::ifstream file(source_dir() + "/tests/domain/requester_messages.expected.txt");
    EXPECT_TRUE(file.good());
    std::vector<Line> out;
    for (std::string text; std::getline(file, text);) {
        if (text.empty() || text.front() == '#') continue;
        std::istringstream in(text);
        std::string arrow;
        Line line;
        line.whole = text;
        in >> line.state >> line.hold_reason >> line.window >> line.sender >> arrow >> line.state_after >>
            line.needs_reply >> line.effect >> line.told;
        EXPECT_TRUE(in && arrow == "->") << text;
        out.push_back(line);
    }
    return out;
}

Story story_for(const Line& line, const Incident& target, bool needs_reply, bool has_assignee) {
    const auto reason = parse_word<HoldReason>(line.hold_reason).value_or(HoldReason::awaiting_vendor);
    Story story = line.state == "merged" ? merged_story(target) : story_in(*parse_word<State>(line.state), reason);
    story.now = story.now + days(14) + microseconds(line.window == "after" ? 1 : 0);
    story.notices.clear();
    story.incident.needs_reply = needs_reply;
    if (story.incident.assignee.is_set() && !has_assignee) story.incident.assignee = {};
    return story;
}

MessageEffect effect_named(const std::string& word) {
    if (word == "resume") return MessageEffect::resumed;
    if (word == "reopen") return MessageEffect::reopened;
    if (word == "log_follow_up") return MessageEffect::follow_up;
    if (word == "lands_on_target") return MessageEffect::to_target;
    EXPECT_TRUE(word == "posted" || word == "restart_auto_close") << word;  // the period itself is counted by its timer
    return MessageEffect::none;
}

std::vector<Notice> told_at_the_desk(const Story& story) {
    std::vector<Notice> out = story.notices;
    std::erase_if(out, [](const Notice& n) { return n.to == Notice::To::person && n.id == kRita.value; });
    return out;
}

void check_told(const Line& line, const Story& story) {
    const auto told = told_at_the_desk(story);
    const bool is_holder_named = line.told == "assignee_else_team";
    const bool has_holder = story.incident.assignee.is_set() || story.incident.team.is_set();
    ASSERT_EQ(told.size(), is_holder_named && has_holder ? 1U : 0U) << line.whole;
    if (told.empty()) return;
    const bool is_person = story.incident.assignee.is_set();
    EXPECT_EQ(told.front().to, is_person ? Notice::To::person : Notice::To::team) << line.whole;
    EXPECT_EQ(told.front().id, is_person ? story.incident.assignee.value : story.incident.team.value) << line.whole;
}

void check_line(const Line& line, bool needs_reply, bool has_assignee) {
    const Story target = story_in(State::in_progress);
    Incident other = target.incident;
    other.id = IncidentId{2};
    Story story = story_for(line, other, needs_reply, has_assignee);
    const Story before = story;
    const bool is_message = line.sender == "requester" || line.sender == "watcher";
    const Sender sender{line.sender == "requester"};
    Status done;
    if (is_message) {
        EXPECT_EQ(effect_of_message(story.incident, sender, story.desk.settings, story.now), effect_named(line.effect))
            << line.whole;
        const Actor actor = as_requester(sender.is_requester ? kRita : kSven);
        done = story.run(actor, [&](Unit& unit) { return message(unit, sender, "It is still so.", {7}); });
    } else {
        done = story.run(as_agent(kBen), [&](Unit& unit) {
            return line.sender == "agent_reply" ? reply(unit, "We are on it.") : note(unit, "Gateway again.");
        });
    }
    const bool is_elsewhere = line.effect == "log_follow_up" || line.effect == "lands_on_target";
    ASSERT_EQ(done.has_value(), !is_elsewhere) << line.whole;
    if (is_elsewhere) {
        EXPECT_TRUE(story.incident == before.incident && story.entries.size() == before.entries.size()) << line.whole;
    }
    Incident returned = before.incident;
    return_work(returned, story.desk);
    const State after = line.state_after == "W" ? returned.state : *parse_word<State>(line.state_after);
    EXPECT_EQ(to_string(story.incident.state), to_string(after)) << line.whole;
    EXPECT_EQ(story.incident.needs_reply, line.needs_reply == "kept" ? needs_reply : line.needs_reply == "set")
        << line.whole;
    const bool is_internal = line.sender == "agent_note";
    if (!is_elsewhere) {
        const Entry& first = story.entries[before.entries.size()];
        EXPECT_EQ(first.is_public, !is_internal) << line.whole;
        EXPECT_EQ(first.kind, is_message    ? EntryKind::message
                              : is_internal ? EntryKind::note
                                            : EntryKind::reply)
            << line.whole;
    }
    check_told(line, story);
}

TEST(messages, every_line_is_as_the_document_says) {
    const auto lines = expected_lines();
    EXPECT_EQ(lines.size(), 56U);
    for (const Line& line : lines) {
        for (const bool needs_reply : {false, true}) {
            check_line(line, needs_reply, true);
            check_line(line, needs_reply, false);
        }
    }
}

TEST(messages, a_message_that_reopens_says_its_text_once) {
    Story story = story_in(State::closed);
    ASSERT_TRUE(story.run(as_requester(), [](Unit& unit) { return message(unit, {true}, "It is back."); }));
    std::size_t told = 0;
    for (const Entry& entry : story.entries) {
        for (const EntryTextPart& part : entry.texts) told += part.text == "It is back." ? 1U : 0U;
    }
    EXPECT_EQ(told, 1U);
    EXPECT_EQ(story.last().kind, EntryKind::reopen);
    EXPECT_EQ(story.last().capacity, Capacity::requester_reply);
    EXPECT_EQ(story.incident.reopen_count, 1);
    EXPECT_EQ(story.incident.state, State::in_progress);
}

TEST(messages, an_attachment_alone_reopens_too) {
    Story story = story_in(State::closed);
    ASSERT_TRUE(story.run(as_requester(), [](Unit& unit) { return message(unit, {true}, "", {5}); }));
    EXPECT_EQ(story.incident.state, State::in_progress);
    EXPECT_TRUE(story.incident.has_attachment);
}

TEST(messages, an_agents_reply_tells_the_requester_and_nobody_of_their_own_act) {
    Story story = story_in(State::in_progress);
    ASSERT_TRUE(story.run(as_agent(kAnna), [](Unit& unit) { return reply(unit, "We are on it."); }));
    EXPECT_EQ(story.notices,
              (std::vector<Notice>{{Notice::To::person, kRita.value, EntryKind::reply, story.incident.version}}));
    ASSERT_TRUE(story.run(as_agent(kRita), [](Unit& unit) { return reply(unit, "Mine."); }));
    EXPECT_TRUE(story.notices.empty());
}

TEST(logging, checks_the_body_all_at_once) {
    const auto check = [](const LogInput& input, const std::string& expected, Actor actor = as_agent(kAnna)) {
        Story story;
        EXPECT_EQ(outcome(story.log(actor, input)), expected);
        EXPECT_EQ(story.entries.empty(), !expected.empty()) << expected;
    };
    LogInput input = logging();
    check(input, "");
    check(input, "auth.forbidden", kTimer);
    check(input, "auth.forbidden", kRule);
    check(input, "auth.forbidden", {kAnna, Capacity::auditor});
    input.title = "";
    input.impact = 4;
    input.urgency = 0;
    input.affected_count = 0;
    check(input, "/title required, /impact range, /urgency range, /affected_count range");
    input = logging();
    input.title = " \t ";
    input.category = kRetired;
    input.service = kGopher;
    input.team = kOld;
    check(input, "/title blank, /category inactive, /service inactive, /team inactive");
    input = logging();
    input.category = CategoryId{99};
    input.service = ServiceId{99};
    input.team = TeamId{99};
    input.assignee = kAnna;
    check(input, "/category not_found, /service not_found, /team not_found");
    input = logging();
    input.title = std::string(250, 'x');
    check(input, "");
    input.title += "y";
    check(input, "/title too_long");
    input = logging();
    input.assignee = kAnna;
    check(input, "/team required");
    input.team = kNetwork;
    check(input, "/assignee conflict");
    input = logging();
    input.is_restricted = true;
    check(input, "/restricted conflict");
    input.team = kDesk;
    check(input, "");
}

// Who gets a new incident: a restricting category's team, the named, the service's support team, the default (domain.md §4, §10).
TEST(logging, finds_the_first_team) {
    struct Row {
        const char* name;
        CategoryId category;
        ServiceId service;
        TeamId team, default_team, expected;
    };
    const Row rows[]{{"none: it stays new", {}, {}, {}, {}, {}},
                     {"the default", {}, {}, {}, kDesk, kDesk},
                     {"the default's successor", {}, {}, {}, kOld, kNetwork},
                     {"the service's support team", {}, kVpn, {}, kDesk, kNetwork},
                     {"a service without one", {}, kErp, {}, kDesk, kDesk},
                     {"the named", {}, kVpn, kVendor, kDesk, kVendor},
                     {"a restricting category", kSecurity, kErp, kDesk, kDesk, kNetwork}};
    for (const Row& row : rows) {
        Story story;
        story.desk.settings.default_team = row.default_team;
        LogInput input = logging();
        input.category = row.category;
        input.service = row.service;
        input.team = row.team;
        ASSERT_TRUE(story.log(as_agent(kAnna), input)) << row.name;
        EXPECT_EQ(story.incident.team, row.expected) << row.name;
        EXPECT_EQ(story.incident.state, row.expected.is_set() ? State::assigned : State::new_) << row.name;
        EXPECT_EQ(story.entries.size(), row.expected.is_set() ? 2U : 1U) << row.name;
        EXPECT_EQ(story.incident.is_restricted, row.category == kSecurity) << row.name;
        EXPECT_EQ(story.incident.reassignment_count, 0) << row.name;
        EXPECT_EQ(story.notices.size(), row.expected.is_set() ? 2U : 1U) << row.name;
    }
}

TEST(logging, derives_impact_and_priority) {
    struct Row {
        const char* name;
        Channel channel;
        std::optional<int> impact, affected, urgency;
        ServiceId service;
        bool is_vip;
        std::optional<int> expected_impact;
        std::optional<Priority> expected;
    };
    const Row rows[]{{"nothing known", Channel::portal, {}, {}, {}, {}, false, {}, {}},
                     {"said", Channel::portal, 2, 100, 1, {}, false, 2, Priority::p2},
                     {"by number", Channel::portal, {}, 25, 1, {}, false, 1, Priority::p1},
                     {"criticality is monitoring's", Channel::portal, {}, {}, 1, kVpn, false, {}, {}},
                     {"monitoring, critical", Channel::monitoring, {}, {}, 1, kVpn, false, 1, Priority::p1},
                     {"monitoring, medium", Channel::monitoring, {}, {}, 1, kErp, false, 3, Priority::p3},
                     {"monitoring, number known", Channel::monitoring, {}, 3, 1, kVpn, false, 2, Priority::p2},
                     {"vip", Channel::portal, 3, {}, 3, {}, true, 3, Priority::p4},
                     {"vip, never above 1", Channel::portal, 3, {}, 1, {}, true, 3, Priority::p3}};
    for (const Row& row : rows) {
        Story story;
        story.requester.is_vip = row.is_vip;
        LogInput input = logging();
        input.channel = row.channel;
        input.impact = row.impact;
        input.affected_count = row.affected;
        input.urgency = row.urgency;
        input.service = row.service;
        ASSERT_TRUE(story.log(as_agent(kAnna), input)) << row.name;
        EXPECT_EQ(story.incident.impact, row.expected_impact) << row.name;
        EXPECT_EQ(story.incident.urgency, row.urgency) << row.name;
        EXPECT_EQ(story.incident.is_priority_known, row.expected.has_value()) << row.name;
        EXPECT_EQ(story.incident.priority, row.expected.value_or(Priority::p3)) << row.name;
        EXPECT_EQ(story.incident.triaged_at.has_value(), row.expected.has_value()) << row.name;
    }
}

}  // namespace
}  // namespace firstline::domain
