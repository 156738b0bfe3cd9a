// A random desk with two incidents on it, and what the property tests do to them: everything derived from numbers.
#pragma once

#include <array>
#include <set>

#include "domain/test/sample_desk.hpp"

namespace firstline::domain::test {

// SplitMix64: small, good enough, the same everywhere.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }
    std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n)); }
    bool chance(int percent) { return below(100) < percent; }
    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[static_cast<std::size_t>(below(static_cast<std::int64_t>(from.size())))];
    }
    template <class E>
    E word() {
        return static_cast<E>(below(static_cast<std::int64_t>(kCount<E>)));
    }

private:
    std::uint64_t state_;
};

struct World {
    Desk desk;
    std::map<UserId, Person> requesters;
    Instant now = kMonday;
    std::array<Story, 2> stories{Story{1}, Story{2}};
    std::array<bool, 2> is_imported{};
    std::vector<TeamId> dissolved;  // whose incidents the job has not moved yet

    [[nodiscard]] const Person* find_person(UserId id) const {
        if (const Person* staff = desk.staff_member(id)) return staff;
        const auto it = requesters.find(id);
        return it == requesters.end() ? nullptr : &it->second;
    }
    [[nodiscard]] std::vector<TeamId> active_teams() const {
        std::vector<TeamId> out;
        for (const auto& [id, team] : desk.teams) {
            if (team.is_active) out.push_back(id);
        }
        return out;
    }
    [[nodiscard]] std::vector<UserId> active_agents() const {
        std::vector<UserId> out;
        for (const auto& [id, person] : desk.staff) {
            if (person.is_active && person.roles.has(Role::agent)) out.push_back(id);
        }
        std::sort(out.begin(), out.end());
        return out;
    }
    [[nodiscard]] Context context(std::size_t which) const {
        const Story& story = stories[which];
        return {desk,
                now,
                find_person(story.incident.requester),
                &stories[1 - which].incident,
                story.entries.empty() ? nullptr : &story.entries.back(),
                now};
    }
    [[nodiscard]] Unit unit(std::size_t which, Actor actor) const {
        return {stories[which].incident, actor, context(which)};
    }
    [[nodiscard]] Standing standing(std::size_t which, UserId user) const {
        const Incident& incident = stories[which].incident;
        const Person* person = desk.staff_member(user);
        Standing out;
        out.is_agent = person != nullptr && person->is_active && person->roles.has(Role::agent);
        out.is_team_lead = out.is_agent && person->roles.has(Role::team_lead);
        out.is_requester = user == incident.requester || (user == incident.opened_by && !out.is_agent);
        return out;
    }
};

inline void list_teams_of_people(Desk& desk) {
    desk.teams_of.clear();
    for (const auto& [id, team] : desk.teams) {
        for (const Member& member : team.members) {
            if (team.is_active) desk.teams_of[member.user].push_back(id);
        }
    }
}

inline World random_world(Random& random) {
    World world;
    Desk& desk = world.desk;
    const std::int64_t people = 2 + random.below(5);
    for (std::int64_t i = 1; i <= people; ++i) {
        Person agent = person(UserId{i}, "agent-" + std::to_string(i), Role::agent);
        if (random.chance(30)) agent.roles.add(Role::team_lead);
        if (random.chance(15)) agent.roles.add(Role::incident_manager);
        if (random.chance(15)) agent.roles.add(Role::auditor);
        desk.staff[agent.id] = agent;
    }
    const std::int64_t teams = 1 + random.below(4);
    for (std::int64_t i = 1; i <= teams; ++i) {
        std::vector<Member> members;
        for (std::int64_t p = 1; p <= people; ++p) {
            if (random.chance(45)) members.push_back({UserId{p}, random.chance(30)});
        }
        desk.teams[TeamId{i}] =
            team(TeamId{i}, "team-" + std::to_string(i), 1 + static_cast<int>(random.below(3)), std::move(members));
    }
    list_teams_of_people(desk);
    for (std::int64_t i = 1; i <= 3; ++i) desk.categories[CategoryId{i}].id = CategoryId{i};
    desk.categories[CategoryId{2}].is_restricted = true;
    desk.categories[CategoryId{2}].team = TeamId{1 + random.below(teams)};
    desk.categories[CategoryId{3}].is_active = false;
    for (std::int64_t i = 1; i <= 2; ++i) desk.services[ServiceId{i}].id = ServiceId{i};
    if (random.chance(50)) desk.services[ServiceId{1}].support_team = TeamId{1 + random.below(teams)};
    desk.services[ServiceId{1}].owner_team = TeamId{1 + random.below(teams)};
    desk.services[ServiceId{2}].is_active = false;
    if (random.chance(50)) desk.settings.default_team = TeamId{1 + random.below(teams)};
    for (std::int64_t i = 100; i <= 102; ++i) {
        Person requester = person(UserId{i}, "requester-" + std::to_string(i), Role::requester);
        requester.is_vip = i == 101;
        requester.is_reachable = i != 102;
        world.requesters[requester.id] = requester;
    }
    return world;
}

