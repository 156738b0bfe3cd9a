#include "app/imports/names.hpp"

#include <map>
#include <optional>

#include "app/directory/people.hpp"
#include "app/directory/users/fields.hpp"
#include "app/imports/names_maker.hpp"
#include "base/text.hpp"

namespace firstline::app::imports {

using namespace domain;

namespace {

constexpr int kTriesMax = 5;
constexpr std::size_t kPeopleKnownMax = 500'000;

std::string category_place(CategoryId parent, std::string_view name) {
    std::string place = std::to_string(parent.value) + "/";
    place += name;
    return place;
}

}  // namespace

Names::Wanted Names::wanted_by(std::span<const IncidentRowsPtr> incidents) {
    Wanted wanted;
    for (const auto& incident : incidents) {
        for (const Snapshot& row : incident->rows) {
            if (!row.team.empty()) wanted.teams.insert(row.team);
            if (!row.assignee.empty()) wanted.staff.insert(row.assignee);
            if (!row.team.empty() && !row.assignee.empty()) wanted.members.emplace(row.team, row.assignee);
            if (!row.requester.empty()) wanted.requesters.insert(row.requester);
            if (!row.category.empty() || !row.subcategory.empty())
                wanted.categories.emplace(row.category, row.subcategory);
        }
    }
    return wanted;
}

void Names::index_desk() {
    teams_.clear();
    categories_.clear();
    for (const auto& [id, team] : desk_->teams) teams_.try_emplace(team.name, id);
    for (const auto& [id, team] : desk_->teams) teams_.try_emplace(fold(team.name), id);
    for (const auto& [id, team] : desk_->teams) teams_.try_emplace(team.key, id);
    for (const auto& [id, category] : desk_->categories)
        categories_.try_emplace(category_place(category.parent, category.name), id);
    for (const auto& [id, category] : desk_->categories) {
        categories_.try_emplace(category_place(category.parent, fold(category.name)), id);
    }
}

Status Names::refresh() {
    DeskPtr desk;
    CHECK_OK(tools_.store.read([&](Reader& reader) -> Status {
        TRY(desk, tools_.desks.current(reader));
        return {};
    }));
    if (desk == desk_) return {};
    desk_ = std::move(desk);
    index_desk();
    return {};
}

void Names::remember(const std::string& name, const Person& person) {
    people_.insert_or_assign(name, PersonFound{person.id, person.organization});
    if (person.organization.is_set()) organizations_.insert_or_assign(person.id, person.organization);
    if (person.is_vip) vips_.insert_or_assign(person.id, person);
}

Status Names::find_people(Reader& reader, const Wanted& wanted, std::set<std::string>& taken_keys) {
    if (people_.size() > kPeopleKnownMax) people_.clear();
    std::map<std::string, std::vector<std::string>> by_name, by_email, by_key;  // what is asked for → the rows' words
    for (const auto* names : {&wanted.staff, &wanted.requesters}) {
        for (const std::string& name : *names) {
            if (people_.contains(name)) continue;
            (is_email_address(name) ? by_email : by_name)[fold(name)].push_back(name);
            by_key[key_for_person(name)].push_back(name);
        }
    }
    const auto ask = [&](std::string_view statement, const auto& names, const auto& each) -> Status {
        if (names.empty()) return {};
        TextList list;
        for (const auto& [name, words] : names) list.items.push_back(name);
        return reader.query(statement, {std::move(list)}, [&](const Row& row) {
            each(person_from_row(row));
            return true;
        });
    };
    const auto found = [&](const auto& names, const std::string& name, const Person& person) {
        const auto it = names.find(name);
        if (it == names.end()) return;
        for (const std::string& word : it->second) {
            if (!people_.contains(word)) remember(word, person);
        }
    };
    CHECK_OK(ask("import.people_by_name", by_name,
                 [&](const Person& person) { found(by_name, fold(person.name), person); }));
    CHECK_OK(ask("import.people_by_email", by_email,
                 [&](const Person& person) { found(by_email, fold(person.email), person); }));
    return ask("import.people_by_key", by_key, [&](const Person& person) {
        taken_keys.insert(person.key);
        // A sign-in name instead of a person's name.
        if (!people_.contains(person.key) &&
            (wanted.staff.contains(person.key) || wanted.requesters.contains(person.key))) {
            remember(person.key, person);
        }
    });
}

Status Names::prepare(std::span<const IncidentRowsPtr> incidents, const std::function<Status()>& before_config) {
    const Wanted wanted = wanted_by(incidents);
    bool is_drained = false;
    for (int attempt = 0; attempt < kTriesMax; ++attempt) {
        CHECK_OK(refresh());
        std::optional<Made> made;
        CHECK_OK(tools_.store.read([&](Reader& reader) -> Status {
            std::set<std::string> taken;
            CHECK_OK(find_people(reader, wanted, taken));
            NamesMaker maker(reader, tools_, session_, *desk_, std::move(taken));
            for (const auto& name : wanted.teams) {
                if (!team(name).is_set()) CHECK_OK(maker.add_team(name));
            }
            for (const auto& name : wanted.staff) CHECK_OK(maker.add_agent(name, person(name)));
            for (const auto& name : wanted.requesters) {
                if (!person(name).is_set()) CHECK_OK(maker.add_requester(name));
            }
            for (const auto& [team_name, name] : wanted.members)
                maker.add_member(team_name, team(team_name), name, person(name));
            for (const auto& [name, sub] : wanted.categories) {
                if (!category(name, sub).is_set()) CHECK_OK(maker.add_category(name, sub));
            }
            TRY(made, maker.finish());
            return {};
        }));
        if (made->is_empty()) return {};
        if (made->change.raises_config && !is_drained) {
            CHECK_OK(before_config());
            is_drained = true;
        }
        const bool raises_config = made->change.raises_config;
        TRY(const bool is_there, commit(tools_.store, std::move(made->change)));
        if (!is_there) continue;
        for (const auto& [name, one] : made->people) remember(name, one);
        return raises_config ? refresh() : Status{};
    }
    return fail(ErrorKind::unavailable, "import.busy",
                "The desk's configuration keeps changing: import again when it has settled.");
}

TeamId Names::team(std::string_view name) const {
    if (name.empty()) return {};
    auto it = teams_.find(std::string(name));
    if (it == teams_.end()) it = teams_.find(fold(name));
    if (it == teams_.end()) return {};
    const Team* standing = desk_->standing_team(it->second);
    return standing != nullptr ? standing->id : it->second;
}

UserId Names::person(std::string_view name) const {
    if (name.empty()) return {};
    const auto it = people_.find(std::string(name));
    return it == people_.end() ? UserId{} : it->second.id;
}

CategoryId Names::child(CategoryId parent, std::string_view name) const {
    auto it = categories_.find(category_place(parent, name));
    if (it == categories_.end()) it = categories_.find(category_place(parent, fold(name)));
    return it == categories_.end() ? CategoryId{} : it->second;
}

CategoryId Names::category(std::string_view category, std::string_view subcategory) const {
    const Category* root = desk_->category(kRootKey);
    CategoryId at = root == nullptr ? CategoryId{} : root->id;
    if (!at.is_set() || (category.empty() && subcategory.empty())) return {};
    for (const std::string_view name : {category, subcategory}) {
        if (name.empty() || !at.is_set()) continue;
        at = child(at, name);
    }
    return at;
}

OrganizationId Names::organization_of(UserId person) const {
    const auto it = organizations_.find(person);
    return it == organizations_.end() ? OrganizationId{} : it->second;
}

const Person* Names::vip(UserId person) const {
    const auto it = vips_.find(person);
    return it == vips_.end() ? nullptr : &it->second;
}

}  // namespace firstline::app::imports
