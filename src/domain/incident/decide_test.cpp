// What a body must hold and which guards refuse, action by action (domain.md §2, api.md §3).
#include "domain/incident/decide.hpp"

#include <gtest/gtest.h>

#include "domain/test/sample_desk.hpp"

namespace firstline::domain {
namespace {

using namespace test;
using S = State;
using H = HoldReason;

struct Case {
    const char* name;
    S state;
    Actor actor;
    Action action;
    In input;
    std::string expected;  // outcome(): "" or the fields, or the code
    H reason = H::awaiting_vendor;
};

const Actor kLeadBen{kBen, Capacity::team_lead};
const std::string kRefused = "incident.transition_refused";
const auto kFixed = ResolutionCode::fixed;

const std::vector<Case>& cases() {
    static const std::vector<Case> kCases{
        {"triage needs something", S::new_, as_agent(kAnna), Action::triage, In{}, " required"},
        {"triage by impact alone", S::new_, as_agent(kAnna), Action::triage, In{}.level(2, {}), "/urgency required"},
        {"triage by urgency alone", S::new_, as_agent(kAnna), Action::triage, In{}.level({}, 2), "/impact required"},
        {"one alone where the other is known", S::in_progress, as_agent(kAnna), Action::triage, In{}.level(1, {}), ""},
        {"impact and urgency range", S::new_, as_agent(kAnna), Action::triage, In{}.level(0, 4),
         "/impact range, /urgency range"},
        {"override without reason", S::new_, as_agent(kAnna), Action::triage, In{}.as(Priority::p1, " "),
         "/priority_reason required"},
        {"reason without override", S::new_, as_agent(kAnna), Action::triage,
         [] {
             In in;
             in.in(kMail);
             in.priority_reason = "why";
             return in;
         }(),
         "/priority required"},
        {"inactive category, unknown service", S::new_, as_agent(kAnna), Action::triage,
         In{}.in(kRetired).on(ServiceId{99}), "/category inactive, /service not_found"},
        {"unknown category, inactive service", S::new_, as_agent(kAnna), Action::triage,
         In{}.in(CategoryId{99}).on(kGopher), "/category not_found, /service inactive"},
        {"resolved: no priority", S::resolved, as_agent(kAnna), Action::triage, In{}.level(1, 1), kRefused},
        {"resolved: category", S::resolved, as_agent(kAnna), Action::triage, In{}.in(kSecurity), ""},
        {"closed: not by an agent", S::closed, as_agent(kAnna), Action::triage, In{}.in(kSecurity), kRefused},
        {"closed: by a lead", S::closed, kLeadBen, Action::triage, In{}.in(kSecurity), ""},
        {"closed: no priority by a lead", S::closed, kLeadBen, Action::triage, In{}.as(Priority::p1, "why"), kRefused},
        {"triage by a requester", S::new_, as_requester(), Action::triage, In{}.in(kMail), "auth.forbidden"},

        {"assign needs a team", S::new_, as_agent(kAnna), Action::assign, In{}, "/team required"},
        {"assign to nothing", S::new_, as_agent(kAnna), Action::assign, In{}.to(TeamId{99}), "/team not_found"},
        {"assign to a dissolved team", S::new_, as_agent(kAnna), Action::assign, In{}.to(kOld), "/team inactive"},
        {"the first team needs no reason", S::new_, as_agent(kAnna), Action::assign, In{}.to(kDesk), ""},
        {"another team needs a reason", S::assigned, as_agent(kAnna), Action::assign, In{}.to(kNetwork).because(" "),
         "/reason required"},
        {"a rule says why, too", S::assigned, kRule, Action::assign, In{}.to(kNetwork), "/reason required"},
        {"the importer need not", S::assigned, kImporter, Action::assign, In{}.to(kNetwork), ""},
        {"the same team needs none", S::assigned, as_agent(kAnna), Action::assign, In{}.to(kDesk).who(kAnna), ""},
        {"the assignee is a member", S::assigned, as_agent(kAnna), Action::assign, In{}.to(kDesk).who(kCarl),
         "/assignee conflict"},
        {"an active member", S::assigned, as_agent(kAnna), Action::assign, In{}.to(kDesk).who(kGone),
         "/assignee conflict"},
        {"an importer's assignee may be anybody", S::assigned, kImporter, Action::assign, In{}.to(kDesk).who(kGone),
         ""},
        {"assign while resolved", S::resolved, as_agent(kAnna), Action::assign, In{}.to(kNetwork).because("x"),
         kRefused},
        {"assign while resolved by the importer", S::resolved, kImporter, Action::assign, In{}.to(kNetwork), ""},

        {"hold needs a reason", S::assigned, as_agent(kAnna), Action::hold, In{}, "/hold_reason required"},
        {"a question for the requester", S::assigned, as_agent(kAnna), Action::hold,
         In{}.hold(H::awaiting_requester).ask("  "), "/question required"},
        {"no question for the vendor", S::assigned, as_agent(kAnna), Action::hold,
         In{}.hold(H::awaiting_vendor).ask("Why?"), "/question conflict"},
        {"scheduled needs a time", S::assigned, as_agent(kAnna), Action::hold, In{}.hold(H::scheduled),
         "/resume_at required"},
        {"not the past", S::assigned, as_agent(kAnna), Action::hold, In{}.hold(H::scheduled).until(kMonday),
         "/resume_at range"},
        {"nor for another reason", S::assigned, as_agent(kAnna), Action::hold,
         In{}.hold(H::awaiting_vendor).until(kMonday - hours(1)), "/resume_at range"},
        {"the next microsecond will do", S::assigned, as_agent(kAnna), Action::hold,
         In{}.hold(H::scheduled).until(kMonday + microseconds(1)), ""},
        {"an imported hold has no question", S::assigned, kImporter, Action::hold, In{}.hold(H::awaiting_requester),
         ""},

        {"resume by the timer: scheduled", S::on_hold, kTimer, Action::resume, In{}, "", H::scheduled},
        {"resume by the timer: vendor", S::on_hold, kTimer, Action::resume, In{}, kRefused, H::awaiting_vendor},
        {"resume by a reply: requester",
         S::on_hold,
         {kRita, Capacity::requester_reply},
         Action::resume,
         In{},
         "",
         H::awaiting_requester},
        {"resume by a reply: scheduled",
         S::on_hold,
         {kRita, Capacity::requester_reply},
         Action::resume,
         In{},
         kRefused,
         H::scheduled},
        {"resume by the requester", S::on_hold, as_requester(), Action::resume, In{}, "auth.forbidden",
         H::awaiting_requester},

        {"escalate needs team and reason", S::assigned, as_agent(kAnna), Action::escalate, In{},
         "/team required, /reason required"},
        {"escalate upwards", S::assigned, as_agent(kAnna), Action::escalate, In{}.to(kDesk).because("x"),
         "/team conflict"},
        {"not to a dissolved team", S::assigned, as_agent(kAnna), Action::escalate, In{}.to(kOld).because("x"),
         "/team inactive"},
        {"to its member", S::assigned, as_agent(kAnna), Action::escalate, In{}.to(kNetwork).because("x").who(kAnna),
         "/assignee conflict"},
        {"from no team to any", S::new_, as_agent(kAnna), Action::escalate, In{}.to(kDesk).because("x"), ""},

        {"raise needs a reason", S::assigned, as_agent(kAnna), Action::raise, In{}, "/reason required"},
        {"raise to people of the desk", S::assigned, as_agent(kAnna), Action::raise,
         In{}.because("x").ping({kBen, kRita, kGone}), "/whom/1 not_found, /whom/2 not_found"},
        {"raise to each once", S::assigned, as_agent(kAnna), Action::raise, In{}.because("x").ping({kBen, kBen}),
         "/whom/1 duplicate"},

        {"resolve needs all at once", S::assigned, as_agent(kAnna), Action::resolve, In{},
         "/resolution_code required, /resolution_notes required, /category required, /impact required, /urgency required"},
        {"resolve with half a priority", S::assigned, as_agent(kAnna), Action::resolve,
         In{}.solve(kFixed, "Done.").in(kMail).level(3, {}), "/urgency required"},
        {"resolve with the missing in the body", S::assigned, as_agent(kAnna), Action::resolve,
         In{}.solve(kFixed, "Done.").in(kMail).level(3, 3), ""},
        {"not_recorded is the importer's", S::in_progress, as_agent(kAnna), Action::resolve,
         In{}.solve(ResolutionCode::not_recorded, "Done."), "/resolution_code enum"},
        {"an importer needs the code alone", S::new_, kImporter, Action::resolve,
         In{}.solve(ResolutionCode::not_recorded, ""), ""},
        {"monitoring: what nobody started", S::assigned, kMonitoring, Action::resolve,
         In{}.solve(ResolutionCode::recovered_by_itself, "Alerts resolved."), ""},
        {"monitoring: not what somebody works on", S::in_progress, kMonitoring, Action::resolve,
         In{}.solve(ResolutionCode::recovered_by_itself, "Alerts resolved."), kRefused},
        {"timer: no answer", S::on_hold, kTimer, Action::resolve, In{}.solve(ResolutionCode::no_response, "No answer."),
         "", H::awaiting_requester},
        {"timer: not the vendor", S::on_hold, kTimer, Action::resolve,
         In{}.solve(ResolutionCode::no_response, "No answer."), kRefused},

        {"confirm on behalf says how", S::resolved, as_agent(kAnna), Action::confirm, In{}.via(" "),
         "/on_behalf required"},
        {"and rates nothing", S::resolved, as_agent(kAnna), Action::confirm, In{}.rate(9),
         "/on_behalf required, /csat range, /csat conflict"},
        {"confirm on behalf", S::resolved, as_agent(kAnna), Action::confirm, In{}.via("by phone"), ""},
        {"an agent confirms only what is resolved", S::in_progress, as_agent(kAnna), Action::confirm,
         In{}.via("by phone"), kRefused},
        {"a requester answers for themselves", S::resolved, as_requester(), Action::confirm, In{}.via("by phone"),
         "/on_behalf conflict"},
        {"stars", S::resolved, as_requester(), Action::confirm, In{}.rate(6), "/csat range"},
        {"no late yes", S::closed, as_requester(), Action::confirm, In{}, kRefused},

        {"reject says what is broken", S::resolved, as_requester(), Action::reject, In{}.say(" "), "/comment required"},
        {"reject on behalf says both", S::resolved, as_agent(kAnna), Action::reject, In{},
         "/on_behalf required, /comment required"},
        {"an importer says nothing", S::resolved, kImporter, Action::reject, In{}, ""},
        {"no late no", S::closed, as_requester(), Action::reject, In{}.say("Still."), kRefused},

        {"silence closes", S::resolved, kTimer, Action::auto_close, In{}, ""},
        {"not what is open", S::in_progress, kTimer, Action::auto_close, In{}, kRefused},
        {"nor does an agent", S::resolved, as_agent(kAnna), Action::auto_close, In{}, "auth.forbidden"},
        {"close: the requester can be asked", S::resolved, as_agent(kAnna), Action::close, In{}.because("x"), kRefused},
        {"rate needs stars", S::closed, as_requester(), Action::rate, In{}, "/csat required"},
        {"rate within 1 to 5", S::closed, as_requester(), Action::rate, In{}.rate(0), "/csat range"},
        {"an agent never rates", S::closed, as_agent(kAnna), Action::rate, In{}.rate(5), "auth.forbidden"},

        {"reopen says why", S::closed, as_agent(kAnna), Action::reopen, In{}.because(" "), "/reason required"},
        {"so does the requester", S::closed, as_requester(), Action::reopen, In{}, "/reason required"},
        {"a requester rejects instead", S::resolved, as_requester(), Action::reopen, In{}.because("x"), kRefused},
        {"not what a person resolved", S::resolved, kMonitoring, Action::reopen, In{}.because("x"), kRefused},
        {"canceled: not by the requester", S::canceled, as_requester(), Action::reopen, In{}.because("x"), kRefused},
        {"canceled: by an agent", S::canceled, as_agent(kAnna), Action::reopen, In{}.because("x"), ""},

        {"cancel says code and text", S::new_, as_agent(kAnna), Action::cancel, In{}.drop({}, " "),
         "/code required, /text required"},
        {"a requester takes back", S::assigned, as_requester(), Action::cancel, In{}.drop(CancelCode::mistake, "Mine."),
         ""},
        {"not once begun", S::in_progress, as_requester(), Action::cancel, In{}.drop(CancelCode::mistake, "Mine."),
         kRefused},

        {"merge needs a target", S::assigned, as_agent(kAnna), Action::merge, In{}, "/into required"},
        {"merge into nothing", S::assigned, as_agent(kAnna), Action::merge, In{}.join(IncidentId{99}),
         "/into not_found"},
        {"unmerge what was canceled", S::canceled, as_agent(kAnna), Action::unmerge, In{}, kRefused},
        {"undo what cannot be undone", S::in_progress, as_agent(kAnna), Action::undo, In{}, kRefused},
        {"log twice", S::new_, as_agent(kAnna), Action::log, In{}, kRefused},
    };
    return kCases;
}

TEST(decide, asks_for_what_is_required_and_checks_its_guards) {
    for (const Case& c : cases()) {
        Story story = story_in(c.state, c.reason);
        Unit unit = story.unit(c.actor);
        const Status status = decide(unit, c.action, c.input);
        EXPECT_EQ(outcome(status), c.expected) << c.name;
        if (!status) {
            EXPECT_TRUE(unit.entries().empty() && unit.incident() == story.incident && unit.notices().empty())
                << c.name;
        } else {
            EXPECT_FALSE(unit.entries().empty()) << c.name;
        }
    }
}

TEST(decide, forbids_everything_to_the_auditor) {
    for (std::size_t a = 0; a < kCount<Action>; ++a) {
        Story story = story_in(State::resolved);
        Unit unit = story.unit({kAnna, Capacity::auditor});
        EXPECT_EQ(outcome(decide(unit, static_cast<Action>(a), {})), "auth.forbidden") << a;
    }
}

TEST(decide, names_the_step_to_a_requester_and_the_state_to_an_agent) {
    const Story story = story_in(State::on_hold);
    Unit theirs = story.unit(as_requester());
    const Status refused_to_requester = decide(theirs, Action::rate, In{}.rate(5));
    ASSERT_FALSE(refused_to_requester);
    EXPECT_EQ(refused_to_requester.error().detail, "\"rate\" is not possible at the step \"in_progress\".");
    Unit ours = story.unit(as_agent(kAnna));
    const Status refused_to_agent = decide(ours, Action::close, In{}.because("x"));
    ASSERT_FALSE(refused_to_agent);
    EXPECT_EQ(refused_to_agent.error().detail, "\"close\" is not possible in the state \"on_hold\".");
}

// Whoever may act in two ways: as the requester where it is theirs to answer, else as an agent.
TEST(decide, chooses_the_capacity) {
    struct Row {
        const char* name;
        Standing standing;
        S state;
        Action action;
        bool is_on_behalf;
        std::optional<Capacity> expected;
    };
    const Standing nobody{}, agent{true, false, false}, lead{true, true, false}, requester{false, false, true},
        both{true, false, true};
    const Row rows[]{
        {"a stranger", nobody, S::new_, Action::start, false, std::nullopt},
        {"an agent", agent, S::new_, Action::start, false, Capacity::agent},
        {"a lead", lead, S::closed, Action::triage, false, Capacity::team_lead},
        {"a requester", requester, S::new_, Action::start, false, Capacity::requester},
        {"both: their answer", both, S::resolved, Action::confirm, false, Capacity::requester},
        {"both: somebody's answer", both, S::resolved, Action::confirm, true, Capacity::agent},
        {"both: it works again", both, S::in_progress, Action::confirm, false, Capacity::requester},
        {"both: work", both, S::new_, Action::cancel, false, Capacity::agent},
        {"both: rate", both, S::closed, Action::rate, false, Capacity::requester},
        {"agent: on behalf", agent, S::resolved, Action::reject, true, Capacity::agent},
    };
    for (const Row& row : rows) {
        Incident incident;
        incident.state = row.state;
        EXPECT_EQ(choose_capacity(row.standing, incident, row.action, row.is_on_behalf), row.expected) << row.name;
    }
}

}  // namespace
}  // namespace firstline::domain
