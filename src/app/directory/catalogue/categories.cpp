// The category tree (domain.md §3, §4): made, edited, deactivated.
#include "app/directory/catalogue/catalogue.hpp"
#include "app/directory/catalogue/parts.hpp"
#include "app/directory/catalogue/writes.hpp"

namespace firstline::app {

using namespace domain;
using namespace catalogue_parts;

namespace {

constexpr int kDepthMax = 8;  // levels of the tree

// Whether `id` hangs below `above`, or is it; a chain longer than the tree may be is a loop.
bool is_within(const Desk& desk, CategoryId id, CategoryId above) {
    for (std::size_t i = 0; id.is_set() && i <= desk.categories.size(); ++i) {
        if (id == above) return true;
        const Category* category = desk.category(id);
        if (category == nullptr) return false;
        id = category->parent;
    }
    return false;
}

int depth_of(const Desk& desk, CategoryId id) {
    int depth = 0;
    for (const Category* at = desk.category(id); at != nullptr && depth <= kDepthMax; at = desk.category(at->parent))
        ++depth;
    return depth;
}

int height_of(const Desk& desk, CategoryId id, int levels_left = kDepthMax + 1) {
    int height = 1;
    if (levels_left == 0) return height;
    for (const auto& [child, category] : desk.categories) {
        if (category.parent == id && id.is_set())
            height = std::max(height, 1 + height_of(desk, child, levels_left - 1));
    }
    return height;
}

void apply_parent(const Desk& desk, const std::optional<std::string>& key, Category& category, FieldErrors& errors) {
    if (!key) return;
    const Category* parent = key->empty() ? nullptr : desk.category(*key);
    errors.need(key->empty() || parent != nullptr, "/parent", "not_found",
                "There is no category \"" + key->substr(0, 64) + "\".");
    if (parent == nullptr) {
        category.parent = {};
        return;
    }
    const bool stays = parent->id == category.parent;
    errors.need(parent->is_active || stays, "/parent", "inactive", "This category is not in use any more.");
    const bool is_loop = category.id.is_set() && is_within(desk, parent->id, category.id);
    errors.need(!is_loop, "/parent", "conflict", "A category cannot lie below itself.");
    const bool is_too_deep = !is_loop && depth_of(desk, parent->id) + height_of(desk, category.id) > kDepthMax;
    errors.need(!is_too_deep, "/parent", "conflict", "The tree has at most " + std::to_string(kDepthMax) + " levels.");
    category.parent = parent->id;
}

void apply_fields(const Desk& desk, const CategoryFields& fields, Category& category, bool is_new,
                  FieldErrors& errors) {
    apply_name(fields.name, category.name, is_new, errors);
    apply_parent(desk, fields.parent, category, errors);
    if (fields.portal_label) {
        errors.need(count_characters(*fields.portal_label) <= kNameCharactersMax, "/portal_label", "too_long",
                    "At most " + std::to_string(kNameCharactersMax) + " characters.");
        category.portal_label = std::string(trim(*fields.portal_label));
    }
    apply_team(desk, fields.team, category.team, "/team", errors);
    category.is_restricted = fields.is_restricted.value_or(category.is_restricted);
    category.is_active = category.is_active || fields.reactivates;
    errors.need(!category.is_restricted || category.team.is_set(), "/team", "required",
                "A category that restricts names the team that gets its incidents.");
}

Result<Decided<CategoryAnswer>> save(Reader& reader, Toolbox& tools, const Session& session, const DeskPtr& desk,
                                     const Category& before, Category after, std::string_view kind) {
    ConfigChange change(reader, tools, desk, session);
    TRY(const bool is_changed, write_category(change, before, after, kind));
    if (!is_changed) return Decided<CategoryAnswer>{std::nullopt, {before, desk}};
    return Decided<CategoryAnswer>{change.take(true), {std::move(after), desk}};
}

// Requesters choose from what is in use and has words for them.
std::optional<CategoryAnswer> shown_to(const Session& session, const Category& category, const DeskPtr& desk) {
    if (session.may(Permission::team_see)) return CategoryAnswer{category, desk, false};
    if (!category.is_active || category.portal_label.empty()) return std::nullopt;
    return CategoryAnswer{category, desk, true};
}

std::string key_of(const Desk& desk, CategoryId id) {
    const Category* category = desk.category(id);
    return category == nullptr ? std::string() : category->key;
}

}  // namespace

Result<bool> catalogue_parts::write_category(ConfigChange& change, const Category& before, Category& after,
                                             std::string_view kind) {
    const bool is_new = before.version == 0;
    const Desk& desk = change.desk();
    Differences differences;
    differences.text("name", before.name, after.name);
    differences.text("portal_label", before.portal_label, after.portal_label);
    differences.value("parent", key_of(desk, before.parent), key_of(desk, after.parent));
    differences.value("team", key_of_team(desk, before.team), key_of_team(desk, after.team));
    differences.value("restricted", is_new ? FieldValue{} : FieldValue{before.is_restricted}, after.is_restricted);
    differences.value("active", is_new ? FieldValue{} : FieldValue{before.is_active}, after.is_active);
    if (differences.is_empty()) return false;
    after.version = before.version + 1;
    change.write({is_new ? "category.insert" : "category.update",
                  {after.id.value, after.version, after.key, after.name, after.parent.value, after.portal_label,
                   value(after.is_restricted), after.team.value, value(after.is_active)},
                  OnConflict::exists});
    CHECK_OK(change.record(differences.fact("category", after.id.value, after.version, kind)));
    return true;
}

Result<Page<CategoryAnswer>> list_categories(Reader& reader, Toolbox& tools, const Session& session,
                                             std::optional<bool> is_active, const PageRequest& page) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    return page_of<CategoryAnswer>(desk->categories, is_active, page,
                                   [&](const Category& found) { return shown_to(session, found, desk); });
}

