// Makes the teams, people and categories that an import finds missing, as one audited change.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/core/toolbox.hpp"
#include "app/directory/audit.hpp"

namespace firstline::app::imports {

struct Made {
    Change change;
    std::vector<std::pair<std::string, domain::Person>> people;  // by the rows' word
    [[nodiscard]] bool is_empty() const { return change.entries.empty(); }
};

// For one snapshot of the store.
class NamesMaker {
public:
    NamesMaker(Reader& reader, Toolbox& tools, const Session& session, const domain::Desk& desk,
               std::set<std::string> taken_keys);

    Status add_team(const std::string& name);
    // A person who works on incidents: made, or given the role where they lack it (`known` unset: nobody has this name).
    Status add_agent(const std::string& name, domain::UserId known);
    Status add_requester(const std::string& name);
    void add_member(const std::string& team_name, domain::TeamId team, const std::string& name, domain::UserId person);
    Status add_category(const std::string& category, const std::string& subcategory);
    [[nodiscard]] Result<Made> finish();

private:
    Status audit(std::string_view subject, std::int64_t id, std::int64_t seq, std::string_view kind,
                 std::vector<domain::Detail> details, std::string name);
    Status add_person(const std::string& name, domain::Roles roles);
    Result<domain::CategoryId> child(domain::CategoryId parent, std::string_view name, const std::string& key_words);
    [[nodiscard]] std::string free_key(std::set<std::string>& taken, std::string base, std::string_view name) const;
    std::vector<domain::Detail> put_members(domain::TeamId team);
    [[nodiscard]] Write write_team(const domain::Team& team, std::string_view statement) const;

    Reader& reader_;
    Toolbox& tools_;
    const Session& session_;
    const domain::Desk& desk_;
    const Instant now_;
    std::set<std::string> person_keys_, team_keys_, category_keys_;
    Made made_;
    std::map<std::string, domain::Team> new_teams_;             // by folded name
    std::map<std::string, domain::Person> new_people_;          // likewise
    std::map<std::string, domain::CategoryId> new_categories_;  // by "parent/name"
    std::map<domain::TeamId, std::set<domain::UserId>> new_members_;
    std::map<domain::UserId, std::int64_t> ranks_;
};

// The key that a person of this name gets; an address's part before the @.
[[nodiscard]] std::string key_for_person(std::string_view name);
// Submits and waits. False: decided on what has changed meanwhile, decide again. Errors: `storage.unavailable`.
[[nodiscard]] Result<bool> commit(Store& store, Change change);

}  // namespace firstline::app::imports
