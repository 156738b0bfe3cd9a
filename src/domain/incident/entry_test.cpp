// The field table is total over the incident, and the fold gives back what was applied (storage.md §5).
#include "domain/incident/entry.hpp"

#include <gtest/gtest.h>

#include <set>

#include "domain/access/policy.hpp"
#include "domain/desk/desk.hpp"
#include "domain/incident/transition.hpp"

namespace firstline::domain {
namespace {

// Every member, each changed to something else. A new member of Incident breaks the binding below: name it here, and put it
// into the field table, the texts or the bookkeeping of `apply`.
struct Mutated {
    std::string_view member;
    Incident incident;
};

template <class T>
void change(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        value = !value;
    } else if constexpr (std::is_enum_v<T>) {
        value = static_cast<T>(static_cast<int>(value) + 1);
    } else if constexpr (std::is_same_v<T, std::string>) {
        value += "x";
    } else if constexpr (std::is_same_v<T, Instant>) {
        value.us += 7;
    } else if constexpr (std::is_integral_v<T>) {
        value += 3;
    } else if constexpr (requires { value.value += 5; }) {
        value.value += 5;
    } else {
        value.emplace();
        change(*value);
    }
}

std::vector<Mutated> every_member_changed() {
    constexpr std::string_view kNames[]{"id",
                                        "version",
                                        "public_version",
                                        "state",
                                        "hold_reason",
                                        "resume_at",
                                        "kind",
                                        "channel",
                                        "impact",
                                        "urgency",
                                        "priority",
                                        "priority_known",
                                        "priority_set",
                                        "team",
                                        "assignee",
                                        "tier",
                                        "team_started",
                                        "requester",
                                        "organization",
                                        "service",
                                        "category",
                                        "ci",
                                        "parent",
                                        "merged_into",
                                        "follow_up_of",
                                        "restricted",
                                        "needs_reply",
                                        "has_attachment",
                                        "opened_by",
                                        "affected_count",
                                        "resolution_code",
                                        "recovered",
                                        "resolved_seq",
                                        "reassignment_count",
                                        "reopen_count",
                                        "escalation_count",
                                        "csat",
                                        "created_at",
                                        "updated_at",
                                        "triaged_at",
                                        "assigned_at",
                                        "started_at",
                                        "resolved_at",
                                        "closed_at",
                                        "canceled_at",
                                        "title",
                                        "description",
                                        "resolution_notes",
                                        "priority_reason",
                                        "csat_comment"};
    std::vector<Mutated> out;
    for (std::size_t wanted = 0; wanted < std::size(kNames); ++wanted) {
        Incident incident;
        auto& [id, version, public_version, state, hold_reason, resume_at, kind, channel, impact, urgency, priority,
               is_priority_known, is_priority_set, team, assignee, tier, is_team_started, requester, organization,
               service, category, ci, parent, merged_into, follow_up_of, is_restricted, needs_reply, has_attachment,
               opened_by, affected_count, resolution_code, is_recovered, resolved_seq, reassignment_count, reopen_count,
               escalation_count, csat, created_at, updated_at, triaged_at, assigned_at, started_at, resolved_at,
               closed_at, canceled_at, title, description, resolution_notes, priority_reason, csat_comment] = incident;
        std::size_t at = 0;
        const auto visit = [&](auto&... members) { ((at++ == wanted ? change(members) : void()), ...); };
        visit(id, version, public_version, state, hold_reason, resume_at, kind, channel, impact, urgency, priority,
              is_priority_known, is_priority_set, team, assignee, tier, is_team_started, requester, organization,
              service, category, ci, parent, merged_into, follow_up_of, is_restricted, needs_reply, has_attachment,
              opened_by, affected_count, resolution_code, is_recovered, resolved_seq, reassignment_count, reopen_count,
              escalation_count, csat, created_at, updated_at, triaged_at, assigned_at, started_at, resolved_at,
              closed_at, canceled_at, title, description, resolution_notes, priority_reason, csat_comment);
        EXPECT_EQ(at, std::size(kNames));
        out.push_back({kNames[wanted], incident});
    }
    return out;
}

TEST(fields, cover_every_member_of_the_incident) {
    const std::set<std::string_view> texts{"title", "description", "resolution_notes", "priority_reason",
                                           "csat_comment"};
    const std::set<std::string_view> by_the_entry_itself{"id", "version", "public_version", "updated_at"};
    std::set<std::string_view> seen;
    for (const Mutated& mutated : every_member_changed()) {
        const Incident plain;
        ASSERT_NE(mutated.incident, plain) << mutated.member;
        const auto changes = difference(plain, mutated.incident);
        const bool is_field = !texts.contains(mutated.member) && !by_the_entry_itself.contains(mutated.member);
        ASSERT_EQ(changes.size(), is_field ? 1U : 0U) << mutated.member;
        if (!is_field) continue;
        EXPECT_EQ(changes.front().field, mutated.member);
        seen.insert(changes.front().field);
        Entry entry;
        entry.changes = changes;
        Incident applied;
        apply(applied, entry);
        EXPECT_EQ(applied, mutated.incident) << mutated.member;
        // And back: what undo does with `before`.
        find_field(changes.front().field)->set(applied, changes.front().before);
        EXPECT_EQ(applied, plain) << mutated.member;
    }
    EXPECT_EQ(seen.size(), fields().size()) << "a field of the table that is no member";
}

TEST(fields, texts_are_applied_by_name) {
    for (const std::string_view name :
         {"title", "description", "resolution_notes", "priority_reason", "csat_comment"}) {
        Entry entry;
        entry.texts = {{std::string(name), "new"}, {std::string(name) + "_before", "old"}, {"text", "else"}};
        Incident applied;
        apply(applied, entry);
        const std::string all = applied.title + applied.description + applied.resolution_notes +
                                applied.priority_reason + applied.csat_comment;
        EXPECT_EQ(all, "new") << name;
        EXPECT_EQ(find_field(name), nullptr) << "a text is never in an entry's data";
    }
}

TEST(fields, have_names_of_their_own) {
    std::set<std::string_view> names;
    for (const Field& field : fields()) {
        EXPECT_TRUE(names.insert(field.name).second) << field.name;
        EXPECT_EQ(find_field(field.name), &field);
    }
    EXPECT_EQ(find_field("nothing"), nullptr);
    EXPECT_EQ(find_field(""), nullptr);
}

// A value of the wrong type, or a word that is none, gives the member's plain value: stored data never breaks the reading.
TEST(fields, survive_values_of_another_type) {
    const FieldValue values[]{{}, true, std::int64_t{5}, std::string("nonsense")};
    for (const Field& field : fields()) {
        for (const FieldValue& value : values) {
            Incident incident;
            field.set(incident, value);
            Incident again;
            field.set(again, field.get(incident));
            EXPECT_TRUE(field.equal(incident, again)) << field.name;
        }
    }
}

template <Worded E>
void check_words(const char* name) {
    std::set<std::string_view> words;
    for (std::size_t i = 0; i < kCount<E>; ++i) {
        const auto value = static_cast<E>(i);
        EXPECT_FALSE(to_string(value).empty()) << name << i;
        EXPECT_TRUE(words.insert(to_string(value)).second) << name << to_string(value);
        EXPECT_EQ(parse_word<E>(to_string(value)), value) << name;
    }
    EXPECT_FALSE(parse_word<E>("")) << name;
    EXPECT_FALSE(parse_word<E>("nonsense")) << name;
}

TEST(words, are_unique_and_read_back) {
    check_words<State>("state ");
    check_words<Action>("action ");
    check_words<Capacity>("capacity ");
    check_words<HoldReason>("hold_reason ");
    check_words<Kind>("kind ");
    check_words<Channel>("channel ");
    check_words<Priority>("priority ");
    check_words<ResolutionCode>("resolution_code ");
    check_words<CancelCode>("cancel_code ");
    check_words<Step>("step ");
    check_words<Target>("target ");
    check_words<Guard>("guard ");
    check_words<EntryKind>("entry_kind ");
    check_words<Role>("role ");
    check_words<Permission>("permission ");
    check_words<Scope>("scope ");
    check_words<TeamMode>("mode ");
    check_words<Criticality>("criticality ");
}

TEST(words, the_first_entry_kinds_are_the_actions) {
    for (std::size_t i = 0; i < kCount<Action>; ++i) {
        const auto action = static_cast<Action>(i);
        EXPECT_EQ(to_string(entry_kind(action)), to_string(action));
    }
}

// The first fitting row of domain.md §2 wins.
TEST(stages, are_derived_from_state_category_priority_and_team) {
    for (std::size_t s = 0; s < kCount<State>; ++s) {
        for (unsigned bits = 0; bits < 8; ++bits) {
            Incident incident;
            incident.state = static_cast<State>(s);
            if ((bits & 1U) != 0) incident.category = CategoryId{1};
            incident.is_priority_known = (bits & 2U) != 0;
            if ((bits & 4U) != 0) incident.team = TeamId{1};
            std::optional<int> expected;
            if (incident.state == State::resolved || incident.state == State::closed) expected = 5;
            if (incident.state == State::in_progress || incident.state == State::on_hold) expected = 4;
            if (incident.state == State::new_ || incident.state == State::assigned)
                expected = bits == 7 ? 3 : (bits & 3U) != 0 ? 2 : 1;
            EXPECT_EQ(stage_of(incident), expected) << s << " " << bits;
        }
    }
}

TEST(clocks, stand_still_for_the_requester_and_until_a_time) {
    for (std::size_t s = 0; s < kCount<State>; ++s) {
        for (std::size_t h = 0; h < kCount<HoldReason>; ++h) {
            Incident incident;
            incident.state = static_cast<State>(s);
            incident.hold_reason = static_cast<HoldReason>(h);
            const bool expected = incident.state == State::on_hold && (h == 0 || h == 5);
            EXPECT_EQ(is_paused(incident), expected) << s << " " << h;
        }
    }
}

}  // namespace
}  // namespace firstline::domain
