// A team ends, its incidents do not (domain.md §4): a successor takes over what names it.
#include <string>

#include "app/directory/catalogue/writes.hpp"
#include "app/directory/teams/members.hpp"
#include "app/directory/teams/teams.hpp"
#include "app/jobs/leavers.hpp"
#include "domain/incident/decide.hpp"

namespace firstline::app {

using namespace domain;

namespace {

Result<const Team*> check_successor(const Desk& desk, const Team& team, const std::string& key) {
    FieldErrors errors;
    const Team* successor = key.empty() ? nullptr : desk.team(key);
    errors.need(!key.empty(), "?successor", "required", "Name the team that takes its place.");
    errors.need(key.empty() || successor != nullptr, "?successor", "not_found",
                "There is no team \"" + key.substr(0, 64) + "\".");
    errors.need(successor == nullptr || successor->is_active, "?successor", "inactive", "This team was dissolved too.");
    errors.need(successor == nullptr || successor->id != team.id, "?successor", "conflict",
                "Another team must take over.");
    CHECK_OK(errors.result());
    return successor;
}

Status pass_on_catalogue(ConfigChange& change, TeamId from, TeamId to) {
    for (const auto& [id, category] : change.desk().categories) {
        if (category.team != from) continue;
        Category after = category;
        after.team = to;
        CHECK_OK(catalogue_parts::write_category(change, category, after, "edit"));
    }
    for (const auto& [id, service] : change.desk().services) {
        if (service.owner_team != from && service.support_team != from) continue;
        Service after = service;
        if (after.owner_team == from) after.owner_team = to;
        if (after.support_team == from) after.support_team = to;
        CHECK_OK(catalogue_parts::write_service(change, service, after, "edit"));
    }
    return {};
}

Status pass_on_settings(Reader& reader, ConfigChange& change, const Team& from, const Team& to) {
    if (change.desk().settings.default_team != from.id) return {};
    TRY(const std::int64_t last, last_seq_of(reader, "settings", 0));
    Differences differences;
    differences.value("default_team", from.key, to.key);
    change.write({"setting.put", {std::string("default_team"), std::to_string(to.id.value)}});
    return change.record(differences.fact("settings", 0, last + 1, "edit"));
}

}  // namespace

Result<Decided<TeamAnswer>> dissolve_team(Reader& reader, Toolbox& tools, const Session& session, std::string_view key,
                                          const std::string& successor_key) {
    CHECK_OK(need(session, Permission::team_edit_any));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    const Team* before = desk->team(key);
    if (before == nullptr) return fail(no_such("team", key));
    TRY(const Team* successor, check_successor(*desk, *before, successor_key));
    if (!before->is_active) return Decided<TeamAnswer>{std::nullopt, {*before, {}, {}}};
    Team after = *before;
    after.version = before->version + 1;
    after.is_active = false;
    after.successor = successor->id;
    ConfigChange change(reader, tools, desk, session);
    change.write(update_team(after));
    Differences differences;
    differences.value("active", true, false);
    differences.value("successor", FieldValue{}, successor->key);
    CHECK_OK(change.record(differences.fact("team", after.id.value, after.version, "deactivate")));
    CHECK_OK(pass_on_catalogue(change, before->id, successor->id));
    CHECK_OK(pass_on_settings(reader, change, *before, *successor));
    change.write(put_leaver_job(LeaverKind::team_dissolved, before->id.value, change.now()));
    return Decided<TeamAnswer>{change.take(true), {std::move(after), {}, {}}};
}

}  // namespace firstline::app
