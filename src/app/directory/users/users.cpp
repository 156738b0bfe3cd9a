#include "app/directory/users/users.hpp"

#include <algorithm>

#include "app/directory/people.hpp"
#include "app/directory/users/record.hpp"
#include "app/jobs/leavers.hpp"
#include "base/text.hpp"

namespace firstline::app {

using namespace domain;
using users_parts::Edit;

namespace {

UserAnswer answer_of(const DeskPtr& desk, Person person) {
    const auto& teams = desk->teams_of_person(person.id);
    return {std::move(person), teams, desk};
}

// What the filter's words are compared with (person.list): folded, with blanks for what separates words of keys and
// addresses.
std::string start_of_word(const std::string& q) {
    std::string out = " " + fold(trim(q));
    std::replace_if(out.begin(), out.end(), [](char c) { return c == '-' || c == '.' || c == '@'; }, ' ');
    return out;
}

Status check_filter(const Desk& desk, const UserFilter& filter) {
    FieldErrors errors;
    errors.need(count_characters(filter.q) <= kUserQueryCharactersMax, "?q", "too_long", "At most 250 characters.");
    errors.need(filter.role.empty() || parse_word<Role>(filter.role), "?role", "enum", "There is no such role.");
    errors.need(filter.organization.empty() || desk.organization(filter.organization) != nullptr, "?organization",
                "not_found", "There is no such organization.");
    return errors.result();
}

Result<Edit> load_edit(Reader& reader, const Desk& desk, std::string_view key) {
    TRY(auto person, find_person(reader, key));
    if (!person) return fail(no_such("person", key));
    Edit edit;
    edit.before = *person;
    edit.after = std::move(*person);
    edit.teams_before = edit.teams_after = desk.teams_of_person(edit.before.id);
    return edit;
}

Decided<UserAnswer> decided(ConfigChange& change, const DeskPtr& desk, const Edit& edit) {
    const bool raises = edit.touches_staff() || edit.teams_before != edit.teams_after;
    return {change.take(raises), UserAnswer{edit.after, edit.teams_after, desk}};
}

Status check_successor(Reader& reader, const Edit& edit, const std::string& successor) {
    if (successor.empty()) return {};
    TRY(const auto person, find_person(reader, successor));
    FieldErrors errors;
    errors.need(person.has_value(), "?successor", "not_found",
                "There is nobody with the key \"" + successor.substr(0, 64) + "\".");
    errors.need(!person || person->is_active, "?successor", "inactive", "This person has left too.");
    errors.need(!person || person->id != edit.before.id, "?successor", "conflict", "Somebody else must take over.");
    return errors.result();
}

bool is_caller_only(const UserFields& fields) {
    const bool has_roles =
        fields.roles && std::any_of(fields.roles->begin(), fields.roles->end(),
                                    [](const std::string& role) { return role != to_string(Role::requester); });
    return !has_roles && !fields.is_vip.value_or(false) && (!fields.teams || fields.teams->empty());
}

}  // namespace

Result<Page<UserAnswer>> list_users(Reader& reader, Toolbox& tools, const Session& session, const UserFilter& filter,
                                    const PageRequest& page) {
    CHECK_OK(need(session, Permission::user_see));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    CHECK_OK(check_filter(*desk, filter));
    const Organization* organization = filter.organization.empty() ? nullptr : desk->organization(filter.organization);
    const std::int64_t active = filter.is_active ? (*filter.is_active ? 1 : 0) : -1;
    Page<UserAnswer> out;
    CHECK_OK(reader.query("person.list",
                          {page.after, active, is_blank(filter.q) ? std::string() : start_of_word(filter.q),
                           filter.role.empty() ? std::string() : "," + filter.role + ",",
                           organization == nullptr ? std::int64_t{0} : organization->id.value, page.limit + 1},
                          [&](const Row& row) {
                              out.add(page, answer_of(desk, person_from_row(row)),
                                      [](const UserAnswer& user) { return user.person.key; });
                              return true;
                          }));
    return out;
}

Result<UserAnswer> read_user(Reader& reader, Toolbox& tools, const Session& session, std::string_view key) {
    CHECK_OK(need(session, Permission::user_see));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(auto person, find_person(reader, key));
    if (!person) return fail(no_such("person", key));
    return answer_of(desk, std::move(*person));
}

Result<Decided<UserAnswer>> create_user(Reader& reader, Toolbox& tools, const Session& session, const std::string& key,
                                        const UserFields& fields) {
    if (!session.may(Permission::user_edit)) {
        CHECK_OK(need(session, Permission::user_create_caller));
        if (!is_caller_only(fields)) {
            return fail(ErrorKind::forbidden, "auth.forbidden", "An administrator decides on roles, teams and VIPs.");
        }
    }
    TRY(const DeskPtr desk, tools.desks.current(reader));
    FieldErrors errors;
    errors.need(is_key(key), "/key", "format", "A key is written in a–z, 0–9 and -, at most 64 of them.");
    errors.need(fields.name.has_value(), "/name", "required", "A person needs a name.");
    Edit edit;
    edit.is_new = true;
    edit.after.key = key;
    edit.after.created_at = tools.clock.now();
    apply_fields(*desk, fields, edit.after, edit.teams_after, errors);
    CHECK_OK(users_parts::check_address(reader, edit.after, errors));
    CHECK_OK(errors.result());
    TRY(const auto taken, find_person(reader, key));
    if (taken) return fail(key_taken(key));
    TRY(const std::int64_t id, tools.store.next_id(IdKind::user));
    edit.after.id = UserId{id};
    ConfigChange change(reader, tools, desk, session);
    CHECK_OK(users_parts::write_edit(change, edit, "create"));
    return decided(change, desk, edit);
}

Result<Decided<UserAnswer>> edit_user(Reader& reader, Toolbox& tools, const Session& session, std::string_view key,
                                      const UserFields& fields, const VersionGuard& guard) {
    CHECK_OK(need(session, Permission::user_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(Edit edit, load_edit(reader, *desk, key));
    CHECK_OK(check_guard(guard, edit.before.version));
    FieldErrors errors;
    apply_fields(*desk, fields, edit.after, edit.teams_after, errors);
    const bool has_new_address =
        edit.after.email != edit.before.email || (fields.reactivates && !edit.before.is_active);
    if (has_new_address) CHECK_OK(users_parts::check_address(reader, edit.after, errors));
    CHECK_OK(errors.result());
    CHECK_OK(users_parts::check_last_administrator(*desk, edit));
    if (edit.is_same()) return Decided<UserAnswer>{std::nullopt, UserAnswer{edit.before, edit.teams_before, desk}};
    ConfigChange change(reader, tools, desk, session);
    const bool is_back = edit.after.is_active && !edit.before.is_active;
    CHECK_OK(users_parts::write_edit(change, edit, is_back ? "activate" : "edit"));
    return decided(change, desk, edit);
}

Result<Decided<UserAnswer>> deactivate_user(Reader& reader, Toolbox& tools, const Session& session,
                                            std::string_view key, const std::string& successor) {
    CHECK_OK(need(session, Permission::user_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(Edit edit, load_edit(reader, *desk, key));
    CHECK_OK(check_successor(reader, edit, successor));
    edit.after.is_active = false;
    if (edit.is_same()) return Decided<UserAnswer>{std::nullopt, UserAnswer{edit.before, edit.teams_before, desk}};
    CHECK_OK(users_parts::check_last_administrator(*desk, edit));
    ConfigChange change(reader, tools, desk, session);
    CHECK_OK(users_parts::write_edit(change, edit, "deactivate"));
    change.write({"session.delete_of_user", {edit.after.id.value}});
    change.write({"token.revoke_of_user", {edit.after.id.value}});
    if (edit.before.roles.is_staff())
        change.write(put_leaver_job(LeaverKind::assignee_left, edit.after.id.value, change.now()));
    return decided(change, desk, edit);
}

}  // namespace firstline::app
