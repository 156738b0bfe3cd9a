// Whatever people, timers, leavers and clocks do, in any order: the timeline folds to the incident, counters only grow,
// every incident can be closed, and what is offered is what is accepted (domain.md §2).
// RC_PARAMS="seed=…" replays a run; FIRSTLINE_LONG=1 makes ten times as many.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <iostream>
#include <sstream>

#include "domain/test/invariants.hpp"

namespace firstline::domain {
namespace {

using namespace test;

constexpr int kSequences = 2'000;
constexpr int kStepsMax = 60;

// Takes over what a unit decided, or checks that a refusal left no trace.
bool settle(World& world, std::size_t which, const Unit& unit, const Status& status) {
    Story& story = world.stories[which];
    const Incident before = story.incident;
    if (!status) {
        need(unit.entries().empty() && unit.notices().empty() && unit.incident() == before, story,
             "a refusal changes nothing");
        need(status.error().kind != ErrorKind::internal && !status.error().detail.empty(), story, "a refusal says why");
        need(!outcome(status).empty(), story, "a refused body names its fields");
        return false;
    }
    check_notices(unit, story);
    world.is_imported[which] = world.is_imported[which] || (unit.is_import() && !unit.entries().empty());
    const Status taken = story.commit(unit, status);
    const Incident& after = story.incident;
    need(after.reassignment_count >= before.reassignment_count && after.reopen_count >= before.reopen_count &&
             after.escalation_count >= before.escalation_count && after.version >= before.version &&
             after.public_version >= before.public_version,
         story, "counters never decrease");
    check_row(world, story, world.is_imported[which]);
    return taken.has_value();
}

bool act(World& world, std::size_t which, Actor actor, Action action, const In& input) {
    Unit unit = world.unit(which, actor);
    const Status status = decide(unit, action, input);
    return settle(world, which, unit, status);
}

std::vector<UserId> everybody(const World& world, std::size_t which) {
    std::vector<UserId> out = world.active_agents();
    for (const auto& [id, person] : world.requesters) out.push_back(id);
    if (world.stories[which].incident.opened_by.is_set()) out.push_back(world.stories[which].incident.opened_by);
    return out;
}

const Offer* find_offer(const Offers& offers, Action action) {
    const auto it = std::find_if(offers.allowed.begin(), offers.allowed.end(),
                                 [&](const Offer& offer) { return offer.action == action; });
    return it == offers.allowed.end() ? nullptr : &*it;
}

// Offers and decisions cannot drift apart: what is allowed is accepted and lands where it says, all else is refused.
void check_offers(const World& world, std::size_t which, UserId user, Random& random) {
    const Story& story = world.stories[which];
    const Standing standing = world.standing(which, user);
    const Offers offers = offers_for(story.incident, standing, user, world.context(which));
    for (std::size_t a = 0; a < kCount<Action>; ++a) {
        const auto action = static_cast<Action>(a);
        const Offer* offer = find_offer(offers, action);
        const std::string name = std::string(to_string(action)) + " by " + std::to_string(user.value);
        const auto capacity = choose_capacity(standing, story.incident, action, false);
        need(capacity.has_value() || offer == nullptr, story, name + " is offered to nobody");
        if (!capacity) continue;
        Unit unit = world.unit(which, {user, *capacity});
        if (offer == nullptr) {
            Offer all{action,
                      Target::same,
                      State::new_,
                      {"reason", "comment", "code", "text", "csat", "whom", "resolution_code", "resolution_notes",
                       "category", "impact", "urgency", "hold_reason"},
                      {}};
            if (action != Action::escalate) all.required.insert(all.required.end(), {"team", "into"});
            if (*capacity != Capacity::requester) all.required.emplace_back("on_behalf");
            In input = valid_input(world, which, all, random).value_or(In{});
            if (*capacity != Capacity::requester && action == Action::confirm) input.csat.reset();
            const bool is_done = decide(unit, action, input).has_value();
            need(!is_done || unit.entries().empty(), story, name + " is done, though not offered");
            continue;
        }
        const auto input = valid_input(world, which, *offer, random);
        need(input.has_value() || action == Action::merge, story, name + " is offered without anything to choose");
        if (!input) continue;
        const Status status = decide(unit, action, *input);
        need(status.has_value(), story, name + " is offered and refused: " + outcome(status));
        const bool depends =
            action == Action::assign || action == Action::undo || (action == Action::triage && input->category);
        need(depends || unit.incident().state == offer->lands_in, story, name + " lands elsewhere than offered");
    }
}

// Two more steps at most: an agent resolves, the timer closes; where no agent sees it any more, it is closed or canceled.
void check_closure(const World& world, std::size_t which, Random& random) {
    World ahead = world;
    Story& story = ahead.stories[which];
    if (is_unresolved(story.incident.state)) {
        const UserId agent = ahead.active_agents().front();
        const Offers offers = offers_for(story.incident, ahead.standing(which, agent), agent, ahead.context(which));
        const Offer* offer = find_offer(offers, Action::resolve);
        need(offer != nullptr, story, "an agent can resolve");
        need(act(ahead, which, as_agent(agent), Action::resolve, *valid_input(ahead, which, *offer, random)), story,
             "resolve is accepted");
    }
    if (story.incident.state == State::resolved) {
        need(act(ahead, which, kTimer, Action::auto_close, In{}), story, "silence closes");
    }
    need(!is_open(story.incident.state), story, "a closure is reached");
}

void log_one(World& world, std::size_t which, Random& random) {
    LogInput input = logging(random_requester(random));
    input.opened_by = random.chance(50) ? input.requester : UserId{1};
    if (random.chance(30)) input.category = CategoryId{random.below(4)};
    if (random.chance(30)) input.service = ServiceId{random.below(3)};
    if (random.chance(30)) input.team = TeamId{random.below(5)};
    if (random.chance(20)) input.assignee = UserId{random.below(6)};
    if (random.chance(30)) input.impact = 1 + static_cast<int>(random.below(3));
    if (random.chance(30)) input.urgency = 1 + static_cast<int>(random.below(3));
    if (random.chance(30)) input.affected_count = static_cast<int>(random.below(40));
    input.is_restricted = random.chance(10);
    input.channel = random.word<Channel>();
    const Capacity capacities[]{Capacity::agent, Capacity::requester, Capacity::monitoring, Capacity::importer};
    Unit unit = world.unit(which, {input.opened_by, capacities[random.below(4)]});
    unit.set_requester(world.find_person(input.requester));
    const Status status = log_incident(unit, input);
    settle(world, which, unit, status);
}

Actor random_actor(const World& world, std::size_t which, Random& random) {
    const Incident& incident = world.stories[which].incident;
    const auto agent = random.pick(world.active_agents());
    const auto roll = random.below(100);
    if (roll < 50) return {agent, Capacity::agent};
    if (roll < 60) return {agent, Capacity::team_lead};
    if (roll < 80) return {incident.requester, Capacity::requester};
    if (roll < 97)
        return {UserId{}, random.chance(50)   ? Capacity::timer
                          : random.chance(50) ? Capacity::monitoring
                                              : Capacity::rule};
    if (roll < 98) return {agent, Capacity::auditor};
    return {UserId{}, Capacity::importer};
}

void talk(World& world, std::size_t which, Random& random) {
    const Incident& incident = world.stories[which].incident;
    const bool is_agent = random.chance(40);
    Unit unit =
        world.unit(which, is_agent ? as_agent(random.pick(world.active_agents())) : as_requester(incident.requester));
    const std::string text = "text " + std::to_string(random.below(100));
    if (is_agent) {
        settle(world, which, unit, random.chance(50) ? reply(unit, text) : note(unit, text));
        return;
    }
    const Sender sender{incident.requester.is_set() && random.chance(70)};
    const MessageEffect effect =
        effect_of_message(incident, sender, world.desk.settings, std::max(world.now, incident.updated_at));
    if (effect == MessageEffect::follow_up || effect == MessageEffect::to_target) return;
    settle(world, which, unit, message(unit, sender, text));
}

void change_row(World& world, std::size_t which, Random& random) {
    EditInput input;
    if (random.chance(50)) input.title = random.chance(90) ? "title " + std::to_string(random.below(9)) : " ";
    if (random.chance(30)) input.service = ServiceId{random.below(4)};
    if (random.chance(30)) input.affected_count = static_cast<int>(random.below(40));
    if (random.chance(20)) input.is_restricted = random.chance(60);
    if (random.chance(30)) input.requester = random_requester(random);
    Unit unit = world.unit(which, as_agent(random.pick(world.active_agents())));
    if (input.requester) unit.set_requester(world.find_person(*input.requester));
    const Status status = edit(unit, input);
    settle(world, which, unit, status);
}

void move_dissolved(World& world) {
    for (const TeamId gone : world.dissolved) {
        for (std::size_t which = 0; which < 2; ++which) {
            if (world.stories[which].incident.team != gone) continue;
            Unit unit = world.unit(which, kDeskItself);
            team_dissolved(unit, *world.desk.standing_team(gone));
            settle(world, which, unit, {});
        }
    }
    world.dissolved.clear();
}

// People leave and teams are dissolved; the job that moves the incidents comes later.
void change_desk(World& world, Random& random) {
    const auto agents = world.active_agents();
    const auto teams = world.active_teams();
    if (random.chance(50) && agents.size() > 1) {
        const UserId leaver = agents.back();
        world.desk.staff[leaver].is_active = false;
        for (std::size_t which = 0; which < 2; ++which) {
            if (world.stories[which].entries.empty()) continue;
            Unit unit = world.unit(which, kDeskItself);
            assignee_left(unit, leaver);
            settle(world, which, unit, {});
        }
    } else if (teams.size() > 1) {
        const std::size_t at = static_cast<std::size_t>(random.below(static_cast<std::int64_t>(teams.size())));
        Team& team = world.desk.teams[teams[at]];
        team.is_active = false;
        team.successor = teams[(at + 1) % teams.size()];
        list_teams_of_people(world.desk);
        world.dissolved.push_back(team.id);
    }
}

void step(World& world, std::uint64_t number) {
    Random random(number);
    const std::size_t which = random.chance(70) ? 0 : 1;
    world.now = world.now +
                (random.chance(8) ? days(random.below(20)) : minutes(random.below(random.chance(60) ? 8 : 200) - 3));
    if (world.stories[which].entries.empty()) {
        log_one(world, which, random);
        return;
    }
    const auto roll = random.below(100);
    if (roll < 35) {
        const UserId before = world.stories[which].last().actor;
        const auto all = everybody(world, which);
        const bool goes_on = random.chance(40) && std::find(all.begin(), all.end(), before) != all.end();
        const UserId user = goes_on ? before : random.pick(all);  // who has just acted may undo
        const Standing standing = world.standing(which, user);
        const Offers offers = offers_for(world.stories[which].incident, standing, user, world.context(which));
        if (offers.allowed.empty()) return;
        const Offer& offer = random.pick(offers.allowed);
        const auto input = valid_input(world, which, offer, random);
        const auto capacity = choose_capacity(standing, world.stories[which].incident, offer.action, false);
        if (input) act(world, which, {user, *capacity}, offer.action, *input);
    } else if (roll < 70) {
        act(world, which, random_actor(world, which, random), random.word<Action>(), random_input(random, world));
    } else if (roll < 82) {
        talk(world, which, random);
    } else if (roll < 90) {
        change_row(world, which, random);
    } else if (roll < 95) {
        change_desk(world, random);
    } else {
        move_dissolved(world);
    }
    check_offers(world, which, random.pick(everybody(world, which)), random);
    check_closure(world, which, random);
}

TEST(properties, hold_after_any_sequence) {
    auto params = rc::detail::configuration().testParams;
    const char* given = std::getenv("RC_PARAMS");
    const bool is_count_given =
        given != nullptr && std::string_view(given).find("max_success") != std::string_view::npos;
    if (!is_count_given) params.maxSuccess = kSequences * (std::getenv("FIRSTLINE_LONG") != nullptr ? 10 : 1);
    params.maxSize = kStepsMax;
    std::cout << "RC_PARAMS=\"seed=" << params.seed << "\", " << params.maxSuccess << " sequences\n";
    const auto number = rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
    const auto property = [&] {
        Random random(*number);
        World world = random_world(random);
        for (const std::uint64_t n : *rc::gen::container<std::vector<std::uint64_t>>(number)) step(world, n);
    };
    const auto result =
        rc::detail::checkTestable(property, rc::detail::TestMetadata{"properties", "any sequence"}, params);
    std::ostringstream text;
    rc::detail::printResultMessage(result, text);
    EXPECT_TRUE(result.template is<rc::detail::SuccessResult>()) << text.str();
}

}  // namespace
}  // namespace firstline::domain
