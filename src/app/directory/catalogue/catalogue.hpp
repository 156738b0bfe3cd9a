// What incidents are sorted by: organizations, categories, services, tags (api.md §4). Administrators edit; nothing is
// deleted. In every function: errors `auth.forbidden`, `not_found`, `exists`, `request.invalid`, `precondition.failed`
// as the names say.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/core/toolbox.hpp"
#include "app/directory/page.hpp"
#include "app/incidents/workspace.hpp"

namespace firstline::app {

// Each member absent stays as it is; an empty key or label clears it.
struct OrganizationFields {
    std::optional<std::string> name;
    std::optional<bool> shares_incidents;
    bool reactivates = false;
};
struct CategoryFields {
    std::optional<std::string> name, parent, portal_label, team;
    std::optional<bool> is_restricted;
    bool reactivates = false;
};
struct ServiceFields {
    std::optional<std::string> name, owner, support_team, criticality;
    bool reactivates = false;
};
struct TagFields {
    std::optional<std::string> name;
    bool reactivates = false;
};

struct Tag {
    domain::TagId id;
    std::int64_t version = 0;
    std::string key, name;
    bool is_active = true;
};
// With the desk for the names of what they refer to.
struct OrganizationAnswer {
    domain::Organization organization;
};
struct CategoryAnswer {
    domain::Category category;
    domain::DeskPtr desk;
    bool is_for_requester = false;  // key and portal label only
};
struct ServiceAnswer {
    domain::Service service;
    domain::DeskPtr desk;
    bool is_for_requester = false;  // key and name only
};

[[nodiscard]] Result<Page<OrganizationAnswer>> list_organizations(Reader& reader, Toolbox& tools,
                                                                  const Session& session, std::optional<bool> is_active,
                                                                  const PageRequest& page);
[[nodiscard]] Result<OrganizationAnswer> read_organization(Reader& reader, Toolbox& tools, const Session& session,
                                                           std::string_view key);
[[nodiscard]] Result<Decided<OrganizationAnswer>> create_organization(Reader& reader, Toolbox& tools,
                                                                      const Session& session, const std::string& key,
                                                                      const OrganizationFields& fields);
[[nodiscard]] Result<Decided<OrganizationAnswer>> edit_organization(Reader& reader, Toolbox& tools,
                                                                    const Session& session, std::string_view key,
                                                                    const OrganizationFields& fields,
                                                                    const VersionGuard& guard);
[[nodiscard]] Result<Decided<OrganizationAnswer>> deactivate_organization(Reader& reader, Toolbox& tools,
                                                                          const Session& session, std::string_view key);

// A requester gets active ones with a portal label.
[[nodiscard]] Result<Page<CategoryAnswer>> list_categories(Reader& reader, Toolbox& tools, const Session& session,
                                                           std::optional<bool> is_active, const PageRequest& page);
[[nodiscard]] Result<CategoryAnswer> read_category(Reader& reader, Toolbox& tools, const Session& session,
                                                   std::string_view key);
[[nodiscard]] Result<Decided<CategoryAnswer>> create_category(Reader& reader, Toolbox& tools, const Session& session,
                                                              const std::string& key, const CategoryFields& fields);
[[nodiscard]] Result<Decided<CategoryAnswer>> edit_category(Reader& reader, Toolbox& tools, const Session& session,
                                                            std::string_view key, const CategoryFields& fields,
                                                            const VersionGuard& guard);
// Its incidents keep it; what lies below it stays as it is.
[[nodiscard]] Result<Decided<CategoryAnswer>> deactivate_category(Reader& reader, Toolbox& tools,
                                                                  const Session& session, std::string_view key);

// A requester gets active ones.
[[nodiscard]] Result<Page<ServiceAnswer>> list_services(Reader& reader, Toolbox& tools, const Session& session,
                                                        std::optional<bool> is_active, const PageRequest& page);
[[nodiscard]] Result<ServiceAnswer> read_service(Reader& reader, Toolbox& tools, const Session& session,
                                                 std::string_view key);
[[nodiscard]] Result<Decided<ServiceAnswer>> create_service(Reader& reader, Toolbox& tools, const Session& session,
                                                            const std::string& key, const ServiceFields& fields);
[[nodiscard]] Result<Decided<ServiceAnswer>> edit_service(Reader& reader, Toolbox& tools, const Session& session,
                                                          std::string_view key, const ServiceFields& fields,
                                                          const VersionGuard& guard);
[[nodiscard]] Result<Decided<ServiceAnswer>> deactivate_service(Reader& reader, Toolbox& tools, const Session& session,
                                                                std::string_view key);

// Agents make tags, administrators edit them.
[[nodiscard]] Result<Page<Tag>> list_tags(Reader& reader, Toolbox& tools, const Session& session,
                                          std::optional<bool> is_active, const PageRequest& page);
[[nodiscard]] Result<Tag> read_tag(Reader& reader, Toolbox& tools, const Session& session, std::string_view key);
[[nodiscard]] Result<Decided<Tag>> create_tag(Reader& reader, Toolbox& tools, const Session& session,
                                              const std::string& key, const TagFields& fields);
[[nodiscard]] Result<Decided<Tag>> edit_tag(Reader& reader, Toolbox& tools, const Session& session,
                                            std::string_view key, const TagFields& fields, const VersionGuard& guard);
[[nodiscard]] Result<Decided<Tag>> deactivate_tag(Reader& reader, Toolbox& tools, const Session& session,
                                                  std::string_view key);

}  // namespace firstline::app
