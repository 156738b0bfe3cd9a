// `firstline import users`: rows of a file, found by key or mail; the same file twice changes nothing.
#include <set>

#include "app/directory/people.hpp"
#include "app/directory/users/record.hpp"
#include "app/jobs/leavers.hpp"
#include "base/text.hpp"

namespace firstline::app {

using namespace domain;
using users_parts::Edit;

namespace {

constexpr int kKeyTriesMax = 1000;

std::string_view kind_of(const Edit& edit) {
    if (edit.is_new) return "create";
    if (edit.before.is_active == edit.after.is_active) return "edit";
    return edit.after.is_active ? "activate" : "deactivate";
}

class Import {
public:
    Import(Reader& reader, Toolbox& tools, const Session& session, const DeskPtr& desk)
        : reader_(reader), tools_(tools), desk_(desk), change_(reader, tools, desk, session) {}

    // False where the row names somebody of this change, or a team whose record it has written already: the next call
    // takes it.
    Result<bool> take(const UserRow& row) {
        TRY(Edit edit, find(row));
        if (!touched_.insert("key:" + edit.after.key).second) return false;
        FieldErrors errors;
        errors.need(is_key(edit.after.key), "/key", "format",
                    "A key is written in a–z, 0–9 and -, at most 64 of them.");
        errors.need(!edit.is_new || row.fields.name.has_value(), "/name", "required", "A person needs a name.");
        apply_fields(*desk_, row.fields, edit.after, edit.teams_after, errors);
        if (row.is_active) edit.after.is_active = *row.is_active;
        const bool is_known_address =
            edit.after.email == edit.before.email && edit.after.is_active == edit.before.is_active;
        if (!is_known_address) CHECK_OK(users_parts::check_address(reader_, edit.after, errors));
        CHECK_OK(errors.result());
        CHECK_OK(users_parts::check_last_administrator(*desk_, edit));
        if (!claim(edit)) return false;
        return write(edit);
    }

    Decided<ImportedUsers> finish() {
        const bool has_changes = counts.created + counts.updated > 0;
        if (!has_changes) return {std::nullopt, std::move(counts)};
        return {change_.take(raises_config_), std::move(counts)};
    }
    ImportedUsers counts;

private:
    Result<bool> write(Edit& edit) {
        if (edit.is_same()) {
            ++counts.unchanged;
            return true;
        }
        if (edit.is_new) {
            TRY(const std::int64_t id, tools_.store.next_id(IdKind::user));
            edit.after.id = UserId{id};
            edit.after.created_at = change_.now();
        }
        const bool leaves = edit.before.is_active && !edit.after.is_active && !edit.is_new;
        CHECK_OK(users_parts::write_edit(change_, edit, kind_of(edit)));
        if (leaves) {
            change_.write({"session.delete_of_user", {edit.after.id.value}});
            change_.write({"token.revoke_of_user", {edit.after.id.value}});
            change_.write(put_leaver_job(LeaverKind::assignee_left, edit.after.id.value, change_.now()));
        }
        ++(edit.is_new ? counts.created : counts.updated);
        raises_config_ = raises_config_ || edit.touches_staff() || edit.teams_before != edit.teams_after;
        return true;
    }

    // What this row writes besides the person's own record must not be written twice in one change.
    bool claim(const Edit& edit) {
        const bool changes_admins = edit.before.roles.has(Role::admin) || edit.after.roles.has(Role::admin);
        if (changes_admins && !edit.is_same() && !touched_.insert("admins").second) return false;
        if (!edit.after.email.empty() && !touched_.insert("mail:" + fold(edit.after.email)).second) return false;
        std::set<TeamId> changed;
        for (const TeamId team : edit.teams_after) changed.insert(team);
        for (const TeamId team : edit.teams_before) {
            if (changed.erase(team) == 0) changed.insert(team);
        }
        for (const TeamId team : changed) {
            if (!touched_.insert("team:" + std::to_string(team.value)).second) return false;
        }
        return true;
    }

    Result<Edit> find(const UserRow& row) {
        Edit edit;
        std::optional<Person> person;
        if (!row.key.empty()) {
            TRY(person, find_person(reader_, row.key));
        } else if (row.fields.email && !row.fields.email->empty()) {
            TRY(person, find_person_by_email(reader_, *row.fields.email));
        }
        if (person) {
            edit.before = *person;
            edit.after = std::move(*person);
            edit.teams_before = edit.teams_after = desk_->teams_of_person(edit.before.id);
            return edit;
        }
        edit.is_new = true;
        edit.after.key = row.key;
        if (row.key.empty()) {
            TRY(edit.after.key, free_key(row.fields.name.value_or("")));
        }
        return edit;
    }

    Result<std::string> free_key(const std::string& name) {
        std::string base = to_key(name);
        if (base.empty()) base = "person";
        std::string key = base;
        for (int n = 2; n < kKeyTriesMax; ++n) {
            TRY(const auto taken, find_person(reader_, key));
            if (!taken && !touched_.contains("key:" + key)) return key;
            key = base + "-" + std::to_string(n);
        }
        return base + "-" + to_hex(random_bytes(4));
    }

    Reader& reader_;
    Toolbox& tools_;
    DeskPtr desk_;
    ConfigChange change_;
    std::set<std::string> touched_;
    bool raises_config_ = false;
};

}  // namespace

Result<Decided<ImportedUsers>> import_users(Reader& reader, Toolbox& tools, const Session& session,
                                            const std::vector<UserRow>& rows) {
    CHECK_OK(need(session, Permission::user_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    Import import(reader, tools, session, desk);
    std::size_t row = 0;
    for (; row < rows.size() && row < kImportRowsMax; ++row) {
        auto taken = import.take(rows[row]);
        if (taken && !*taken) break;
        if (taken) continue;
        if (taken.error().kind == ErrorKind::unavailable) return fail(std::move(taken).error());
        import.counts.problems.push_back({row, std::move(taken).error()});
    }
    import.counts.rows = row;
    return import.finish();
}

}  // namespace firstline::app
