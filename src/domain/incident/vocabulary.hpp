// The words of an incident's life (domain.md §1–3).
#pragma once

#include <cstdint>

#include "domain/names.hpp"

namespace firstline::domain {

//   new ──► assigned ──► in_progress ◄──► on_hold
//    └───────────┴────────────┴─────────────┴──► resolved ──► closed
//    └───────────┴────────────┴─────────────┴──► canceled        (resolved, closed, canceled: back by reject, reopen, unmerge)
enum class State : std::uint8_t { new_, assigned, in_progress, on_hold, resolved, closed, canceled };
template <>
struct Words<State> {
    static constexpr std::array<std::string_view, 7> kWords{"new",      "assigned", "in_progress", "on_hold",
                                                            "resolved", "closed",   "canceled"};
};

enum class Action : std::uint8_t {
    log,
    triage,
    assign,
    start,
    hold,
    resume,
    escalate,
    raise,
    resolve,
    confirm,
    reject,
    auto_close,
    close,
    rate,
    reopen,
    cancel,
    merge,
    unmerge,
    undo
};
template <>
struct Words<Action> {
    static constexpr std::array<std::string_view, 19> kWords{
        "log",    "triage",     "assign", "start", "hold",   "resume", "escalate", "raise",   "resolve", "confirm",
        "reject", "auto_close", "close",  "rate",  "reopen", "cancel", "merge",    "unmerge", "undo"};
};

// In what capacity somebody acts on one incident; the "who" column of domain.md §2.
enum class Capacity : std::uint8_t {
    requester,
    requester_reply,
    agent,
    team_lead,
    monitoring,
    timer,
    rule,
    importer,
    auditor
};
template <>
struct Words<Capacity> {
    static constexpr std::array<std::string_view, 9> kWords{
        "requester", "requester_reply", "agent", "team_lead", "monitoring", "timer", "rule", "importer", "auditor"};
};

enum class HoldReason : std::uint8_t {
    awaiting_requester,
    awaiting_vendor,
    awaiting_change,
    awaiting_problem,
    awaiting_evidence,
    scheduled
};
template <>
struct Words<HoldReason> {
    static constexpr std::array<std::string_view, 6> kWords{"awaiting_requester", "awaiting_vendor",
                                                            "awaiting_change",    "awaiting_problem",
                                                            "awaiting_evidence",  "scheduled"};
};

enum class Kind : std::uint8_t { incident, request };
template <>
struct Words<Kind> {
    static constexpr std::array<std::string_view, 2> kWords{"incident", "request"};
};

enum class Channel : std::uint8_t { portal, email, phone, monitoring, api, chat, walk_in };
template <>
struct Words<Channel> {
    static constexpr std::array<std::string_view, 7> kWords{"portal", "email", "phone",  "monitoring",
                                                            "api",    "chat",  "walk_in"};
};

enum class Priority : std::uint8_t { p1, p2, p3, p4, p5 };
template <>
struct Words<Priority> {
    static constexpr std::array<std::string_view, 5> kWords{"P1", "P2", "P3", "P4", "P5"};
};

enum class ResolutionCode : std::uint8_t {
    fixed,
    workaround,
    known_error,
    user_guidance,
    no_fault_found,
    recovered_by_itself,
    third_party_fixed,
    no_response,
    not_recorded  // importers only
};
template <>
struct Words<ResolutionCode> {
    static constexpr std::array<std::string_view, 9> kWords{
        "fixed",          "workaround",          "known_error",       "user_guidance",
        "no_fault_found", "recovered_by_itself", "third_party_fixed", "no_response",
        "not_recorded"};
};

enum class CancelCode : std::uint8_t { not_an_incident, spam, mistake, test };
template <>
struct Words<CancelCode> {
    static constexpr std::array<std::string_view, 4> kWords{"not_an_incident", "spam", "mistake", "test"};
};

// What a requester sees instead of the state (api.md §2).
enum class Step : std::uint8_t { received, in_progress, your_ok, closed, canceled };
template <>
struct Words<Step> {
    static constexpr std::array<std::string_view, 5> kWords{"received", "in_progress", "your_ok", "closed", "canceled"};
};

[[nodiscard]] constexpr Step step_of(State state) {
    switch (state) {
        case State::new_:
        case State::assigned: return Step::received;
        case State::in_progress:
        case State::on_hold: return Step::in_progress;
        case State::resolved: return Step::your_ok;
        case State::closed: return Step::closed;
        case State::canceled: return Step::canceled;
    }
    return Step::received;
}

[[nodiscard]] constexpr bool is_open(State state) { return state != State::closed && state != State::canceled; }
// Backlog and load: open and not resolved (domain.md §1, §11).
[[nodiscard]] constexpr bool is_unresolved(State state) { return is_open(state) && state != State::resolved; }

}  // namespace firstline::domain
