// The teams, people and categories that rows name: found by name, made where the desk lacks them (docs/import.md).
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/core/session.hpp"
#include "app/core/toolbox.hpp"
#include "app/imports/snapshot.hpp"

namespace firstline::app::imports {

using IncidentRowsPtr = std::shared_ptr<const IncidentRows>;

// One thread. What it has found stays known; it is looked up anew when the configuration has changed.
class Names {
public:
    Names(Toolbox& tools, Session session) : tools_(tools), session_(std::move(session)) { session_.via = "import"; }

    // Afterwards everything that the incidents name can be found. New teams, agents, members and categories are one audited
    // change of the configuration, before which `before_config` runs, so that nothing decided on the old one is under way.
    // Errors: the store's; `import.busy` where the configuration keeps changing.
    Status prepare(std::span<const IncidentRowsPtr> incidents, const std::function<Status()>& before_config);
    // Reads the configuration anew.
    Status refresh();

    [[nodiscard]] const domain::Desk& desk() const { return *desk_; }
    [[nodiscard]] domain::DeskPtr desk_ptr() const { return desk_; }
    // Unset ids where nothing is named. A dissolved team's successor stands for it.
    [[nodiscard]] domain::TeamId team(std::string_view name) const;
    [[nodiscard]] domain::UserId person(std::string_view name) const;
    [[nodiscard]] domain::CategoryId category(std::string_view category, std::string_view subcategory) const;
    [[nodiscard]] domain::OrganizationId organization_of(domain::UserId person) const;
    [[nodiscard]] const domain::Person* vip(domain::UserId person) const;  // null: none of them

private:
    using Pair = std::pair<std::string, std::string>;
    struct Wanted {
        std::set<std::string> teams, staff, requesters;
        std::set<Pair> members;     // team, person
        std::set<Pair> categories;  // category, subcategory
    };
    struct PersonFound {
        domain::UserId id;
        domain::OrganizationId organization;
    };

    [[nodiscard]] static Wanted wanted_by(std::span<const IncidentRowsPtr> incidents);
    Status find_people(Reader& reader, const Wanted& wanted, std::set<std::string>& taken_keys);
    void index_desk();
    [[nodiscard]] domain::CategoryId child(domain::CategoryId parent, std::string_view name) const;
    void remember(const std::string& name, const domain::Person& person);

    Toolbox& tools_;
    Session session_;
    domain::DeskPtr desk_;
    std::unordered_map<std::string, domain::TeamId> teams_;                     // by folded name and by key
    std::unordered_map<std::string, domain::CategoryId> categories_;            // by "parent/name"
    std::unordered_map<std::string, PersonFound> people_;                       // by the name as the rows say it
    std::unordered_map<domain::UserId, domain::OrganizationId> organizations_;  // of those who have one
    std::unordered_map<domain::UserId, domain::Person> vips_;
};

inline constexpr std::string_view kRootKey = "imported";
inline constexpr std::string_view kRootName = "Imported";

}  // namespace firstline::app::imports
