// Deciding an action purely: the transition table, its guards and its effects (domain.md §2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/incident/unit.hpp"

namespace firstline::domain {

// The bodies of api.md §3, decoded; which action reads which member is kActionInputs' business (offers.hpp).
struct ActionInput {
    std::optional<CategoryId> category;
    std::optional<ServiceId> service;
    std::optional<Kind> kind;
    std::optional<int> impact, urgency;
    std::optional<Priority> priority;
    std::string priority_reason;
    std::optional<TeamId> team;
    std::optional<UserId> assignee;  // an unset id removes
    std::string reason;
    std::optional<HoldReason> hold_reason;
    std::string question;
    std::optional<Instant> resume_at;
    std::string note;
    std::optional<ResolutionCode> resolution_code;
    std::string resolution_notes;
    std::optional<int> csat;
    std::string comment;
    std::string on_behalf;
    std::optional<CancelCode> code;
    std::string text;
    IncidentId into;
    std::vector<UserId> whom;
    std::string recorded_text;  // importer: the row's own words, kept on the entry
};

// Runs one action on the unit. Errors: `incident.transition_refused` (wrong_state; or forbidden, where the capacity never
// may), `incident.window_over`, `request.invalid` with fields. On error the unit is as it was before the call.
// An action that would change nothing (assign to whom it is assigned) appends nothing.
[[nodiscard]] Status decide(Unit& unit, Action action, const ActionInput& input);

// The capacity in which a person who may act as agent and/or requester takes this action; none: not at all.
struct Standing {
    bool is_agent = false;
    bool is_team_lead = false;
    bool is_requester = false;  // the requester, or an opener who is no agent
};
[[nodiscard]] std::optional<Capacity> choose_capacity(const Standing& standing, const Incident& incident, Action action,
                                                      bool is_on_behalf);

// Why a guard of the row does not hold as things stand; none when all do. What a body must say (on_behalf, no_priority,
// higher_tier) is not looked at: that is checked with the body. Errors: `incident.transition_refused`, `incident.window_over`.
[[nodiscard]] std::optional<Error> guard_refusal(const Incident& incident, const Transition& row, UserId actor,
                                                 const Context& context);

// The table's refusal in this state.
[[nodiscard]] Error refused(const Incident& incident, Action action, Capacity capacity);

// One rule of a body: collected, so that all field errors come at once.
class FieldErrors {
public:
    void need(bool holds, std::string pointer, std::string code, std::string detail) {
        if (!holds) errors_.push_back({std::move(pointer), std::move(code), std::move(detail)});
    }
    [[nodiscard]] Status result() const;

private:
    std::vector<FieldError> errors_;
};

// Parts of decide, one file each.
namespace actions {
[[nodiscard]] Status triage(Unit& unit, const ActionInput& input);
[[nodiscard]] Status assign(Unit& unit, const ActionInput& input);
[[nodiscard]] Status start(Unit& unit, const ActionInput& input);
[[nodiscard]] Status hold(Unit& unit, const ActionInput& input);
[[nodiscard]] Status resume(Unit& unit, const ActionInput& input);
[[nodiscard]] Status escalate(Unit& unit, const ActionInput& input);
[[nodiscard]] Status raise(Unit& unit, const ActionInput& input);
[[nodiscard]] Status resolve(Unit& unit, const ActionInput& input);
[[nodiscard]] Status confirm(Unit& unit, const ActionInput& input);
[[nodiscard]] Status reject(Unit& unit, const ActionInput& input);
[[nodiscard]] Status auto_close(Unit& unit, const ActionInput& input);
[[nodiscard]] Status close(Unit& unit, const ActionInput& input);
[[nodiscard]] Status rate(Unit& unit, const ActionInput& input);
[[nodiscard]] Status reopen(Unit& unit, const ActionInput& input);
[[nodiscard]] Status cancel(Unit& unit, const ActionInput& input);
[[nodiscard]] Status merge(Unit& unit, const ActionInput& input);
[[nodiscard]] Status unmerge(Unit& unit, const ActionInput& input);
[[nodiscard]] Status undo(Unit& unit, const ActionInput& input);

// Sets team and assignee on `next` with all that follows from it; true when one team was replaced by another.
bool move_to_team(Incident& next, const Team& team, UserId assignee, Instant at);
// The actor's first team; null where they have none.
const Team* team_of_actor(const Unit& unit);
// Whom `raise` tells when nobody is named: the team's active leads, else the incident managers; never the actor.
[[nodiscard]] std::vector<UserId> default_whom(const Desk& desk, const Incident& incident, UserId actor);
}  // namespace actions

// Whether `at` lies within the desk's reopen window from `since`.
[[nodiscard]] bool is_within_window(const Settings& settings, std::optional<Instant> since, Instant at);

}  // namespace firstline::domain
