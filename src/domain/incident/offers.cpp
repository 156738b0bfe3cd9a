#include "domain/incident/offers.hpp"

#include <algorithm>

namespace firstline::domain {
namespace {

struct Inputs {
    Action action;
    std::vector<std::string_view> required, optional;
};

// The bodies of api.md §3; what depends on the incident is added in `inputs_of`.
const std::vector<Inputs>& action_inputs() {
    // clang-format off
    static const std::vector<Inputs> kInputs{
        {Action::triage,   {}, {"category", "service", "kind", "impact", "urgency", "priority", "priority_reason"}},
        {Action::assign,   {"team"}, {"assignee", "reason"}},
        {Action::start,    {}, {}},
        {Action::hold,     {"hold_reason"}, {"question", "resume_at", "note"}},
        {Action::resume,   {}, {}},
        {Action::escalate, {"team", "reason"}, {"assignee"}},
        {Action::raise,    {"reason"}, {"whom"}},
        {Action::resolve,  {"resolution_code", "resolution_notes"}, {"category", "impact", "urgency"}},
        {Action::confirm,  {}, {"csat", "comment"}},
        {Action::reject,   {"comment"}, {}},
        {Action::close,    {"reason"}, {}},
        {Action::rate,     {"csat"}, {"comment"}},
        {Action::reopen,   {"reason"}, {}},
        {Action::cancel,   {"code", "text"}, {}},
        {Action::merge,    {"into"}, {}},
        {Action::unmerge,  {}, {}},
        {Action::undo,     {}, {}},
    };
    // clang-format on
    return kInputs;
}

void move_name(std::vector<std::string_view>& from, std::vector<std::string_view>& to, std::string_view name) {
    if (std::erase(from, name) > 0) to.push_back(name);
}

void fill_inputs(Offer& offer, const Incident& incident, Capacity capacity) {
    for (const Inputs& row : action_inputs()) {
        if (row.action != offer.action) continue;
        offer.required = row.required;
        offer.optional = row.optional;
    }
    const bool is_agent = capacity != Capacity::requester;
    if (offer.action == Action::resolve) {
        if (!incident.category.is_set()) move_name(offer.optional, offer.required, "category");
        if (!incident.is_priority_known && !incident.impact) move_name(offer.optional, offer.required, "impact");
        if (!incident.is_priority_known && !incident.urgency) move_name(offer.optional, offer.required, "urgency");
    }
    if (is_agent && offer.action == Action::confirm) {
        offer.required = {"on_behalf"};
        offer.optional = {"comment"};
    }
    if (is_agent && offer.action == Action::reject) offer.required.emplace_back("on_behalf");
    if (offer.action == Action::triage && !is_open(incident.state)) offer.optional = {"category", "service", "kind"};
    if (offer.action == Action::triage && incident.state == State::resolved)
        offer.optional = {"category", "service", "kind"};
}

// The first reason why the action is not possible as things stand; "" when it is.
std::string why_blocked(const Incident& incident, const Transition& row, UserId caller, const Context& context) {
    if (const auto refusal = guard_refusal(incident, row, caller, context)) return refusal->detail;
    const auto is_any_team = [&](const auto& fits) {
        return std::any_of(context.desk.teams.begin(), context.desk.teams.end(),
                           [&](const auto& pair) { return pair.second.is_active && fits(pair.second); });
    };
    if (row.action == Action::escalate &&
        !is_any_team([&](const Team& team) { return team.tier > incident.tier && team.id != incident.team; })) {
        return "There is no team of a higher tier.";
    }
    if (row.action == Action::assign && !is_any_team([](const Team&) { return true; }))
        return "The desk has no team yet.";
    return "";
}

State landing(const Incident& incident, Target to, const Desk& desk) {
    switch (to) {
        case Target::new_: return State::new_;
        case Target::assigned: return State::assigned;
        case Target::in_progress: return State::in_progress;
        case Target::on_hold: return State::on_hold;
        case Target::resolved: return State::resolved;
        case Target::closed: return State::closed;
        case Target::canceled: return State::canceled;
        case Target::same:
        case Target::before:
        case Target::assigned_or_same: return incident.state;
        case Target::W: {
            Incident next = incident;
            return_work(next, desk);
            return next.state;
        }
    }
    return incident.state;
}

}  // namespace

Offers offers_for(const Incident& incident, const Standing& standing, UserId caller, const Context& context) {
    Offers out;
    for (std::size_t i = 0; i < kCount<Action>; ++i) {
        const auto action = static_cast<Action>(i);
        const auto capacity = choose_capacity(standing, incident, action, false);
        if (!capacity) continue;
        const Transition* row = find_transition(incident.state, action, *capacity);
        if (row == nullptr) continue;
        const std::string why = why_blocked(incident, *row, caller, context);
        if (!why.empty()) {
            if (action != Action::undo && action != Action::unmerge) out.blocked.push_back({action, why});
            continue;
        }
        // Starting what one already works on changes nothing: not offered.
        if (action == Action::start && incident.state == State::in_progress && incident.assignee == caller) continue;
        Offer offer{action, row->to, landing(incident, row->to, context.desk), {}, {}};
        if (action == Action::undo && context.last_entry != nullptr) {
            for (const FieldChange& change : context.last_entry->changes) {
                if (change.field != "state") continue;
                if (const auto* word = std::get_if<std::string>(&change.before)) {
                    offer.lands_in = parse_word<State>(*word).value_or(incident.state);
                }
            }
        }
        fill_inputs(offer, incident, *capacity);
        if (action == Action::raise && actions::default_whom(context.desk, incident, caller).empty()) {
            move_name(offer.optional, offer.required, "whom");
        }
        out.allowed.push_back(std::move(offer));
    }
    return out;
}

}  // namespace firstline::domain