Result<CategoryAnswer> read_category(Reader& reader, Toolbox& tools, const Session& session, std::string_view key) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    const Category* found = desk->category(key);
    auto answer = found == nullptr ? std::nullopt : shown_to(session, *found, desk);
    if (!answer) return fail(no_such("category", key));
    return std::move(*answer);
}

Result<Decided<CategoryAnswer>> create_category(Reader& reader, Toolbox& tools, const Session& session,
                                                const std::string& key, const CategoryFields& fields) {
    CHECK_OK(need(session, Permission::category_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    FieldErrors errors;
    Category after;
    check_key(key, errors);
    apply_fields(*desk, fields, after, true, errors);
    CHECK_OK(errors.result());
    if (desk->category(key) != nullptr) return fail(key_taken(key));
    TRY(const std::int64_t id, tools.store.next_id(IdKind::category));
    after.id = CategoryId{id};
    after.key = key;
    return save(reader, tools, session, desk, Category{}, std::move(after), "create");
}

Result<Decided<CategoryAnswer>> edit_category(Reader& reader, Toolbox& tools, const Session& session,
                                              std::string_view key, const CategoryFields& fields,
                                              const VersionGuard& guard) {
    CHECK_OK(need(session, Permission::category_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    const Category* before = desk->category(key);
    if (before == nullptr) return fail(no_such("category", key));
    CHECK_OK(check_guard(guard, before->version));
    FieldErrors errors;
    Category after = *before;
    apply_fields(*desk, fields, after, false, errors);
    CHECK_OK(errors.result());
    const bool is_back = after.is_active && !before->is_active;
    return save(reader, tools, session, desk, *before, std::move(after), is_back ? "activate" : "edit");
}

Result<Decided<CategoryAnswer>> deactivate_category(Reader& reader, Toolbox& tools, const Session& session,
                                                    std::string_view key) {
    CHECK_OK(need(session, Permission::category_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    const Category* before = desk->category(key);
    if (before == nullptr) return fail(no_such("category", key));
    Category after = *before;
    after.is_active = false;
    return save(reader, tools, session, desk, *before, std::move(after), "deactivate");
}

}  // namespace firstline::app
