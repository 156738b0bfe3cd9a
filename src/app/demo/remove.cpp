#include "app/demo/remove.hpp"

#include "app/demo/records.hpp"
#include "app/directory/people.hpp"
#include "app/directory/users/users.hpp"
#include "app/identity/authenticate.hpp"
#include "app/identity/init_desk.hpp"
#include "app/identity/session/own_account.hpp"

namespace firstline::app::demo {

using namespace domain;

namespace {

// Every table but `schema`, `batch`, `blob` and its chunks: unreferenced files are collected.
constexpr std::string_view kErase[]{
    "demo.erase_incident",    "demo.erase_incident_text", "demo.erase_entry",        "demo.erase_entry_text",
    "demo.erase_anchor",      "demo.erase_origin",        "demo.erase_import_run",   "demo.erase_watcher",
    "demo.erase_link",        "demo.erase_tag",           "demo.erase_incident_tag", "demo.erase_attachment",
    "demo.erase_idempotency", "demo.erase_job",           "demo.erase_outbox",       "demo.erase_session",
    "demo.erase_token",       "demo.erase_organization",  "demo.erase_person",       "demo.erase_team",
    "demo.erase_team_member", "demo.erase_category",      "demo.erase_service",      "demo.erase_priority_cell",
    "demo.erase_view",        "demo.erase_setting",       "demo.erase_demo_record",  "demo.erase_desk"};

Status check(Store& store, bool is_forced) {
    TRY(const Records records, Records::load(store));
    if (records.is_empty()) {
        return fail(ErrorKind::wrong_state, "demo.missing",
                    "No demo was made in this desk: there is nothing to remove.");
    }
    TRY(const Foreign foreign, find_foreign(store));
    if (is_forced || (!foreign.has_incidents && !foreign.has_people)) return {};
    return fail(ErrorKind::wrong_state, "demo.mixed",
                std::string(foreign.has_incidents ? "Incidents" : "People") +
                    " were added to the demo, and would go with it: --force removes them too.");
}

}  // namespace

Result<Removal> empty_desk(Toolbox& tools, bool is_forced) {
    CHECK_OK(check(tools.store, is_forced));
    Removal out;
    CHECK_OK(tools.store.read([&](Reader& reader) -> Status {
        TRY(const DeskPtr desk, tools.desks.current(reader));
        out.desk_name = desk->settings.desk_name;
        return reader.query("demo.administrators", {}, [&](const Row& row) {
            Person person = person_from_row(row);
            if (person.roles.has(Role::admin)) out.administrators.push_back(std::move(person));
            return true;
        });
    }));
    if (out.administrators.empty()) {
        return fail(ErrorKind::wrong_state, "demo.no_administrator",
                    "All administrators are the demo's own: make one first with firstline user add.");
    }
    CHECK_OK(tools.store.write_alone([&](Writer& writer) -> Status {
        CHECK_OK(writer.query("demo.counts", {}, [&](const Row& row) {
            out.incidents = row.integer(0);
            out.people = row.integer(1) - static_cast<std::int64_t>(out.administrators.size());
            return false;
        }));
        for (const std::string_view statement : kErase) {
            TRY([[maybe_unused]] const auto rows, writer.execute({statement, {}}));
        }
        return {};
    }));
    return out;
}

Status found_again(Toolbox& tools, const Removal& removal) {
    const Person& first = removal.administrators.front();
    InitRequest founding;
    founding.admin_key = first.key;
    founding.admin_name = first.name;
    founding.admin_email = first.email;
    founding.desk_name = removal.desk_name;
    founding.zone = first.zone;
    CHECK_OK(init_desk(tools.store, tools.clock, founding));
    const Session session = system_session("cli");
    for (const Person& person : removal.administrators) {
        const bool is_founder = person.key == first.key;
        if (!is_founder) {
            CHECK_OK(tools.runner.run_and_wait(0, [&](Reader& reader) -> Result<Runner::Decision> {
                UserFields fields;
                fields.name = person.name;
                fields.email = person.email;
                fields.zone = person.zone;
                fields.roles = std::vector<std::string>{};
                for (std::size_t i = 0; i < kCount<Role>; ++i) {
                    const auto role = static_cast<Role>(i);
                    if (person.roles.has(role)) fields.roles->emplace_back(to_string(role));
                }
                TRY(auto made, create_user(reader, tools, session, person.key, fields));
                return std::move(made.change);
            }));
        }
        if (person.password.empty()) continue;
        CHECK_OK(tools.runner.run_and_wait(0, [&](Reader& reader) -> Result<Runner::Decision> {
            TRY(auto made, put_password(reader, tools, session, person.key, person.password));
            return std::move(made.change);
        }));
    }
    return {};
}

}  // namespace firstline::app::demo
