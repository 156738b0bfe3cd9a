// What holds of every incident at every moment; a failure names the way that led there.
#pragma once

#include <rapidcheck.h>

#include <sstream>
#include <tuple>

#include "domain/test/random_desk.hpp"

namespace firstline::domain::test {

inline void need(bool holds, const Story& story, const std::string& what) {
    if (holds) return;
    std::ostringstream out;
    out << what << "; INC-" << story.incident.id.value << " is " << to_string(story.incident.state) << " after";
    for (const Entry& entry : story.entries) out << " " << to_string(entry.kind) << "/" << to_string(entry.capacity);
    RC_FAIL(out.str());
}

// What a requester reads of an incident (api.md §2) changes by public entries only, so that their version tells of it.
inline void check_public_version(const World& world, const Story& story) {
    const auto shown = [&](const Incident& i) {
        const bool is_waiting = i.state == State::on_hold && i.hold_reason == HoldReason::awaiting_requester;
        const std::string team = i.team.is_set() ? world.desk.team(i.team)->public_name : std::string();
        return std::tuple(i.title, i.description, step_of(i.state), is_waiting, i.channel, i.service, i.requester, team,
                          i.created_at, i.resolved_at, i.closed_at, i.canceled_at, i.resolution_notes, i.csat);
    };
    Incident folded;
    for (const Entry& entry : story.entries) {
        const auto before = shown(folded);
        apply(folded, entry);
        need(entry.is_public || shown(folded) == before, story,
             "an internal entry changes nothing that requesters see");
    }
}

inline void check_row(const World& world, const Story& story, bool is_imported) {
    const Incident& i = story.incident;
    const auto ok = [&](bool holds, const char* what) { need(holds, story, what); };
    ok(fold(i.id, story.entries) == i, "the fold is the row");
    ok(i.version == static_cast<std::int64_t>(story.entries.size()), "version counts the entries");
    std::int64_t seq = 0, seen = 0;
    Instant at{};
    for (const Entry& entry : story.entries) {
        ok(entry.seq == ++seq, "seq counts up");
        ok(entry.at >= at && entry.recorded_at >= entry.at, "time never runs back");
        at = entry.at;
        seen += entry.is_public ? 1 : 0;
    }
    ok(i.public_version == seen, "public_version counts the public entries");
    check_public_version(world, story);
    ok(i.updated_at == at, "updated_at is the last entry's");
    const bool is_resolved = i.state == State::resolved || i.state == State::closed;
    ok((i.state == State::on_hold) == i.hold_reason.has_value(), "on_hold and only on_hold has a reason");
    ok(i.hold_reason.has_value() || !i.resume_at, "only a hold has a time");
    ok(i.hold_reason != HoldReason::scheduled || i.resume_at || is_imported, "scheduled has a time");
    ok(is_resolved == (i.resolved_at && i.resolution_code && i.resolved_seq),
       "resolved and closed carry the resolution that stands");
    ok(!is_resolved || story.entries[static_cast<std::size_t>(*i.resolved_seq - 1)].kind == EntryKind::resolve,
       "resolved_seq is a resolve");
    ok((i.state == State::closed) == i.closed_at.has_value(), "closed and only closed has closed_at");
    ok((i.state == State::canceled) == i.canceled_at.has_value(), "canceled and only canceled has canceled_at");
    ok(!i.merged_into.is_set() || (i.state == State::canceled && i.merged_into != i.id), "merged is canceled");
    ok(i.state != State::assigned || i.team.is_set(), "assigned has a team");
    ok(i.state != State::new_ || !i.team.is_set(), "new has none");
    ok(i.state != State::in_progress || i.assignee.is_set() || is_imported, "somebody works on what is in progress");
    ok(i.tier == (i.team.is_set() ? world.desk.team(i.team)->tier : 0), "the tier is the team's");
    ok(!i.is_restricted || i.team.is_set() || is_imported, "what is restricted has a team");
    const Person* assignee = world.desk.staff_member(i.assignee);
    ok(!is_open(i.state) || !i.assignee.is_set() || is_imported || (assignee != nullptr && assignee->is_active),
       "no leaver keeps work");
    ok(stage_of(i).has_value() == (i.state != State::canceled), "every stage is derived");
    ok(i.is_priority_known || (i.priority == Priority::p3 && !i.is_priority_set), "unknown counts as P3");
    ok(!i.csat || (*i.csat >= 1 && *i.csat <= 5), "a rating is 1 to 5");
}

inline void check_notices(const Unit& unit, const Story& story) {
    std::set<std::pair<Notice::To, std::int64_t>> told;
    for (const Notice& notice : unit.notices()) {
        need(told.insert({notice.to, notice.id}).second, story, "each is told once");
        need(notice.to == Notice::To::team || notice.id != unit.actor().user.value, story,
             "nobody is told of their own act");
        need(!unit.is_import(), story, "an import tells nobody");
    }
}

}  // namespace firstline::domain::test
