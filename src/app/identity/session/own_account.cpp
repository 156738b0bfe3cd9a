#include "app/identity/session/own_account.hpp"

#include <memory>
#include <utility>

#include "app/directory/people.hpp"
#include "app/directory/users/record.hpp"
#include "app/identity/password/rules.hpp"
#include "app/identity/session/sessions.hpp"
#include "base/text.hpp"

namespace firstline::app {

using namespace domain;

namespace {

Error no_such_person() { return Error{ErrorKind::not_found, "not_found", "There is no such person.", {}, {}}; }

Error wrong_password() {
    return Error{ErrorKind::invalid,
                 "request.invalid",
                 "The current password is wrong.",
                 {{"/current_password", "conflict", "This is not the current password."}},
                 {}};
}

// Who is signed in already counts by person, wherever they sit.
std::string own_address(const Session& session) { return "me/" + session.key; }

UserAnswer answer_of(const DeskPtr& desk, Person person) {
    const auto& teams = desk->teams_of_person(person.id);
    return {std::move(person), teams, desk};
}

// A person's row with what changed, and the record of it; passwords are never part of an entry. With a new password
// every session ends but the one of `kept_hash`.
Result<Decided<UserAnswer>> save(Reader& reader, Toolbox& tools, const Session& session, const DeskPtr& desk,
                                 const Person& before, Person after, const std::string& kept_hash) {
    const bool has_new_password = after.password != before.password;
    users_parts::Edit edit{before, std::move(after), desk->teams_of_person(before.id), desk->teams_of_person(before.id),
                           false};
    if (edit.is_same()) return Decided<UserAnswer>{std::nullopt, answer_of(desk, before)};
    ConfigChange change(reader, tools, desk, session);
    CHECK_OK(users_parts::write_edit(change, edit, has_new_password ? "password" : "edit"));
    if (has_new_password) change.write({"session.delete_others", {before.id.value, Blob{kept_hash}}});
    return Decided<UserAnswer>{change.take(edit.touches_staff()), answer_of(desk, edit.after)};
}

struct Editing {
    IdentityTools& identity;
    Session session;
    EditMeRequest request;
    Runner::Deadline deadline;
    std::function<void(Result<UserAnswer>)> done;
    std::string old_hash, new_hash;  // where the password changes
    std::optional<UserAnswer> answer;
};
using EditingPtr = std::shared_ptr<Editing>;

Status check(const EditMeRequest& request) {
    if (request.password.has_value() != request.current_password.has_value()) {
        const bool lacks_old = request.password.has_value();
        const std::string detail =
            lacks_old ? "A new password needs the current one beside it." : "Send the new password with it.";
        return fail(Error{ErrorKind::invalid,
                          "request.invalid",
                          detail,
                          {{lacks_old ? "/current_password" : "/password", "required", detail}},
                          {}});
    }
    return request.password ? check_new_password(*request.password, "/password") : Status{};
}

Result<Runner::Decision> decide(Reader& reader, Editing& editing) {
    Toolbox& tools = editing.identity.tools;
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const auto before, find_person(reader, editing.session.user()));
    if (!before) return fail(no_such_person());
    const EditMeRequest& request = editing.request;
    UserFields fields;
    fields.phone = request.phone;
    fields.language = request.language;
    fields.zone = request.zone;
    FieldErrors errors;
    Person after = *before;
    auto teams = desk->teams_of_person(before->id);
    apply_fields(*desk, fields, after, teams, errors);
    CHECK_OK(errors.result());
    if (!editing.new_hash.empty()) {
        if (before->password != editing.old_hash) return fail(wrong_password());  // changed meanwhile
        after.password = editing.new_hash;
    }
    TRY(auto decided, save(reader, tools, editing.session, desk, *before, std::move(after), request.session_hash));
    editing.answer = std::move(decided.answer);
    return std::move(decided.change);
}

void write(const EditingPtr& editing) {
    editing->identity.tools.runner.run(
        0, editing->deadline, [editing](Reader& reader) { return decide(reader, *editing); },
        [editing](const Status& status) {
            if (status) {
                editing->done(std::move(*editing->answer));
            } else {
                editing->done(fail(status.error()));
            }
        });
}

void hash_new(const EditingPtr& editing) {
    editing->identity.passwords.hash(*editing->request.password, [editing](Result<std::string> hash) {
        if (!hash) {
            editing->done(fail(hash.error()));
            return;
        }
        editing->new_hash = std::move(*hash);
        write(editing);
    });
}

void check_old(const EditingPtr& editing) {
    editing->identity.passwords.verify(
        editing->old_hash, *editing->request.current_password, [editing](const Result<bool>& fits) {
            if (!fits) {
                editing->done(fail(fits.error()));
            } else if (!*fits) {
                editing->done(fail(wrong_password()));
            } else {
                editing->identity.limits.give_back(own_address(editing->session), editing->session.key);
                hash_new(editing);
            }
        });
}

}  // namespace

void edit_me(IdentityTools& identity, const Session& session, EditMeRequest request, Runner::Deadline deadline,
             std::function<void(Result<UserAnswer>)> done) {
    if (Status checked = check(request); !checked) {
        done(fail(std::move(checked).error()));
        return;
    }
    auto editing = std::make_shared<Editing>(
        Editing{identity, session, std::move(request), deadline, std::move(done), {}, {}, std::nullopt});
    if (!editing->request.password) {
        write(editing);
        return;
    }
    if (!identity.limits.take(own_address(session), session.key).is_allowed) {
        editing->done(fail(ErrorKind::too_many, "rate.limited", "Too many attempts: wait a little, then try again."));
        return;
    }
    identity.tools.runner.run(
        0, deadline,
        [editing](Reader& reader) -> Result<Runner::Decision> {
            TRY(const auto person, find_person(reader, editing->session.user()));
            if (!person) return fail(no_such_person());
            editing->old_hash = person->password;
            return std::nullopt;
        },
        [editing](const Status& status) {
            if (status) {
                check_old(editing);
            } else {
                editing->done(fail(status.error()));
            }
        });
}

Result<UserAnswer> read_me(Reader& reader, Toolbox& tools, const Session& session) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(auto person, find_person(reader, session.user()));
    if (!person) return fail(no_such_person());
    return answer_of(desk, std::move(*person));
}

Result<Decided<UserAnswer>> put_password(Reader& reader, Toolbox& tools, const Session& session,
                                         std::string_view user_key, const std::string& password_hash) {
    CHECK_OK(need(session, Permission::user_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const auto before, find_person(reader, user_key));
    if (!before) return fail(no_such("person", user_key));
    Person after = *before;
    after.password = password_hash;
    return save(reader, tools, session, desk, *before, std::move(after), {});
}

void set_password(IdentityTools& identity, const Session& session, std::string user_key, std::string password,
                  Runner::Deadline deadline, std::function<void(Status)> done) {
    if (Status allowed = need(session, Permission::user_edit); !allowed) {
        done(std::move(allowed));
        return;
    }
    if (Status checked = check_new_password(password, "/password"); !checked) {
        done(std::move(checked));
        return;
    }
    identity.passwords.hash(std::move(password), [&identity, session, user_key = std::move(user_key), deadline,
                                                  done = std::move(done)](const Result<std::string>& hash) {
        if (!hash) {
            done(fail(hash.error()));
            return;
        }
        identity.tools.runner.run(
            0, deadline,
            [&identity, session, user_key, hash = *hash](Reader& reader) -> Result<Runner::Decision> {
                TRY(auto decided, put_password(reader, identity.tools, session, user_key, hash));
                return std::move(decided.change);
            },
            done);
    });
}

}  // namespace firstline::app
