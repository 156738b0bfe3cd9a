// Services (domain.md §1, §4): made, edited, deactivated.
#include "app/directory/catalogue/catalogue.hpp"
#include "app/directory/catalogue/parts.hpp"
#include "app/directory/catalogue/writes.hpp"

namespace firstline::app {

using namespace domain;
using namespace catalogue_parts;

namespace {

void apply_fields(const Desk& desk, const ServiceFields& fields, Service& service, bool is_new, FieldErrors& errors) {
    apply_name(fields.name, service.name, is_new, errors);
    apply_team(desk, fields.owner, service.owner_team, "/owner", errors);
    apply_team(desk, fields.support_team, service.support_team, "/support_team", errors);
    if (fields.criticality) {
        const auto word = parse_word<Criticality>(*fields.criticality);
        errors.need(word.has_value(), "/criticality", "enum", "One of low, medium, high, critical.");
        service.criticality = word.value_or(service.criticality);
    }
    service.is_active = service.is_active || fields.reactivates;
}

Result<Decided<ServiceAnswer>> save(Reader& reader, Toolbox& tools, const Session& session, const DeskPtr& desk,
                                    const Service& before, Service after, std::string_view kind) {
    ConfigChange change(reader, tools, desk, session);
    TRY(const bool is_changed, write_service(change, before, after, kind));
    if (!is_changed) return Decided<ServiceAnswer>{std::nullopt, {before, desk}};
    return Decided<ServiceAnswer>{change.take(true), {std::move(after), desk}};
}

// Requesters choose from what is in use.
std::optional<ServiceAnswer> shown_to(const Session& session, const Service& service, const DeskPtr& desk) {
    if (session.may(Permission::team_see)) return ServiceAnswer{service, desk, false};
    if (!service.is_active) return std::nullopt;
    return ServiceAnswer{service, desk, true};
}

}  // namespace

Result<bool> catalogue_parts::write_service(ConfigChange& change, const Service& before, Service& after,
                                            std::string_view kind) {
    const bool is_new = before.version == 0;
    const Desk& desk = change.desk();
    Differences differences;
    differences.text("name", before.name, after.name);
    differences.value("owner", key_of_team(desk, before.owner_team), key_of_team(desk, after.owner_team));
    differences.value("support_team", key_of_team(desk, before.support_team), key_of_team(desk, after.support_team));
    differences.value("criticality", is_new ? FieldValue{} : FieldValue{std::string(to_string(before.criticality))},
                      std::string(to_string(after.criticality)));
    differences.value("active", is_new ? FieldValue{} : FieldValue{before.is_active}, after.is_active);
    if (differences.is_empty()) return false;
    after.version = before.version + 1;
    change.write({is_new ? "service.insert" : "service.update",
                  {after.id.value, after.version, after.key, after.name, after.owner_team.value,
                   after.support_team.value, value(to_string(after.criticality)), value(after.is_active)},
                  OnConflict::exists});
    CHECK_OK(change.record(differences.fact("service", after.id.value, after.version, kind)));
    return true;
}

Result<Page<ServiceAnswer>> list_services(Reader& reader, Toolbox& tools, const Session& session,
                                          std::optional<bool> is_active, const PageRequest& page) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    return page_of<ServiceAnswer>(desk->services, is_active, page,
                                  [&](const Service& found) { return shown_to(session, found, desk); });
}

Result<ServiceAnswer> read_service(Reader& reader, Toolbox& tools, const Session& session, std::string_view key) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    const Service* found = desk->service(key);
    auto answer = found == nullptr ? std::nullopt : shown_to(session, *found, desk);
    if (!answer) return fail(no_such("service", key));
    return std::move(*answer);
}

Result<Decided<ServiceAnswer>> create_service(Reader& reader, Toolbox& tools, const Session& session,
                                              const std::string& key, const ServiceFields& fields) {
    CHECK_OK(need(session, Permission::service_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    FieldErrors errors;
    Service after;
    check_key(key, errors);
    apply_fields(*desk, fields, after, true, errors);
    CHECK_OK(errors.result());
    if (desk->service(key) != nullptr) return fail(key_taken(key));
    TRY(const std::int64_t id, tools.store.next_id(IdKind::service));
    after.id = ServiceId{id};
    after.key = key;
    return save(reader, tools, session, desk, Service{}, std::move(after), "create");
}

Result<Decided<ServiceAnswer>> edit_service(Reader& reader, Toolbox& tools, const Session& session,
                                            std::string_view key, const ServiceFields& fields,
                                            const VersionGuard& guard) {
    CHECK_OK(need(session, Permission::service_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    const Service* before = desk->service(key);
    if (before == nullptr) return fail(no_such("service", key));
    CHECK_OK(check_guard(guard, before->version));
    FieldErrors errors;
    Service after = *before;
    apply_fields(*desk, fields, after, false, errors);
    CHECK_OK(errors.result());
    const bool is_back = after.is_active && !before->is_active;
    return save(reader, tools, session, desk, *before, std::move(after), is_back ? "activate" : "edit");
}

Result<Decided<ServiceAnswer>> deactivate_service(Reader& reader, Toolbox& tools, const Session& session,
                                                  std::string_view key) {
    CHECK_OK(need(session, Permission::service_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    const Service* before = desk->service(key);
    if (before == nullptr) return fail(no_such("service", key));
    Service after = *before;
    after.is_active = false;
    return save(reader, tools, session, desk, *before, std::move(after), "deactivate");
}

}  // namespace firstline::app
