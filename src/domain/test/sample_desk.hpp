// A small desk and one incident on it, for the tests of the domain: three tiers, a dissolved team, a leaver, a VIP.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "domain/incident/messages.hpp"
#include "domain/incident/offers.hpp"

namespace firstline::domain::test {

inline constexpr TeamId kDesk{1}, kNetwork{2}, kVendor{3}, kOld{4};  // kOld was dissolved into kNetwork
inline constexpr UserId kAnna{1}, kBen{2}, kCarl{3}, kDora{4}, kEmil{5}, kFrida{6}, kGone{7}, kRita{20}, kSven{21};
inline constexpr CategoryId kMail{1}, kSecurity{2}, kRetired{3};
inline constexpr ServiceId kVpn{1}, kErp{2}, kGopher{3};
inline constexpr Instant kMonday{1'772'438'400'000'000};  // 2026-03-02T08:00:00Z

inline Person person(UserId id, const std::string& key, Role role) {
    Person out;
    out.id = id;
    out.key = out.name = key;
    out.email = key + "@example.com";
    out.roles = Roles{role};
    return out;
}

inline Team team(TeamId id, std::string key, int tier, std::vector<Member> members) {
    Team out;
    out.id = id;
    out.key = out.name = out.public_name = std::move(key);
    out.tier = tier;
    out.members = std::move(members);
    return out;
}

// Desk (1): anna, ben (lead), gone (inactive). Network (2): carl, dora (lead). Vendor (3): carl. Emil has no team,
// frida is incident manager. Rita and sven are requesters.
inline Desk sample_desk() {
    Desk desk;
    desk.teams[kDesk] = team(kDesk, "desk", 1, {{kAnna, false}, {kBen, true}, {kGone, false}});
    desk.teams[kNetwork] = team(kNetwork, "network", 2, {{kCarl, false}, {kDora, true}});
    desk.teams[kVendor] = team(kVendor, "vendor", 3, {{kCarl, false}});
    desk.teams[kOld] = team(kOld, "old", 2, {{kAnna, false}, {kCarl, false}});
    desk.teams[kOld].is_active = false;
    desk.teams[kOld].successor = kNetwork;
    desk.teams_of = {
        {kAnna, {kDesk}}, {kBen, {kDesk}}, {kCarl, {kNetwork, kVendor}}, {kDora, {kNetwork}}, {kGone, {kDesk}}};
    for (const auto& [id, key, role] : {std::tuple{kAnna, "anna", Role::agent},
                                        {kBen, "ben", Role::team_lead},
                                        {kCarl, "carl", Role::agent},
                                        {kDora, "dora", Role::team_lead},
                                        {kEmil, "emil", Role::agent},
                                        {kFrida, "frida", Role::incident_manager},
                                        {kGone, "gone", Role::agent}}) {
        desk.staff[id] = person(id, key, role);
    }
    desk.staff[kGone].is_active = false;
    for (const auto& [id, key] : {std::pair{kMail, "mail"}, {kSecurity, "security"}, {kRetired, "retired"}}) {
        desk.categories[id].id = id;
        desk.categories[id].key = desk.categories[id].name = key;
    }
    desk.categories[kSecurity].is_restricted = true;
    desk.categories[kSecurity].team = kNetwork;
    desk.categories[kRetired].is_active = false;
    for (const auto& [id, key] : {std::pair{kVpn, "vpn"}, {kErp, "erp"}, {kGopher, "gopher"}}) {
        desk.services[id].id = id;
        desk.services[id].key = desk.services[id].name = key;
    }
    desk.services[kVpn].support_team = kNetwork;
    desk.services[kVpn].owner_team = kVendor;
    desk.services[kVpn].criticality = Criticality::critical;
    desk.services[kGopher].is_active = false;
    return desk;
}

inline Actor as_agent(UserId user) { return {user, Capacity::agent}; }
inline Actor as_requester(UserId user = kRita) { return {user, Capacity::requester}; }
inline const Actor kTimer{UserId{}, Capacity::timer}, kImporter{UserId{}, Capacity::importer},
    kMonitoring{UserId{}, Capacity::monitoring}, kRule{UserId{}, Capacity::rule},
    kDeskItself{UserId{}, Capacity::agent};

// An action's body, said in one line.
struct In : ActionInput {
    In& to(TeamId id) {
        team = id;
        return *this;
    }
    In& who(UserId id) {
        assignee = id;
        return *this;
    }
    In& because(std::string words) {
        reason = std::move(words);
        return *this;
    }
    In& hold(HoldReason why) {
        hold_reason = why;
        return *this;
    }
    In& ask(std::string words) {
        question = std::move(words);
        return *this;
    }
    In& until(Instant at) {
        resume_at = at;
        return *this;
    }
    In& in(CategoryId id) {
        category = id;
        return *this;
    }
    In& on(ServiceId id) {
        service = id;
        return *this;
    }
    In& level(std::optional<int> i, std::optional<int> u) {
        impact = i;
        urgency = u;
        return *this;
    }
    In& as(Priority p, std::string why) {
        priority = p;
        priority_reason = std::move(why);
        return *this;
    }
    In& solve(std::optional<ResolutionCode> c, std::string notes) {
        resolution_code = c;
        resolution_notes = std::move(notes);
        return *this;
    }
    In& say(std::string words) {
        comment = std::move(words);
        return *this;
    }
    In& via(std::string words) {
        on_behalf = std::move(words);
        return *this;
    }
    In& rate(int stars) {
        csat = stars;
        return *this;
    }
    In& drop(std::optional<CancelCode> c, std::string words) {
        code = c;
        text = std::move(words);
        return *this;
    }
    In& join(IncidentId id) {
        into = id;
        return *this;
    }
    In& ping(std::vector<UserId> people) {
        whom = std::move(people);
        return *this;
    }
};

// "" on success; the fields of a refused body ("/team required, /reason required"); else the error's code.
inline std::string outcome(const Status& status) {
    if (status) return "";
    if (status.error().code != "request.invalid") return status.error().code;
    std::string out;
    for (const FieldError& field : status.error().fields)
        out += (out.empty() ? "" : ", ") + field.pointer + " " + field.code;
    return out;
}

// One incident, its whole timeline and the notices of the last unit. Refused units leave it as it was.
struct Story {
    Desk desk = sample_desk();
    Person requester = person(kRita, "rita", Role::requester);
    Instant now = kMonday;
    Incident incident;
    std::vector<Entry> entries;
    std::vector<Notice> notices;
    const Incident* target = nullptr;

    explicit Story(std::int64_t number = 1) { incident.id = IncidentId{number}; }

    [[nodiscard]] Context context() const {
        return {desk,
                now,
                incident.requester.is_set() ? &requester : nullptr,
                target,
                entries.empty() ? nullptr : &entries.back(),
                now};
    }
    [[nodiscard]] Unit unit(Actor actor) const { return {incident, actor, context()}; }
    Status commit(const Unit& done, Status status) {
        if (!status) return status;
        incident = done.incident();
        entries.insert(entries.end(), done.entries().begin(), done.entries().end());
        notices = done.notices();
        return status;
    }
    template <class Decision>
    Status run(Actor actor, const Decision& decision) {
        Unit work = unit(actor);
        Status status = decision(work);
        return commit(work, std::move(status));
    }
    Status act(Actor actor, Action action, const ActionInput& input = {}) {
        return run(actor, [&](Unit& work) { return decide(work, action, input); });
    }
    Status log(Actor actor, LogInput input) {
        return run(actor, [&](Unit& work) {
            work.set_requester(input.requester.is_set() ? &requester : nullptr);
            return log_incident(work, input);
        });
    }
    [[nodiscard]] const Entry& last() const { return entries.back(); }
    [[nodiscard]] Offers offers(UserId caller, Standing standing) const {
        return offers_for(incident, standing, caller, context());
    }
};

inline LogInput logging(UserId requester = kRita) {
    LogInput input;
    input.title = "Mail does not arrive";
    input.description = "Since this morning.";
    input.channel = Channel::portal;
    input.requester = requester;
    input.opened_by = requester;
    return input;
}

inline In solved() { return In{}.solve(ResolutionCode::fixed, "Restarted the gateway."); }

// Walks a fresh incident of rita's by legal steps to the state: desk's, worked on by anna, triaged from `in_progress` on.
inline Story story_in(State state, HoldReason reason = HoldReason::awaiting_vendor) {
    Story story;
    const auto must = [](const Status& status) {
        if (!status) throw std::logic_error("the walk was refused: " + outcome(status));
    };
    must(story.log(as_requester(), logging()));
    if (state == State::new_) return story;
    must(story.act(kRule, Action::assign, In{}.to(kDesk).because("routing")));
    if (state == State::assigned) return story;
    if (state == State::canceled) {
        must(story.act(as_agent(kAnna), Action::cancel, In{}.drop(CancelCode::mistake, "Sent twice.")));
        return story;
    }
    must(story.act(as_agent(kAnna), Action::triage, In{}.in(kMail).level(2, 2)));
    must(story.act(as_agent(kAnna), Action::start));
    if (state == State::in_progress) return story;
    if (state == State::on_hold) {
        In input = In{}.hold(reason);
        if (reason == HoldReason::awaiting_requester) input.ask("Which mailbox?");
        if (reason == HoldReason::scheduled) input.until(story.now + days(2));
        must(story.act(as_agent(kAnna), Action::hold, input));
        return story;
    }
    must(story.act(as_agent(kAnna), Action::resolve, solved()));
    if (state == State::closed) must(story.act(as_requester(), Action::confirm));
    return story;
}

// Canceled by a merge into `target` (rita's, too).
inline Story merged_story(const Incident& target) {
    Story story = story_in(State::in_progress);
    story.target = &target;
    const Status done = story.act(as_agent(kAnna), Action::merge, In{}.join(target.id));
    if (!done) throw std::logic_error("the merge was refused: " + outcome(done));
    return story;
}

}  // namespace firstline::domain::test
