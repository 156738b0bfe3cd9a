#include "app/core/desk_cache.hpp"

#include "app/directory/people.hpp"
#include "app/directory/settings.hpp"

namespace firstline::app {
namespace {

using namespace domain;

Status load_head(Reader& reader, Desk& desk, bool& found) {
    return reader.query("desk.load", {}, [&](const Row& row) {
        desk.desk_id = row.text(0);
        desk.epoch = row.text(1);
        desk.config_version = row.integer(2);
        found = true;
        return false;
    });
}

Status load_teams(Reader& reader, Desk& desk) {
    CHECK_OK(reader.query("team.all", {}, [&](const Row& row) {
        Team team;
        team.id = row.id<TeamId>(0);
        team.version = row.integer(1);
        team.key = row.text(2);
        team.name = row.text(3);
        team.public_name = row.text(4);
        team.tier = static_cast<int>(row.integer(5));
        team.mode = parse_word<TeamMode>(row.text(6)).value_or(TeamMode::manual);
        team.is_active = row.flag(7);
        team.successor = row.id<TeamId>(8);
        desk.teams.emplace(team.id, std::move(team));
        return true;
    }));
    // Ordered by person and their own order, so that `teams_of` keeps it.
    return reader.query("team.members", {}, [&](const Row& row) {
        const auto team = desk.teams.find(row.id<TeamId>(0));
        if (team == desk.teams.end()) return true;
        const auto user = row.id<UserId>(1);
        team->second.members.push_back({user, row.flag(2)});
        if (team->second.is_active) desk.teams_of[user].push_back(team->first);
        return true;
    });
}

Status load_catalogue(Reader& reader, Desk& desk) {
    CHECK_OK(reader.query("category.all", {}, [&](const Row& row) {
        Category category;
        category.id = row.id<CategoryId>(0);
        category.version = row.integer(1);
        category.key = row.text(2);
        category.name = row.text(3);
        category.parent = row.id<CategoryId>(4);
        category.portal_label = row.text(5);
        category.is_restricted = row.flag(6);
        category.team = row.id<TeamId>(7);
        category.is_active = row.flag(8);
        desk.categories.emplace(category.id, std::move(category));
        return true;
    }));
    CHECK_OK(reader.query("service.all", {}, [&](const Row& row) {
        Service service;
        service.id = row.id<ServiceId>(0);
        service.version = row.integer(1);
        service.key = row.text(2);
        service.name = row.text(3);
        service.owner_team = row.id<TeamId>(4);
        service.support_team = row.id<TeamId>(5);
        service.criticality = parse_word<Criticality>(row.text(6)).value_or(Criticality::medium);
        service.is_active = row.flag(7);
        desk.services.emplace(service.id, std::move(service));
        return true;
    }));
    return reader.query("organization.all", {}, [&](const Row& row) {
        Organization organization;
        organization.id = row.id<OrganizationId>(0);
        organization.version = row.integer(1);
        organization.key = row.text(2);
        organization.name = row.text(3);
        organization.shares_incidents = row.flag(4);
        organization.is_active = row.flag(5);
        desk.organizations.emplace(organization.id, std::move(organization));
        return true;
    });
}

Status load_rules(Reader& reader, Desk& desk) {
    CHECK_OK(reader.query("priority_cell.all", {}, [&](const Row& row) {
        const auto impact = row.integer(0);
        const auto urgency = row.integer(1);
        if (impact < 1 || impact > 3 || urgency < 1 || urgency > 3) return true;
        desk.matrix[static_cast<std::size_t>(impact - 1)][static_cast<std::size_t>(urgency - 1)] =
            parse_word<Priority>(row.text(2)).value_or(Priority::p3);
        return true;
    }));
    return reader.query("setting.all", {}, [&](const Row& row) {
        set_setting(desk.settings, row.text(0), row.text(1));
        return true;
    });
}

}  // namespace

Result<DeskPtr> load_desk(Reader& reader) {
    auto desk = std::make_shared<Desk>();
    bool found = false;
    CHECK_OK(load_head(reader, *desk, found));
    if (!found)
        return fail(ErrorKind::unavailable, "desk.missing", "The database holds no desk yet: run `firstline init`.");
    CHECK_OK(load_teams(reader, *desk));
    CHECK_OK(load_catalogue(reader, *desk));
    CHECK_OK(load_rules(reader, *desk));
    CHECK_OK(reader.query("person.staff", {}, [&](const Row& row) {
        Person person = person_from_row(row);
        desk->staff.emplace(person.id, std::move(person));
        return true;
    }));
    return DeskPtr(std::move(desk));
}

Result<std::string> load_desk_secret(Reader& reader) {
    std::string secret;
    CHECK_OK(reader.query("desk.secret", {}, [&](const Row& row) {
        secret = row.bytes(0);
        return false;
    }));
    if (secret.empty())
        return fail(ErrorKind::unavailable, "desk.missing", "The database holds no desk yet: run `firstline init`.");
    return secret;
}

Result<DeskPtr> DeskCache::current(Reader& reader) {
    Desk head;
    bool found = false;
    CHECK_OK(load_head(reader, head, found));
    if (!found)
        return fail(ErrorKind::unavailable, "desk.missing", "The database holds no desk yet: run `firstline init`.");
    {
        const std::lock_guard lock(mutex_);
        if (cached_ && cached_->config_version == head.config_version && cached_->epoch == head.epoch) return cached_;
    }
    TRY(DeskPtr fresh, load_desk(reader));
    const std::lock_guard lock(mutex_);
    if (!cached_ || cached_->config_version < fresh->config_version || cached_->epoch != fresh->epoch) cached_ = fresh;
    return fresh;
}

}  // namespace firstline::app
