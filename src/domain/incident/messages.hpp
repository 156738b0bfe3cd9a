// Logging, conversation, edits and what happens to an incident beside the actions (domain.md §2, §4, §8, §10).
#pragma once

#include "domain/incident/decide.hpp"

namespace firstline::domain {

struct LogInput {
    std::string title, description;
    Channel channel = Channel::api;
    Kind kind = Kind::incident;
    std::optional<int> impact, urgency, affected_count;
    CategoryId category;
    ServiceId service;
    UserId requester;
    OrganizationId organization;
    UserId opened_by;
    IncidentId follow_up_of;
    CiId ci;
    TeamId team;  // named in the request; else category, service or default names it
    UserId assignee;
    bool is_restricted = false;
    std::string recorded_text;
    std::vector<std::int64_t> attachments;  // ids, claimed by the entry
};

// The first entry of a fresh incident, then `assign` in the same unit where the request, the service or the default names
// a team. `unit` holds an empty incident with its id. Errors: `request.invalid`.
[[nodiscard]] Status log_incident(Unit& unit, const LogInput& input);

// A public reply by an agent: clears `needs_reply`, changes no state.
[[nodiscard]] Status reply(Unit& unit, const std::string& text, const std::vector<std::int64_t>& attachments = {});
[[nodiscard]] Status note(Unit& unit, const std::string& text, const std::vector<std::int64_t>& attachments = {});

// What a message from the requester's side does (domain.md §2 "Messages from the requester's side").
enum class MessageEffect : std::uint8_t { none, resumed, reopened, follow_up, to_target };
struct Sender {
    bool is_requester = false;  // the requester, or an opener who is no agent; else a watcher or colleague
};
// Pure: which effect a message has on an incident in this state.
[[nodiscard]] MessageEffect effect_of_message(const Incident& incident, Sender sender, const Settings& settings,
                                              Instant now);
// Appends the message and its effect; `follow_up` and `to_target` append nothing here: the use case logs or redirects.
[[nodiscard]] Status message(Unit& unit, Sender sender, const std::string& text,
                             const std::vector<std::int64_t>& attachments = {});

// PATCH: each member absent stays. Errors: `request.invalid`.
struct EditInput {
    std::optional<std::string> title, description;
    std::optional<ServiceId> service;
    std::optional<CiId> ci;
    std::optional<UserId> requester;
    OrganizationId requester_organization;
    std::optional<int> affected_count;
    bool clears_affected_count = false;
    std::optional<bool> is_restricted;
    std::vector<std::string> tags_added, tags_removed;  // keys, for the entry
};
[[nodiscard]] Status edit(Unit& unit, const EditInput& input);

// A person left: `in_progress` becomes `assigned`, the team is told. Nothing where they are not the assignee.
void assignee_left(Unit& unit, UserId person);
// The team was dissolved: an open incident moves to its successor; no reassignment, no escalation.
void team_dissolved(Unit& unit, const Team& successor);
// Takes a text out of an earlier entry; the row's copy goes with it where it is the one that stands.
void redact(Unit& unit, std::int64_t seq, const std::string& field, bool is_standing_text, const std::string& reason);

}  // namespace firstline::domain
