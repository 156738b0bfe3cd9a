// A unit of work on one incident: decisions append entries to it, each applied as it is made (domain.md §2).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/desk/desk.hpp"
#include "domain/incident/entry.hpp"
#include "domain/incident/transition.hpp"

namespace firstline::domain {

struct Actor {
    UserId user;  // none for the desk itself, timers, monitoring, the importer
    Capacity capacity = Capacity::agent;
};

// What a decision may look at besides the incident. Pointers outlive the unit; null where there is none.
struct Context {
    const Desk& desk;
    Instant now{};
    const Person* requester = nullptr;  // the incident's
    const Incident* target = nullptr;   // merge: the other incident
    const Entry* last_entry = nullptr;  // undo: the entry at `version`
    Instant recorded_at{};              // when it is written; `now` but for imports
};

// Whom to tell of what; the outbox turns it into messages. One unit tells each person at most once, by its last step.
struct Notice {
    enum class To : std::uint8_t { person, team };
    To to = To::person;
    std::int64_t id = 0;
    EntryKind kind = EntryKind::log;
    std::int64_t seq = 0;
    friend bool operator==(const Notice&, const Notice&) = default;
};

class Unit {
public:
    Unit(Incident stored, Actor actor, const Context& context)
        : incident_(std::move(stored)), before_(incident_), actor_(actor), context_(context) {}

    using Mutation = std::function<void(Incident& next, Entry& entry)>;
    // Appends one entry: what `mutate` changes in the incident becomes the entry's changes and texts.
    Entry& append(EntryKind kind, const Mutation& mutate);

    void tell_person(UserId user, EntryKind kind);
    void tell_team(TeamId team, EntryKind kind);
    void tell_holder(EntryKind kind);  // the assignee, else the team
    void tell_requester(EntryKind kind) { tell_person(incident_.requester, kind); }
    // Each recipient once, by the last notice; nobody of their own act.
    [[nodiscard]] std::vector<Notice> notices() const;

    [[nodiscard]] const Incident& incident() const { return incident_; }
    [[nodiscard]] const Incident& before() const { return before_; }
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    [[nodiscard]] std::vector<Entry>& entries() { return entries_; }
    [[nodiscard]] const Actor& actor() const { return actor_; }
    [[nodiscard]] const Context& context() const { return context_; }
    [[nodiscard]] const Desk& desk() const { return context_.desk; }
    [[nodiscard]] Instant now() const;
    [[nodiscard]] bool is_import() const { return actor_.capacity == Capacity::importer; }
    [[nodiscard]] bool is_agent() const {
        return actor_.capacity == Capacity::agent || actor_.capacity == Capacity::team_lead;
    }
    [[nodiscard]] bool is_requester_vip() const { return context_.requester != nullptr && context_.requester->is_vip; }

    void mark_inferred(bool is_inferred) { is_inferred_ = is_inferred; }
    void set_now(Instant now) { context_.now = now; }  // imports: each row has its own time
    void act_as(Capacity capacity) { actor_.capacity = capacity; }
    void set_requester(const Person* requester) { context_.requester = requester; }
    // The reply whose text is the question of a `hold` came in the same unit.
    bool has_reply = false;

private:
    Incident incident_, before_;
    Actor actor_;
    Context context_;
    std::vector<Entry> entries_;
    std::vector<Notice> notices_;
    bool is_inferred_ = false;
};

// Shown to a requester as it stands: `on_hold` for them.
[[nodiscard]] inline bool is_waiting_for_requester(const Incident& incident) {
    return incident.state == State::on_hold && incident.hold_reason == HoldReason::awaiting_requester;
}

// Where the team was dissolved its successor is meant: takes its place, with the assignee where they are a member of it.
void follow_successor(Incident& next, const Desk& desk);

// Where work returns (domain.md §2, W), applied to `next`: state, and the assignee dropped where they are gone.
void return_work(Incident& next, const Desk& desk);

}  // namespace firstline::domain
