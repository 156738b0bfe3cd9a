#include "app/imports/names_maker.hpp"

#include <algorithm>
#include <future>

#include "app/directory/people.hpp"
#include "app/directory/users/fields.hpp"
#include "app/imports/names.hpp"
#include "base/text.hpp"

namespace firstline::app::imports {

using namespace domain;

namespace {
constexpr std::size_t kKeyBaseMax = 50;  // leaves room for what makes a taken key unique
constexpr std::size_t kKeyMarkDigits = 8;
}  // namespace

std::string key_for_person(std::string_view name) {
    std::string key = to_key(name.substr(0, name.find('@')));
    return key.empty() ? "person" : key;
}

Result<bool> commit(Store& store, Change change) {
    std::promise<Committed> answered;
    store.submit(std::move(change), [&](const Committed& committed) { answered.set_value(committed); });
    const Committed committed = answered.get_future().get();
    switch (committed.outcome) {
        case Outcome::committed: return true;
        case Outcome::stale:
        case Outcome::config_changed:
        case Outcome::duplicate:
        case Outcome::exists: return false;
        case Outcome::expired:
        case Outcome::unavailable: break;
    }
    return fail(ErrorKind::unavailable, "storage.unavailable",
                "The desk could not write: import again, nothing is made twice.");
}

NamesMaker::NamesMaker(Reader& reader, Toolbox& tools, const Session& session, const Desk& desk,
                       std::set<std::string> taken_keys)
    : reader_(reader),
      tools_(tools),
      session_(session),
      desk_(desk),
      now_(tools.clock.now()),
      person_keys_(std::move(taken_keys)) {
    for (const auto& [id, team] : desk.teams) team_keys_.insert(team.key);
    for (const auto& [id, category] : desk.categories) category_keys_.insert(category.key);
}

std::string NamesMaker::free_key(std::set<std::string>& taken, std::string base, std::string_view name) const {
    if (taken.insert(base).second) return base;
    std::string key = base.substr(0, kKeyBaseMax);
    while (!key.empty() && key.back() == '-') key.pop_back();
    key += "-" + to_hex(sha256(name)).substr(0, kKeyMarkDigits);
    taken.insert(key);
    return key;
}

Status NamesMaker::audit(std::string_view subject, std::int64_t id, std::int64_t seq, std::string_view kind,
                         std::vector<Detail> details, std::string name) {
    AuditFact fact{subject, id, seq, kind, std::move(details), {}};
    if (!name.empty()) fact.texts.push_back({"name", std::move(name)});
    TRY(auto entry, audit_entry(reader_, desk_, session_, now_, fact));
    made_.change.entries.push_back(std::move(entry));
    return {};
}

Write NamesMaker::write_team(const Team& team, std::string_view statement) const {
    return {statement,
            {team.id.value, team.version, team.key, team.name, team.public_name, value(team.tier),
             std::string(to_string(team.mode)), value(team.is_active), team.successor.value},
            OnConflict::exists};
}

Status NamesMaker::add_team(const std::string& name) {
    if (new_teams_.contains(fold(name))) return {};
    Team team;
    TRY(const auto id, tools_.store.next_id(IdKind::team));
    team.id = TeamId{id};
    team.version = 1;
    std::string key = to_key(name);
    team.key = free_key(team_keys_, key.empty() ? "team" : std::move(key), name);
    team.name = name;
    team.public_name = name;
    made_.change.writes.push_back(write_team(team, "team.insert"));
    new_teams_.emplace(fold(name), std::move(team));
    return {};
}

Status NamesMaker::add_person(const std::string& name, Roles roles) {
    if (const auto it = new_people_.find(fold(name)); it != new_people_.end()) {
        made_.people.emplace_back(name, it->second);
        return {};
    }
    Person person;
    TRY(const auto id, tools_.store.next_id(IdKind::user));
    person.id = UserId{id};
    person.version = 1;
    person.key = free_key(person_keys_, key_for_person(name), name);
    person.name = name;
    if (is_email_address(name)) person.email = name;
    person.roles = roles;
    person.created_at = now_;
    made_.change.writes.push_back(insert_person(person));
    new_people_.emplace(fold(name), person);
    made_.people.emplace_back(name, person);
    return audit("user", id, 1, "create", {{"roles", to_text(roles)}}, name);
}

Status NamesMaker::add_agent(const std::string& name, UserId known) {
    if (!known.is_set()) return add_person(name, Roles(Role::agent));
    const Person* staff = desk_.staff_member(known);
    if (staff != nullptr && staff->roles.has(Role::agent)) return {};
    TRY(auto person, find_person(reader_, known));
    if (!person) return {};
    person->roles.add(Role::agent);
    ++person->version;
    made_.change.writes.push_back(update_person(*person));
    made_.change.raises_config = true;
    return audit("user", known.value, person->version, "edit", {{"roles", to_text(person->roles)}}, "");
}

Status NamesMaker::add_requester(const std::string& name) { return add_person(name, Roles(Role::requester)); }

void NamesMaker::add_member(const std::string& team_name, TeamId team, const std::string& name, UserId person) {
    if (!team.is_set()) team = new_teams_.at(fold(team_name)).id;
    if (!person.is_set()) person = new_people_.at(fold(name)).id;
    if (const Team* known = desk_.team(team)) {
        const auto is_them = [&](const Member& member) { return member.user == person; };
        if (std::any_of(known->members.begin(), known->members.end(), is_them)) return;
    }
    new_members_[team].insert(person);
}

Result<CategoryId> NamesMaker::child(CategoryId parent, std::string_view name, const std::string& key_words) {
    const std::string folded = fold(name);
    for (const auto& [id, category] : desk_.categories) {
        if (category.parent == parent && fold(category.name) == folded) return id;
    }
    const std::string place = std::to_string(parent.value) + "/" + folded;
    if (const auto it = new_categories_.find(place); it != new_categories_.end()) return it->second;
    TRY(const auto id, tools_.store.next_id(IdKind::category));
    const std::string key = free_key(category_keys_, to_key(key_words), key_words);
    made_.change.writes.push_back({"category.insert",
                                   {id, std::int64_t{1}, key, std::string(name), parent.value, std::string(name),
                                    value(false), std::int64_t{0}, value(true)},
                                   OnConflict::exists});
    new_categories_.emplace(place, CategoryId{id});
    CHECK_OK(audit("category", id, 1, "create", {{"parent", parent.value}}, std::string(name)));
    return CategoryId{id};
}

Status NamesMaker::add_category(const std::string& category, const std::string& subcategory) {
    CategoryId at;
    if (const Category* root = desk_.category(kRootKey)) {
        at = root->id;
    } else {
        TRY(at, child({}, kRootName, std::string(kRootKey)));
    }
    std::string words(kRootKey);
    for (const std::string& name : {category, subcategory}) {
        if (name.empty()) continue;
        words += " " + name;
        TRY(at, child(at, name, words));
    }
    return {};
}

std::vector<Detail> NamesMaker::put_members(TeamId team) {
    std::vector<Detail> details;
    for (const UserId person : new_members_[team]) {
        const auto [rank, is_first] =
            ranks_.try_emplace(person, static_cast<std::int64_t>(desk_.teams_of_person(person).size()));
        made_.change.writes.push_back(
            {"team_member.put", {team.value, person.value, value(false), rank->second++}, OnConflict::stale});
        details.push_back({"member", person.value});
    }
    return details;
}

Result<Made> NamesMaker::finish() {
    for (const auto& [name, team] : new_teams_)
        CHECK_OK(audit("team", team.id.value, 1, "create", put_members(team.id), team.name));
    for (const auto& [id, people] : new_members_) {
        const Team* known = desk_.team(id);
        if (known == nullptr) continue;
        Team team = *known;
        ++team.version;
        made_.change.writes.push_back(write_team(team, "team.update"));
        CHECK_OK(audit("team", id.value, team.version, "edit", put_members(id), ""));
    }
    const bool has_new_agent = std::any_of(made_.people.begin(), made_.people.end(),
                                           [](const auto& one) { return one.second.roles.is_staff(); });
    const bool changes_config =
        has_new_agent || !new_teams_.empty() || !new_members_.empty() || !new_categories_.empty();
    made_.change.raises_config = made_.change.raises_config || changes_config;
    made_.change.config_version = desk_.config_version;
    return std::move(made_);
}

}  // namespace firstline::app::imports
