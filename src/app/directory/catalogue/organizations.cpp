// Organizations (domain.md §10): made, edited, deactivated.
#include "app/directory/catalogue/catalogue.hpp"
#include "app/directory/catalogue/parts.hpp"

namespace firstline::app {

using namespace domain;
using namespace catalogue_parts;

namespace {

Result<Decided<OrganizationAnswer>> save(Reader& reader, Toolbox& tools, const Session& session, const DeskPtr& desk,
                                         const Organization& before, Organization after, std::string_view kind) {
    const bool is_new = before.version == 0;
    Differences differences;
    differences.text("name", before.name, after.name);
    differences.value("shares_incidents", is_new ? FieldValue{} : FieldValue{before.shares_incidents},
                      after.shares_incidents);
    differences.value("active", is_new ? FieldValue{} : FieldValue{before.is_active}, after.is_active);
    if (differences.is_empty()) return Decided<OrganizationAnswer>{std::nullopt, {before}};
    after.version = before.version + 1;
    ConfigChange change(reader, tools, desk, session);
    change.write(
        {is_new ? "organization.insert" : "organization.update",
         {after.id.value, after.version, after.key, after.name, value(after.shares_incidents), value(after.is_active)},
         OnConflict::exists});
    CHECK_OK(change.record(differences.fact("organization", after.id.value, after.version, kind)));
    return Decided<OrganizationAnswer>{change.take(true), {std::move(after)}};
}

}  // namespace

Result<Page<OrganizationAnswer>> list_organizations(Reader& reader, Toolbox& tools, const Session& session,
                                                    std::optional<bool> is_active, const PageRequest& page) {
    CHECK_OK(need(session, Permission::user_see));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    return page_of<OrganizationAnswer>(desk->organizations, is_active, page, [](const Organization& found) {
        return std::optional(OrganizationAnswer{found});
    });
}

Result<OrganizationAnswer> read_organization(Reader& reader, Toolbox& tools, const Session& session,
                                             std::string_view key) {
    CHECK_OK(need(session, Permission::user_see));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    const Organization* found = desk->organization(key);
    if (found == nullptr) return fail(no_such("organization", key));
    return OrganizationAnswer{*found};
}

Result<Decided<OrganizationAnswer>> create_organization(Reader& reader, Toolbox& tools, const Session& session,
                                                        const std::string& key, const OrganizationFields& fields) {
    CHECK_OK(need(session, Permission::organization_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    FieldErrors errors;
    Organization after;
    check_key(key, errors);
    apply_name(fields.name, after.name, true, errors);
    CHECK_OK(errors.result());
    if (desk->organization(key) != nullptr) return fail(key_taken(key));
    TRY(const std::int64_t id, tools.store.next_id(IdKind::organization));
    after.id = OrganizationId{id};
    after.key = key;
    after.shares_incidents = fields.shares_incidents.value_or(false);
    return save(reader, tools, session, desk, Organization{}, std::move(after), "create");
}

Result<Decided<OrganizationAnswer>> edit_organization(Reader& reader, Toolbox& tools, const Session& session,
                                                      std::string_view key, const OrganizationFields& fields,
                                                      const VersionGuard& guard) {
    CHECK_OK(need(session, Permission::organization_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    const Organization* before = desk->organization(key);
    if (before == nullptr) return fail(no_such("organization", key));
    CHECK_OK(check_guard(guard, before->version));
    FieldErrors errors;
    Organization after = *before;
    apply_name(fields.name, after.name, false, errors);
    CHECK_OK(errors.result());
    after.shares_incidents = fields.shares_incidents.value_or(before->shares_incidents);
    after.is_active = before->is_active || fields.reactivates;
    const bool is_back = after.is_active && !before->is_active;
    return save(reader, tools, session, desk, *before, std::move(after), is_back ? "activate" : "edit");
}

Result<Decided<OrganizationAnswer>> deactivate_organization(Reader& reader, Toolbox& tools, const Session& session,
                                                            std::string_view key) {
    CHECK_OK(need(session, Permission::organization_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    const Organization* before = desk->organization(key);
    if (before == nullptr) return fail(no_such("organization", key));
    Organization after = *before;
    after.is_active = false;
    return save(reader, tools, session, desk, *before, std::move(after), "deactivate");
}

}  // namespace firstline::app
