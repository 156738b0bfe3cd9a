// One incident as a value: exactly what folding its timeline gives (architecture.md §1).
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "domain/ids.hpp"
#include "domain/incident/vocabulary.hpp"

namespace firstline::domain {

struct Incident {
    IncidentId id;
    std::int64_t version = 0;         // `seq` of its last timeline entry
    std::int64_t public_version = 0;  // how many entries a requester may see

    State state = State::new_;
    std::optional<HoldReason> hold_reason;
    std::optional<Instant> resume_at;
    Kind kind = Kind::incident;
    Channel channel = Channel::api;

    std::optional<int> impact, urgency;  // 1–3; what was said, without the VIP's lift
    Priority priority = Priority::p3;    // counts as P3 while unknown
    bool is_priority_known = false;
    bool is_priority_set = false;  // overridden by a person, with `priority_reason`

    TeamId team;
    UserId assignee;
    int tier = 0;                  // of the team; 0 without one
    bool is_team_started = false;  // the current team has had a `start`; decides where work returns

    UserId requester;
    OrganizationId organization;
    ServiceId service;
    CategoryId category;
    CiId ci;
    IncidentId parent, merged_into, follow_up_of;
    bool is_restricted = false;
    bool needs_reply = false;
    bool has_attachment = false;
    UserId opened_by;
    std::optional<int> affected_count;

    std::optional<ResolutionCode> resolution_code;
    bool is_recovered = false;                 // resolved by monitoring's recovery: it may reopen
    std::optional<std::int64_t> resolved_seq;  // the resolution that stands; a confirm link is bound to it
    int reassignment_count = 0;
    int reopen_count = 0;
    int escalation_count = 0;
    std::optional<int> csat;

    Instant created_at{}, updated_at{};
    std::optional<Instant> triaged_at, assigned_at, started_at, resolved_at, closed_at, canceled_at;

    // Texts: never in an entry's data, only as salted hashes (storage.md §5).
    std::string title, description, resolution_notes, priority_reason, csat_comment;

    friend bool operator==(const Incident&, const Incident&) = default;
};

// Lifecycle stage 1–5, none when canceled; derived, never stored; the first fitting row of domain.md §2 wins.
[[nodiscard]] std::optional<int> stage_of(const Incident& incident);
// Clocks stand still: on hold for the requester or until a time (domain.md §5's default).
[[nodiscard]] bool is_paused(const Incident& incident);

}  // namespace firstline::domain
