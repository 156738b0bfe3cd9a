// Which incident is what (bench/README.md "The seeded desk").
#include "desk/history.hpp"

#include "app/incidents/workspace.hpp"
#include "desk/texts.hpp"
#include "domain/incident/decide.hpp"
#include "domain/incident/messages.hpp"

namespace firstline::bench {

using namespace app;
using namespace domain;

namespace {

constexpr Instant kNewest{1'735'689'600'000'000};  // 2025-01-01T00:00:00Z
constexpr Duration kApart = seconds(10);
enum Purpose : std::uint64_t { kTeam = 1, kImpact, kUrgency, kRequester, kAgent, kHost, kLength, kState, kCategory };

template <class T>
const T& pick(const std::vector<T>& from, std::int64_t n) {
    return from[static_cast<std::size_t>(n) % from.size()];
}

const Person& requester_at(const Plan& plan, const Cast& cast, std::int64_t age) {
    if (age < 2 * plan.open && age % 40 == 5) return pick(cast.fives, age / 40);
    return pick(cast.requesters, chance(plan, age, kRequester, kRequesters));
}

// The open ones are dealt out evenly.
std::int64_t team_at(const Plan& plan, std::int64_t age) {
    return is_open_at(plan, age) ? age / 2 % kTeams : chance(plan, age, kTeam, kTeams);
}

LogInput log_input(const Plan& plan, const Cast& cast, std::int64_t age, const Person& requester) {
    LogInput input;
    input.title = title_at(plan, age);
    input.channel = Channel::phone;
    input.impact = 1 + static_cast<int>(chance(plan, age, kImpact, 3));
    input.urgency = 1 + static_cast<int>(chance(plan, age, kUrgency, 3));
    input.category = pick(cast.categories, chance(plan, age, kCategory, 1'000));
    input.service = pick(cast.services, chance(plan, age, kCategory + 20, kServices));
    input.requester = requester.id;
    input.organization = requester.organization;
    const std::int64_t team = team_at(plan, age);
    input.team = pick(cast.teams, team);
    input.opened_by = pick(cast.agents, team + kTeams * chance(plan, age, kAgent, 3));
    return input;
}

void add_key(ChangeBuilder& builder, UserId caller, std::int64_t serial, Instant now, IncidentId id) {
    const std::string key(as_bytes(sha256("bench/" + std::to_string(serial))));
    builder.write({"idempotency.insert",
                   {caller.value, Blob{key}, Blob{key}, now.us, std::int64_t{201}, "incident:" + to_number(id)},
                   OnConflict::duplicate});
}

// What became of an open one: half waits for somebody, the rest is with an agent of its team in all states.
Status go_on_open(Unit& unit, const Plan& plan, std::int64_t age, UserId agent) {
    const std::int64_t state = chance(plan, age, kState, 100);
    if (state < 40) return {};
    ActionInput assign;
    assign.team = unit.incident().team;
    assign.assignee = agent;
    CHECK_OK(decide(unit, Action::assign, assign));
    if (state >= 70 && state < 90) return decide(unit, Action::start, {});
    if (state >= 90 && state < 97) {
        ActionInput hold;
        hold.hold_reason = HoldReason::awaiting_vendor;
        return decide(unit, Action::hold, hold);
    }
    if (state >= 97) {
        ActionInput resolve;
        resolve.resolution_code = ResolutionCode::fixed;
        resolve.resolution_notes = "Restarted the device and checked it with the caller.";
        return decide(unit, Action::resolve, resolve);
    }
    return {};
}

Status close(Unit& unit, Instant at) {
    ActionInput resolve;
    resolve.resolution_code = ResolutionCode::fixed;
    resolve.resolution_notes = "Replaced the cable and checked it with the caller.";
    unit.set_now(at + hours(2));
    CHECK_OK(decide(unit, Action::resolve, resolve));
    ActionInput confirm;
    confirm.on_behalf = "said so on the phone";
    unit.set_now(at + hours(26));
    return decide(unit, Action::confirm, confirm);
}

}  // namespace

Result<Change> incident_at(const Plan& plan, const Cast& cast, IncidentId id, std::int64_t age) {
    const Instant at = kNewest - Duration{age * kApart.us};
    const Person& requester = requester_at(plan, cast, age);
    LogInput input = log_input(plan, cast, age, requester);
    input.description = description_at(plan, age);
    input.is_restricted = age % 100 == 52;
    const Context context{*cast.desk, at, &requester, nullptr, nullptr, at};
    Incident fresh;
    fresh.id = id;
    Unit unit(fresh, Actor{input.opened_by, Capacity::agent}, context);
    CHECK_OK(log_incident(unit, input));
    if (is_open_at(plan, age)) {
        CHECK_OK(go_on_open(unit, plan, age, input.opened_by));
    } else {
        CHECK_OK(close(unit, at));
    }
    ChangeBuilder builder(*cast.desk, "api");
    std::vector<UserId> watchers;
    if (age % 5 == 3) watchers.push_back(pick(cast.requesters, chance(plan, age, kRequester + 30, kRequesters)).id);
    builder.add_new(unit, watchers);
    const bool is_queued = age < kQueuedAges;
    if (is_queued) add_key(builder, input.opened_by, age, at, id);
    Change change = *builder.take();
    if (!is_queued) change.after_entries.clear();
    return change;
}

Result<Change> logged_unit(const Plan& plan, const Cast& cast, IncidentId id, std::int64_t serial,
                           const std::string& text, Instant now) {
    const Person& requester = pick(cast.requesters, chance(plan, serial, kRequester, kRequesters));
    LogInput input = log_input(plan, cast, 2 * serial, requester);
    input.description = text;
    const Context context{*cast.desk, now, &requester, nullptr, nullptr, now};
    Incident fresh;
    fresh.id = id;
    Unit unit(fresh, Actor{input.opened_by, Capacity::agent}, context);
    CHECK_OK(log_incident(unit, input));
    ChangeBuilder builder(*cast.desk, "api");
    builder.add_new(unit, {});
    add_key(builder, input.opened_by, -1 - serial, now, id);
    return *builder.take();
}

}  // namespace firstline::bench
