// Tags: made, edited, deactivated.
#include "app/directory/catalogue/catalogue.hpp"
#include "app/directory/catalogue/parts.hpp"

namespace firstline::app {

using namespace domain;
using namespace catalogue_parts;

namespace {

Tag tag_from_row(const Row& row) {
    Tag tag;
    tag.id = row.id<TagId>(0);
    tag.key = row.text(1);
    tag.name = row.text(2);
    tag.is_active = row.flag(3);
    return tag;
}

Result<std::optional<Tag>> find_tag(Reader& reader, std::string_view key) {
    std::optional<Tag> found;
    CHECK_OK(reader.query("tag.by_key", {std::string(key)}, [&](const Row& row) {
        found = tag_from_row(row);
        return false;
    }));
    if (found) {
        TRY(found->version, last_seq_of(reader, "tag", found->id.value));
    }
    return found;
}

Result<Decided<Tag>> save(Reader& reader, Toolbox& tools, const Session& session, const Tag& before, Tag after,
                          std::string_view kind) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    const bool is_new = !before.id.is_set();
    Differences differences;
    differences.value("key", before.key, after.key);
    differences.text("name", before.name, after.name);
    differences.value("active", is_new ? FieldValue{} : FieldValue{before.is_active}, after.is_active);
    if (differences.is_empty()) return Decided<Tag>{std::nullopt, before};
    after.version = before.version + 1;
    ConfigChange change(reader, tools, desk, session);
    change.write({is_new ? "tag.insert" : "tag.update",
                  {after.id.value, after.key, after.name, value(after.is_active)},
                  OnConflict::exists});
    CHECK_OK(change.record(differences.fact("tag", after.id.value, after.version, kind)));
    // Tags are not among what nodes keep in memory.
    return Decided<Tag>{change.take(false), std::move(after)};
}

}  // namespace

Result<Page<Tag>> list_tags(Reader& reader, Toolbox& /*tools*/, const Session& session, std::optional<bool> is_active,
                            const PageRequest& page) {
    CHECK_OK(need(session, Permission::team_see));
    Page<Tag> out;
    const std::int64_t active = is_active ? (*is_active ? 1 : 0) : -1;
    CHECK_OK(reader.query("tag.list", {page.after, active, page.limit + 1}, [&](const Row& row) {
        out.add(page, tag_from_row(row), [](const Tag& tag) { return tag.key; });
        return true;
    }));
    return out;
}

Result<Tag> read_tag(Reader& reader, Toolbox& /*tools*/, const Session& session, std::string_view key) {
    CHECK_OK(need(session, Permission::team_see));
    TRY(auto tag, find_tag(reader, key));
    if (!tag) return fail(no_such("tag", key));
    return std::move(*tag);
}

Result<Decided<Tag>> create_tag(Reader& reader, Toolbox& tools, const Session& session, const std::string& key,
                                const TagFields& fields) {
    if (!session.is_agent()) CHECK_OK(need(session, Permission::category_edit));
    FieldErrors errors;
    Tag after;
    check_key(key, errors);
    apply_name(fields.name, after.name, true, errors);
    CHECK_OK(errors.result());
    TRY(const auto taken, find_tag(reader, key));
    if (taken) return fail(key_taken(key));
    TRY(const std::int64_t id, tools.store.next_id(IdKind::tag));
    after.id = TagId{id};
    after.key = key;
    return save(reader, tools, session, Tag{}, std::move(after), "create");
}

Result<Decided<Tag>> edit_tag(Reader& reader, Toolbox& tools, const Session& session, std::string_view key,
                              const TagFields& fields, const VersionGuard& guard) {
    CHECK_OK(need(session, Permission::category_edit));
    TRY(const auto before, find_tag(reader, key));
    if (!before) return fail(no_such("tag", key));
    CHECK_OK(check_guard(guard, before->version));
    FieldErrors errors;
    Tag after = *before;
    apply_name(fields.name, after.name, false, errors);
    CHECK_OK(errors.result());
    after.is_active = before->is_active || fields.reactivates;
    const bool is_back = after.is_active && !before->is_active;
    return save(reader, tools, session, *before, std::move(after), is_back ? "activate" : "edit");
}

Result<Decided<Tag>> deactivate_tag(Reader& reader, Toolbox& tools, const Session& session, std::string_view key) {
    CHECK_OK(need(session, Permission::category_edit));
    TRY(const auto before, find_tag(reader, key));
    if (!before) return fail(no_such("tag", key));
    Tag after = *before;
    after.is_active = false;
    return save(reader, tools, session, *before, std::move(after), "deactivate");
}

}  // namespace firstline::app
