// What callers ask for, as they say it: keys and numbers, not yet looked up (api.md §2, §3).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/incidents/workspace.hpp"
#include "domain/incident/decide.hpp"
#include "domain/incident/messages.hpp"

namespace firstline::app {

// `input` holds what needs no lookup; an empty key of an optional member clears it.
struct ActionRequest {
    domain::Action action = domain::Action::triage;
    domain::ActionInput input;
    std::optional<std::string> category, service, team, assignee;
    std::optional<std::string> into;
    std::vector<std::string> whom;
    VersionGuard guard;
    std::string pointer;  // of the body within the request: "" or "/then/0"
};

struct NewCaller {
    std::string name, email, phone;
};

struct LogRequest {
    std::string title, description;
    std::optional<domain::Channel> channel;
    domain::Kind kind = domain::Kind::incident;
    std::optional<int> impact, urgency, affected_count;
    std::optional<std::string> category, service, team, assignee;
    std::optional<std::string> requester;  // a key
    std::optional<NewCaller> new_caller;   // agents, for who is not known yet
    std::vector<std::string> tags;         // keys
    std::vector<std::int64_t> attachments;
    bool is_restricted = false;
    std::vector<ActionRequest> then;
};

struct SayRequest {  // replies, notes
    std::string text;
    std::vector<std::int64_t> attachments;
    std::vector<ActionRequest> then;
};

struct EditRequest {
    std::optional<std::string> title, description;
    std::optional<std::string> service;    // empty clears
    std::optional<std::string> requester;  // empty clears
    std::optional<std::vector<std::string>> tags;
    std::optional<int> affected_count;
    bool clears_affected_count = false;
    std::optional<bool> is_restricted;
    VersionGuard guard;
};

// Looks the keys up. Errors: `request.invalid` with `not_found` at the member's pointer.
[[nodiscard]] Result<domain::ActionInput> resolve_keys(Reader& reader, const domain::Desk& desk,
                                                       const ActionRequest& request);
[[nodiscard]] Error not_found_at(std::string pointer, std::string detail);
// Puts the pointer of the surrounding body before each field's; an error without fields points to the step's action.
[[nodiscard]] Error within(Error error, const std::string& pointer);

}  // namespace firstline::app
