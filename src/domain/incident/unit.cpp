#include "domain/incident/unit.hpp"

#include <algorithm>

namespace firstline::domain {
namespace {

struct TextMember {
    std::string_view name;
    std::string Incident::* member;
    EntryKind keeps_before_in;  // entries of this kind keep the former text beside the new one; `log`: none does
};
constexpr TextMember kTexts[]{{"title", &Incident::title, EntryKind::edit},
                              {"description", &Incident::description, EntryKind::edit},
                              {"resolution_notes", &Incident::resolution_notes, EntryKind::log},
                              {"priority_reason", &Incident::priority_reason, EntryKind::triage},
                              {"csat_comment", &Incident::csat_comment, EntryKind::log}};

bool is_always_public(EntryKind kind) {
    switch (kind) {
        case EntryKind::log:
        case EntryKind::reply:
        case EntryKind::message:
        case EntryKind::resolve:
        case EntryKind::confirm:
        case EntryKind::reject:
        case EntryKind::auto_close:
        case EntryKind::close:
        case EntryKind::rate:
        case EntryKind::reopen:
        case EntryKind::cancel:
        case EntryKind::merge:
        case EntryKind::unmerge: return true;
        case EntryKind::triage:
        case EntryKind::assign:
        case EntryKind::start:
        case EntryKind::hold:
        case EntryKind::resume:
        case EntryKind::escalate:
        case EntryKind::raise:
        case EntryKind::undo:
        case EntryKind::note:
        case EntryKind::edit:
        case EntryKind::attach:
        case EntryKind::watch:
        case EntryKind::unwatch:
        case EntryKind::link:
        case EntryKind::unlink:
        case EntryKind::redact:
        case EntryKind::merged_from:
        case EntryKind::unmerged_from:
        case EntryKind::follow_up:
        case EntryKind::child_rejected:
        case EntryKind::team_dissolved:
        case EntryKind::assignee_left: return false;
    }
    return false;
}

// What a requester reads as `handled_by`.
std::string_view public_name_of(const Desk& desk, TeamId id) {
    const Team* team = id.is_set() ? desk.team(id) : nullptr;
    return team == nullptr ? std::string_view() : std::string_view(team->public_name);
}

// A change that a requester can see makes its entry public, whatever its kind.
bool shows_to_requester(const Incident& before, const Incident& after, const Desk& desk) {
    return step_of(before.state) != step_of(after.state) ||
           is_waiting_for_requester(before) != is_waiting_for_requester(after) || before.title != after.title ||
           before.description != after.description || before.resolution_notes != after.resolution_notes ||
           before.service != after.service || before.requester != after.requester ||
           public_name_of(desk, before.team) != public_name_of(desk, after.team);
}

}  // namespace

Instant Unit::now() const { return std::max(context_.now, incident_.updated_at); }

Entry& Unit::append(EntryKind kind, const Mutation& mutate) {
    Entry entry;
    entry.kind = kind;
    entry.seq = incident_.version + 1;
    entry.at = now();
    entry.recorded_at = std::max(context_.recorded_at, entry.at);
    entry.actor = actor_.user;
    entry.capacity = actor_.capacity;
    entry.is_inferred = is_inferred_;
    entry.is_public = is_always_public(kind);
    Incident next = incident_;
    mutate(next, entry);
    entry.changes = difference(incident_, next);
    for (const TextMember& text : kTexts) {
        if (next.*text.member == incident_.*text.member) continue;
        entry.texts.push_back({std::string(text.name), next.*text.member});
        if (kind == text.keeps_before_in && kind != EntryKind::log) {
            entry.texts.push_back({std::string(text.name) + "_before", incident_.*text.member});
        }
    }
    entry.is_public = entry.is_public || shows_to_requester(incident_, next, desk());
    apply(incident_, entry);
    entries_.push_back(std::move(entry));
    return entries_.back();
}

void Unit::tell_person(UserId user, EntryKind kind) {
    if (is_import() || !user.is_set()) return;
    notices_.push_back({Notice::To::person, user.value, kind, incident_.version});
}

void Unit::tell_team(TeamId team, EntryKind kind) {
    if (is_import() || !team.is_set()) return;
    notices_.push_back({Notice::To::team, team.value, kind, incident_.version});
}

void Unit::tell_holder(EntryKind kind) {
    if (incident_.assignee.is_set()) {
        tell_person(incident_.assignee, kind);
    } else {
        tell_team(incident_.team, kind);
    }
}

std::vector<Notice> Unit::notices() const {
    std::vector<Notice> out;
    for (const Notice& notice : notices_) {
        std::erase_if(out, [&](const Notice& n) { return n.to == notice.to && n.id == notice.id; });
        const bool is_own_act = notice.to == Notice::To::person && notice.id == actor_.user.value;
        if (!is_own_act) out.push_back(notice);
    }
    return out;
}

void follow_successor(Incident& next, const Desk& desk) {
    const Team* team = next.team.is_set() ? desk.standing_team(next.team) : nullptr;
    if (team == nullptr || team->id == next.team) return;
    next.team = team->id;
    next.tier = team->tier;
    if (next.assignee.is_set() && desk.is_active_member(team->id, next.assignee)) return;
    // What the dissolved team had begun, the successor has not, unless the same person carries on.
    next.assignee = {};
    next.is_team_started = false;
}

void return_work(Incident& next, const Desk& desk) {
    follow_successor(next, desk);
    const bool is_assignee_active = next.assignee.is_set() && desk.is_active_member(next.team, next.assignee);
    next.hold_reason.reset();
    next.resume_at.reset();
    if (next.team.is_set() && next.is_team_started && is_assignee_active) {
        next.state = State::in_progress;
        return;
    }
    if (!is_assignee_active) next.assignee = {};
    next.state = next.team.is_set() ? State::assigned : State::new_;
}

}  // namespace firstline::domain
