#include "app/incidents/list/match.hpp"

#include <algorithm>

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::size_t kFilterValuesMax = 100;

struct Problems {
    std::vector<FieldError> fields;
    void add(std::string_view name, std::string code, std::string detail) {
        fields.push_back({"?" + std::string(name), std::move(code), std::move(detail)});
    }
    [[nodiscard]] Status result() {
        if (fields.empty()) return {};
        return fail(Error{ErrorKind::invalid, "request.invalid", fields.front().detail, fields});
    }
};

void resolve_states(const std::vector<std::string>& words, ResolvedFilter& out, Problems& problems) {
    for (const auto& word : words) {
        if (word == "open") {
            for (std::size_t i = 0; i < kCount<State>; ++i) {
                if (is_open(static_cast<State>(i))) out.states.insert(static_cast<State>(i));
            }
        } else if (const auto state = parse_word<State>(word)) {
            out.states.insert(*state);
        } else {
            problems.add("state", "enum", "\"" + word.substr(0, 40) + "\" is no state.");
        }
    }
}

Status resolve_people(Reader& reader, const Session& session, std::string_view name,
                      const std::vector<std::string>& keys, bool allows_words, std::set<std::int64_t>& out,
                      Problems& problems) {
    for (const auto& key : keys) {
        if (allows_words && key == "none") {
            out.insert(0);
        } else if (key == "me") {
            out.insert(session.user().value);
        } else {
            TRY(const auto person, find_person(reader, key));
            if (person) {
                out.insert(person->id.value);
            } else {
                problems.add(name, "not_found", "There is nobody with the key \"" + key.substr(0, 64) + "\".");
            }
        }
    }
    return {};
}

template <class Find>
void resolve_named(std::string_view name, const std::vector<std::string>& keys, Find find, std::set<std::int64_t>& out,
                   Problems& problems) {
    for (const auto& key : keys) {
        const auto* found = find(std::string_view(key));
        if (found == nullptr) {
            problems.add(name, "not_found", "There is no \"" + key.substr(0, 64) + "\" here.");
        } else {
            out.insert(found->id.value);
        }
    }
}

Status resolve_tags(Reader& reader, const std::vector<std::string>& keys, ResolvedFilter& out, Problems& problems) {
    if (keys.empty()) return {};
    CHECK_OK(reader.query("incident_tag.by_keys", {TextList{keys}}, [&](const Row& row) {
        out.tags.push_back(row.integer(0));
        return true;
    }));
    if (out.tags.size() < std::set<std::string>(keys.begin(), keys.end()).size()) {
        problems.add("tag", "not_found", "One of these tags does not exist.");
    }
    return {};
}

}  // namespace

HeadRow head_from_row(const Row& row) {
    HeadRow head;
    head.id = row.integer(0);
    head.priority = static_cast<int>(parse_word<Priority>(row.text(1)).value_or(Priority::p3));
    head.is_paused = row.flag(2);
    head.due_at = row.integer(3);
    head.team = row.id<TeamId>(4);
    head.state = parse_word<State>(row.text(5)).value_or(State::new_);
    head.assignee = row.id<UserId>(6);
    head.requester = row.id<UserId>(7);
    head.service = row.id<ServiceId>(8);
    head.organization = row.id<OrganizationId>(9);
    head.is_restricted = row.flag(10);
    head.is_priority_known = row.flag(11);
    return head;
}

bool ResolvedFilter::is_open_only() const {
    return !states.empty() && std::all_of(states.begin(), states.end(), [](State state) { return is_open(state); });
}

bool ResolvedFilter::matches(const HeadRow& row) const {
    if (!states.empty() && !states.contains(row.state)) return false;
    if (!teams.empty() && !teams.contains(row.team.value)) return false;
    if (!assignees.empty() && !assignees.contains(row.assignee.value)) return false;
    if (!priorities.empty() && !priorities.contains(row.is_priority_known ? row.priority : -1)) return false;
    if (!services.empty() && !services.contains(row.service.value)) return false;
    return requesters.empty() || requesters.contains(row.requester.value);
}

Result<ResolvedFilter> resolve_filter(Reader& reader, const Desk& desk, const Session& session,
                                      const ListFilter& filter) {
    ResolvedFilter out;
    Problems problems;
    resolve_states(filter.states, out, problems);
    for (const auto& key : filter.teams) {
        if (key == "none") out.teams.insert(0);
    }
    std::vector<std::string> team_keys = filter.teams;
    std::erase(team_keys, "none");
    resolve_named("team", team_keys, [&](std::string_view key) { return desk.team(key); }, out.teams, problems);
    CHECK_OK(resolve_people(reader, session, "assignee", filter.assignees, true, out.assignees, problems));
    CHECK_OK(resolve_people(reader, session, "requester", filter.requesters, false, out.requesters, problems));
    resolve_named(
        "category", filter.categories, [&](std::string_view key) { return desk.category(key); }, out.categories,
        problems);
    resolve_named(
        "service", filter.services, [&](std::string_view key) { return desk.service(key); }, out.services, problems);
    for (const auto& word : filter.priorities) {
        const auto priority = parse_word<Priority>(word);
        if (word == "none") {
            out.priorities.insert(-1);
        } else if (priority) {
            out.priorities.insert(static_cast<int>(*priority));
        } else {
            problems.add("priority", "enum", "A priority is P1 to P5, or none.");
        }
    }
    for (const auto& word : filter.channels) {
        if (const auto channel = parse_word<Channel>(word)) {
            out.channels.insert(*channel);
        } else {
            problems.add("channel", "enum", "\"" + word.substr(0, 40) + "\" is no channel.");
        }
    }
    CHECK_OK(resolve_tags(reader, filter.tags, out, problems));
    out.external_refs = filter.external_refs;
    out.q = filter.q;
    const std::size_t values = filter.states.size() + filter.teams.size() + filter.assignees.size() +
                               filter.requesters.size() + filter.categories.size() + filter.services.size() +
                               filter.tags.size() + filter.external_refs.size();
    if (values > kFilterValuesMax) problems.add("state", "too_long", "At most 100 filter values in all.");
    CHECK_OK(problems.result());
    return out;
}

Result<bool> is_visible(Reader& reader, const Session& session, const HeadRow& row) {
    const Caller& caller = session.caller;
    if (caller.roles.has(Role::auditor)) return true;
    if (!row.is_restricted && caller.roles.has(Role::agent)) return true;
    if (row.requester.is_set() && row.requester == caller.user) return true;
    if (row.is_restricted && caller.roles.has(Role::agent)) {
        if (row.assignee.is_set() && row.assignee == caller.user) return true;
        if (std::find(caller.teams.begin(), caller.teams.end(), row.team) != caller.teams.end()) return true;
    }
    if (!row.is_restricted && caller.organization_shares && caller.organization.is_set() &&
        row.organization == caller.organization) {
        return true;
    }
    bool watches = false;
    CHECK_OK(reader.query("watcher.is", {row.id, caller.user.value}, [&](const Row&) {
        watches = true;
        return false;
    }));
    return watches;
}

}  // namespace firstline::app
