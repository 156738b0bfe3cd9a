#include "app/identity/init_desk.hpp"

#include <future>
#include <map>

#include "app/core/desk_cache.hpp"
#include "app/directory/audit.hpp"
#include "app/directory/people.hpp"
#include "app/directory/users/fields.hpp"
#include "app/identity/authenticate.hpp"
#include "app/identity/default_categories.hpp"
#include "app/identity/password/rules.hpp"
#include "base/text.hpp"
#include "domain/incident/decide.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::size_t kDeskIdBytes = 16;
constexpr std::size_t kEpochBytes = 8;
constexpr std::size_t kSecretBytes = 32;

Error exists() { return Error{ErrorKind::exists, "desk.exists", "The database holds a desk already.", {}, {}}; }

class Founding {
public:
    Founding(Store& store, Reader& reader, Instant now)
        : store_(store), reader_(reader), now_(now), session_(system_session("cli")) {
        desk_.desk_id = to_hex(random_bytes(kDeskIdBytes));
        desk_.epoch = to_hex(random_bytes(kEpochBytes));
        change_.raises_config = true;
        change_.writes.push_back({"desk.insert",
                                  {desk_.desk_id, desk_.epoch, now.us, Blob{random_bytes(kSecretBytes)}},
                                  OnConflict::exists});
    }

    void add_matrix() {
        for (int impact = 1; impact <= 3; ++impact) {
            for (int urgency = 1; urgency <= 3; ++urgency) {
                const Priority priority = priority_of(kDefaultMatrix, impact, urgency, false);
                change_.writes.push_back(
                    {"priority_cell.put", {value(impact), value(urgency), value(to_string(priority))}});
            }
        }
    }

    Status add_categories() {
        std::map<std::string_view, std::int64_t> ids{{"", 0}};
        for (const DefaultCategory& category : default_categories()) {
            TRY(const std::int64_t id, store_.next_id(IdKind::category));
            ids.emplace(category.key, id);
            change_.writes.push_back(
                {"category.insert",
                 {id, std::int64_t{1}, value(category.key), value(category.name), ids.at(category.parent),
                  value(category.portal_label), std::int64_t{0}, std::int64_t{0}, std::int64_t{1}}});
            CHECK_OK(record({"category",
                             id,
                             1,
                             "create",
                             {{"key", std::string(category.key)}},
                             {{"name", std::string(category.name)}}}));
        }
        return {};
    }

    Status add_administrator(const InitRequest& request, std::string password_hash) {
        Person person;
        TRY(const std::int64_t id, store_.next_id(IdKind::user));
        person.id = UserId{id};
        person.version = 1;
        person.key = request.admin_key;
        person.name = std::string(trim(request.admin_name));
        person.email = request.admin_email;
        person.zone = request.zone;
        person.roles.add(Role::agent);
        person.roles.add(Role::admin);
        person.password = std::move(password_hash);
        person.created_at = now_;
        change_.writes.push_back(insert_person(person));
        return record({"user", id, 1, "create", {{"roles", to_text(person.roles)}}, {{"name", person.name}}});
    }

    void add_name(const std::string& name) {
        if (!name.empty()) change_.writes.push_back({"setting.put", {std::string("desk_name"), name}});
    }

    Change take() { return std::move(change_); }

private:
    Status record(const AuditFact& fact) {
        TRY(auto entry, audit_entry(reader_, desk_, session_, now_, fact));
        change_.entries.push_back(std::move(entry));
        return {};
    }

    Store& store_;
    Reader& reader_;
    Instant now_;
    Session session_;
    Desk desk_;
    Change change_;
};

Status check(const InitRequest& request) {
    FieldErrors errors;
    errors.need(is_key(request.admin_key), "/admin_key", "format",
                "A key is written in a–z, 0–9 and -, at most 64 of them.");
    errors.need(!is_blank(request.admin_name), "/admin_name", "blank", "The administrator needs a name.");
    errors.need(request.admin_email.empty() || is_email_address(request.admin_email), "/admin_email", "format",
                "This is no e-mail address.");
    errors.need(is_known_zone(request.zone), "/zone", "enum", "An IANA time zone such as Europe/Stockholm is needed.");
    CHECK_OK(errors.result());
    if (request.admin_password.empty()) return {};
    return check_new_password(request.admin_password, "/admin_password");
}

}  // namespace

Result<bool> is_desk_there(Store& store) {
    bool is_there = false;
    CHECK_OK(store.read([&](Reader& reader) {
        return reader.query("desk.load", {}, [&](const Row&) {
            is_there = true;
            return false;
        });
    }));
    return is_there;
}

Result<InitResult> init_desk(Store& store, const Clock& clock, const InitRequest& request) {
    CHECK_OK(check(request));
    TRY(const bool is_there, is_desk_there(store));
    if (is_there) return fail(exists());
    InitResult out;
    out.admin_key = request.admin_key;
    out.is_password_made = request.admin_password.empty();
    out.password = out.is_password_made ? make_password() : request.admin_password;
    const std::string password_hash = hash_password(out.password);

    Change change;
    CHECK_OK(store.read([&](Reader& reader) -> Status {
        Founding founding(store, reader, clock.now());
        founding.add_matrix();
        CHECK_OK(founding.add_categories());
        CHECK_OK(founding.add_administrator(request, password_hash));
        founding.add_name(request.desk_name);
        change = founding.take();
        return {};
    }));
    std::promise<Committed> written;
    store.submit(std::move(change), [&](const Committed& committed) { written.set_value(committed); });
    const Committed committed = written.get_future().get();
    if (committed.outcome == Outcome::committed) return out;
    if (committed.outcome == Outcome::exists) return fail(exists());
    return fail(ErrorKind::unavailable, "storage.unavailable", "The desk could not be written: " + committed.detail);
}

}  // namespace firstline::app