inline UserId random_requester(Random& random) {
    const UserId some[]{UserId{100}, UserId{100}, UserId{101}, UserId{102}, UserId{1}, UserId{}};
    return some[random.below(6)];
}

// A body of any members, each absent, right or wrong.
inline In random_input(Random& random, const World& world) {
    In in;
    const auto some = [&](int percent) { return random.chance(percent); };
    if (some(30)) in.in(CategoryId{random.below(5)});
    if (some(20)) in.on(ServiceId{random.below(4)});
    if (some(30)) in.kind = random.word<Kind>();
    if (some(40)) in.impact = static_cast<int>(random.below(5));
    if (some(40)) in.urgency = static_cast<int>(random.below(5));
    if (some(15)) in.as(random.word<Priority>(), some(80) ? "because" : "");
    if (some(60)) in.to(TeamId{random.below(6)});
    if (some(30)) in.who(UserId{random.below(8)});
    if (some(70)) in.because(some(90) ? "reason" : " ");
    if (some(70)) in.hold(random.word<HoldReason>());
    if (some(40)) in.ask("Which one?");
    if (some(40)) in.until(world.now + minutes(random.below(10'000) - 500));
    if (some(70)) in.solve(random.word<ResolutionCode>(), some(80) ? "Done " + std::to_string(random.below(100)) : "");
    if (some(30)) in.rate(static_cast<int>(random.below(7)));
    if (some(50)) in.say("comment " + std::to_string(random.below(100)));
    if (some(40)) in.via("by phone");
    if (some(70)) in.drop(random.word<CancelCode>(), some(80) ? "text" : "");
    if (some(70)) in.join(IncidentId{random.below(4)});
    if (some(20)) in.ping({UserId{random.below(8)}, UserId{random.below(8)}});
    return in;
}

// Exactly the required fields with valid values, and what depends on them. None: no valid value exists here (merge).
inline std::optional<In> valid_input(const World& world, std::size_t which, const Offer& offer, Random& random) {
    const Incident& incident = world.stories[which].incident;
    const Incident& other = world.stories[1 - which].incident;
    In in;
    for (const std::string_view field : offer.required) {
        if (field == "team") {
            std::vector<TeamId> fitting;
            for (const TeamId id : world.active_teams()) {
                const bool is_higher = world.desk.team(id)->tier > incident.tier && id != incident.team;
                if (offer.action != Action::escalate || is_higher) fitting.push_back(id);
            }
            if (fitting.empty()) return std::nullopt;
            in.to(random.pick(fitting));
            in.reason = "reason";  // required where the team changes
        } else if (field == "into") {
            const bool fits =
                is_open(other.state) && other.version > 0 && !other.merged_into.is_set() &&
                (!incident.requester.is_set() || !other.requester.is_set() || incident.requester == other.requester);
            if (!fits) return std::nullopt;
            in.join(other.id);
        } else if (field == "hold_reason") {
            in.hold(random.word<HoldReason>());
            if (in.hold_reason == HoldReason::awaiting_requester && !incident.requester.is_set())
                in.hold(HoldReason::awaiting_vendor);
            if (in.hold_reason == HoldReason::awaiting_requester) in.ask("Which one?");
            if (in.hold_reason == HoldReason::scheduled) in.until(std::max(world.now, incident.updated_at) + hours(5));
        }
        if (field == "reason") in.because("reason");
        if (field == "whom") in.ping({world.active_agents().front()});
        if (field == "category") in.in(CategoryId{1 + random.below(2)});
        if (field == "impact") in.impact = 1 + static_cast<int>(random.below(3));
        if (field == "urgency") in.urgency = 1 + static_cast<int>(random.below(3));
        if (field == "resolution_code") in.resolution_code = ResolutionCode::fixed;
        if (field == "resolution_notes") in.resolution_notes = "Done.";
        if (field == "comment") in.say("Still broken.");
        if (field == "on_behalf") in.via("by phone");
        if (field == "csat") in.rate(1 + static_cast<int>(random.below(5)));
        if (field == "code") in.code = random.word<CancelCode>();
        if (field == "text") in.text = "text";
    }
    if (offer.action == Action::triage) in.kind = random.word<Kind>();  // at least one of its fields
    return in;
}

}  // namespace firstline::domain::test
