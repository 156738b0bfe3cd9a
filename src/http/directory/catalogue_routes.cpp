// Organizations, categories, services, tags.
#include "app/directory/catalogue/catalogue.hpp"
#include "app/directory/config_change.hpp"
#include "http/directory/crud.hpp"
#include "http/directory/routes.hpp"

namespace firstline::http {

using namespace app;
using domain::Permission;

namespace {

constexpr std::string_view kOrganizationMembers[]{"key", "name", "shares_incidents", "active"};
constexpr std::string_view kCategoryMembers[]{"key", "name", "parent", "portal_label", "restricted", "team", "active"};
constexpr std::string_view kServiceMembers[]{"key", "name", "owner", "support_team", "criticality", "active"};
constexpr std::string_view kTagMembers[]{"key", "name", "active"};

void write_organization(JsonWriter& json, const OrganizationAnswer& answer, const WantedFields& wanted) {
    Item item(json, wanted);
    item.text("key", answer.organization.key);
    item.text("name", answer.organization.name);
    item.flag("shares_incidents", answer.organization.shares_incidents);
    item.flag("active", answer.organization.is_active);
}

OrganizationFields decode_organization(Fields& fields) {
    OrganizationFields out;
    out.name = fields.text("name", kNameCharactersMax);
    out.shares_incidents = fields.flag("shares_incidents");
    return out;
}

void write_category(JsonWriter& json, const CategoryAnswer& answer, const WantedFields& wanted) {
    const domain::Category& category = answer.category;
    Item item(json, wanted);
    item.text("key", category.key);
    item.text("name", answer.is_for_requester ? category.portal_label : category.name);
    if (answer.is_for_requester) return;
    item.reference("parent", answer.desk->category(category.parent));
    item.text_or_null("portal_label", category.portal_label);
    item.flag("restricted", category.is_restricted);
    item.reference("team", answer.desk->team(category.team));
    item.flag("active", category.is_active);
}

CategoryFields decode_category(Fields& fields) {
    CategoryFields out;
    out.name = fields.text("name", kNameCharactersMax);
    out.parent = fields.key_or_null("parent");
    out.portal_label = fields.text_or_null("portal_label", kNameCharactersMax);
    out.is_restricted = fields.flag("restricted");
    out.team = fields.key_or_null("team");
    return out;
}

void write_service(JsonWriter& json, const ServiceAnswer& answer, const WantedFields& wanted) {
    const domain::Service& service = answer.service;
    Item item(json, wanted);
    item.text("key", service.key);
    item.text("name", service.name);
    if (answer.is_for_requester) return;
    item.reference("owner", answer.desk->team(service.owner_team));
    item.reference("support_team", answer.desk->team(service.support_team));
    item.text("criticality", to_string(service.criticality));
    item.flag("active", service.is_active);
}

ServiceFields decode_service(Fields& fields) {
    ServiceFields out;
    out.name = fields.text("name", kNameCharactersMax);
    out.owner = fields.key_or_null("owner");
    out.support_team = fields.key_or_null("support_team");
    out.criticality = fields.text("criticality");
    return out;
}

void write_tag(JsonWriter& json, const Tag& tag, const WantedFields& wanted) {
    Item item(json, wanted);
    item.text("key", tag.key);
    item.text("name", tag.name);
    item.flag("active", tag.is_active);
}

TagFields decode_tag(Fields& fields) {
    TagFields out;
    out.name = fields.text("name", kNameCharactersMax);
    return out;
}

Status may_create_tag(const Session& session) {
    return session.is_agent() ? Status{} : need(session, Permission::category_edit);
}

// The use cases of a kind, which all have the same shapes.
template <class Answer, class FieldsOf>
void bind(Kind<Answer, FieldsOf>& kind, Toolbox& tools, Permission permission,
          Result<Page<Answer>> (*list)(Reader&, Toolbox&, const Session&, std::optional<bool>, const PageRequest&),
          Result<Answer> (*read)(Reader&, Toolbox&, const Session&, std::string_view),
          Result<Decided<Answer>> (*create)(Reader&, Toolbox&, const Session&, const std::string&, const FieldsOf&),
          Result<Decided<Answer>> (*edit)(Reader&, Toolbox&, const Session&, std::string_view, const FieldsOf&,
                                          const VersionGuard&),
          Result<Decided<Answer>> (*deactivate)(Reader&, Toolbox&, const Session&, std::string_view)) {
    kind.may_create = kind.may_edit = [permission](const Session& session) { return need(session, permission); };
    kind.list = [&tools, list](Reader& reader, const Session& session, std::optional<bool> is_active,
                               const PageRequest& page) { return list(reader, tools, session, is_active, page); };
    kind.read = [&tools, read](Reader& reader, const Session& session, const std::string& key) {
        return read(reader, tools, session, key);
    };
    kind.create = [&tools, create](Reader& reader, const Session& session, const std::string& key,
                                   const FieldsOf& fields) { return create(reader, tools, session, key, fields); };
    kind.edit = [&tools, edit](Reader& reader, const Session& session, const std::string& key, const FieldsOf& fields,
                               const VersionGuard& guard) { return edit(reader, tools, session, key, fields, guard); };
    kind.deactivate = [&tools, deactivate](Reader& reader, const Session& session, const std::string& key) {
        return deactivate(reader, tools, session, key);
    };
}

Kind<OrganizationAnswer, OrganizationFields> organization_kind(Toolbox& tools) {
    Kind<OrganizationAnswer, OrganizationFields> kind{};
    kind.word = "organization";
    kind.path = "/api/v1/organizations";
    kind.one_path = "/api/v1/organizations/{key}";
    kind.members = kOrganizationMembers;
    bind(kind, tools, Permission::organization_edit, list_organizations, read_organization, create_organization,
         edit_organization, deactivate_organization);
    kind.decode = decode_organization;
    kind.write = write_organization;
    kind.key_of = [](const OrganizationAnswer& answer) { return answer.organization.key; };
    kind.version_of = [](const OrganizationAnswer& answer) { return answer.organization.version; };
    return kind;
}

Kind<CategoryAnswer, CategoryFields> category_kind(Toolbox& tools) {
    Kind<CategoryAnswer, CategoryFields> kind{};
    kind.word = "category";
    kind.path = "/api/v1/categories";
    kind.one_path = "/api/v1/categories/{key}";
    kind.members = kCategoryMembers;
    bind(kind, tools, Permission::category_edit, list_categories, read_category, create_category, edit_category,
         deactivate_category);
    kind.decode = decode_category;
    kind.write = write_category;
    kind.key_of = [](const CategoryAnswer& answer) { return answer.category.key; };
    kind.version_of = [](const CategoryAnswer& answer) { return answer.category.version; };
    return kind;
}

Kind<ServiceAnswer, ServiceFields> service_kind(Toolbox& tools) {
    Kind<ServiceAnswer, ServiceFields> kind{};
    kind.word = "service";
    kind.path = "/api/v1/services";
    kind.one_path = "/api/v1/services/{key}";
    kind.members = kServiceMembers;
    bind(kind, tools, Permission::service_edit, list_services, read_service, create_service, edit_service,
         deactivate_service);
    kind.decode = decode_service;
    kind.write = write_service;
    kind.key_of = [](const ServiceAnswer& answer) { return answer.service.key; };
    kind.version_of = [](const ServiceAnswer& answer) { return answer.service.version; };
    return kind;
}

Kind<Tag, TagFields> tag_kind(Toolbox& tools) {
    Kind<Tag, TagFields> kind{};
    kind.word = "tag";
    kind.path = "/api/v1/tags";
    kind.one_path = "/api/v1/tags/{key}";
    kind.members = kTagMembers;
    bind(kind, tools, Permission::category_edit, list_tags, read_tag, create_tag, edit_tag, deactivate_tag);
    kind.may_create = may_create_tag;
    kind.decode = decode_tag;
    kind.write = write_tag;
    kind.key_of = [](const Tag& tag) { return tag.key; };
    kind.version_of = [](const Tag& tag) { return tag.version; };
    return kind;
}

}  // namespace

void add_catalogue_routes(Api& api, Toolbox& tools) {
    add_named_routes(api, organization_kind(tools));
    add_named_routes(api, category_kind(tools));
    add_named_routes(api, service_kind(tools));
    add_named_routes(api, tag_kind(tools));
}

}  // namespace firstline::http
