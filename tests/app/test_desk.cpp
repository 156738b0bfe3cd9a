#include "app/test_desk.hpp"

#include <sqlite3.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <thread>

#include "app/directory/audit.hpp"
#include "app/directory/people.hpp"
#include "storage/postgres/postgres_store.hpp"
#include "storage/postgres/test/test_database.hpp"
#include "storage/sqlite/sqlite_store.hpp"

namespace firstline::test {

using namespace app;
using namespace domain;

namespace {

// These tests carry no attachments.
class NoBlobs final : public BlobStore {
public:
    Result<std::unique_ptr<BlobUpload>> begin(std::int64_t /*size_max*/) override { return none(); }
    Result<std::unique_ptr<BlobReader>> open(const Sha256& /*sha256*/) override { return none(); }
    Status remove(const Sha256& /*sha256*/) override { return {}; }
    [[nodiscard]] std::string_view place() const override { return "file"; }

private:
    static tl::unexpected<Error> none() {
        return fail(ErrorKind::not_found, "attachment.not_found", "no attachments here");
    }
};

constexpr std::string_view kStatements = R"sql(
-- name: test.entry_text_delete
-- A text goes, as redaction does it.
DELETE FROM entry_text WHERE pos = $1 AND field = $2;
-- name: test.watcher_delete
-- Somebody watches no longer.
DELETE FROM watcher WHERE incident_id = $1 AND user_id = $2;
-- name: test.organization_shares
-- Whether an organization shares its incidents.
UPDATE organization SET shares_incidents = $2 WHERE id = $1;
-- name: test.team_member_delete
-- A member less.
DELETE FROM team_member WHERE team_id = $1 AND user_id = $2;
-- name: test.new_epoch
-- As a restore does.
UPDATE desk SET epoch = $1 WHERE one = 1;
-- name: test.anchors
-- How many anchors there are.
SELECT COUNT(*) FROM anchor;
-- name: test.anchored_until
-- How far they reach.
SELECT COALESCE(MAX(pos_to), 0) FROM anchor;
)sql";

std::span<const storage::EmbeddedFile> all_sql() {
    static const std::vector<storage::EmbeddedFile> files = [] {
        std::vector<storage::EmbeddedFile> out(storage::sql_files().begin(), storage::sql_files().end());
        out.push_back({"test_desk.sql", kStatements});
        return out;
    }();
    return files;
}

struct PersonRow {
    std::int64_t id;
    const char* key;
    const char* roles;
    std::int64_t organization;
};
constexpr PersonRow kPeople[]{{1, "anna", "agent,team_lead", 0}, {2, "bo", "agent", 0},      {3, "ida", "requester", 1},
                              {4, "olle", "requester", 1},       {5, "kim", "requester", 0}, {6, "tea", "auditor", 0}};
constexpr std::pair<std::int64_t, std::int64_t> kMembers[]{{1, 1}, {2, 2}};  // team, person

void expect_ok(const Status& status, const char* what) {
    ASSERT_TRUE(status) << what << ": " << status.error().code << ": " << status.error().detail
                        << (status.error().fields.empty() ? "" : " " + status.error().fields.front().pointer);
}

}  // namespace

struct TestDesk::Database {
    std::unique_ptr<storage::postgres::ScratchDatabase> scratch;
};

ScratchDirectory::ScratchDirectory() {
    std::string path = (std::filesystem::temp_directory_path() / "firstline-test-XXXXXX").string();
    path_ = ::mkdtemp(path.data());
}
ScratchDirectory::~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

bool is_available(Engine engine) { return engine == Engine::sqlite || !storage::postgres::server_url().empty(); }

void await(const std::function<bool()>& holds, const char* what) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!holds()) {
        ASSERT_LT(std::chrono::steady_clock::now(), end) << "not within ten seconds: " << what;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

TestDesk::TestDesk(Engine engine)
    : engine_(engine), database_(std::make_unique<Database>()), blobs_(std::make_unique<NoBlobs>()) {
    if (engine_ == Engine::postgres) database_->scratch = std::make_unique<storage::postgres::ScratchDatabase>();
    open();
    make_desk();
}

TestDesk::~TestDesk() { close(); }

std::string TestDesk::postgres_url() const { return database_->scratch->url(); }

std::unique_ptr<Store> TestDesk::open_another_node() {
    storage::postgres::Options options;
    options.url = postgres_url();
    options.sql = all_sql();
    auto opened = storage::postgres::PostgresStore::open(std::move(options));
    EXPECT_TRUE(opened) << opened.error().detail;
    return std::move(*opened);
}

void TestDesk::open() {
    if (engine_ == Engine::sqlite) {
        storage::sqlite::Options options;
        options.directory = directory_.path() + "/desk";
        options.sql = all_sql();
        auto opened = storage::sqlite::SqliteStore::open(std::move(options));
        ASSERT_TRUE(opened) << opened.error().code << ": " << opened.error().detail;
        store_ = std::move(*opened);
    } else {
        store_ = open_another_node();
    }
    runner_ = std::make_unique<Runner>(*store_, Runner::Options{.workers = 2});
    tools_ = std::make_unique<Toolbox>(Toolbox{*store_, *blobs_, clock_, desks_, *runner_});
}

void TestDesk::close() {
    if (runner_) runner_->stop();
    if (store_) store_->stop();
    tools_.reset();
    runner_.reset();
    store_.reset();
}

void TestDesk::tamper(const std::function<void(const std::function<void(const std::string&)>&)>& body) {
    close();
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open((directory_.path() + "/desk/firstline.db").c_str(), &db), SQLITE_OK);
    body([&](const std::string& sql) {
        char* error = nullptr;
        EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << sql << ": " << error;
        EXPECT_GT(sqlite3_changes(db), 0) << sql;
    });
    sqlite3_close(db);
    open();
}

void TestDesk::make_desk() {
    std::vector<Write> writes;
    writes.push_back({"desk.insert",
                      {std::string("desk-of-tests"), std::string("e1"), clock_.now().us, Blob{std::string(32, 's')}}});
    for (const std::int64_t team : {1, 2}) {
        const std::string key = team == 1 ? "desk" : "network";
        writes.push_back(
            {"team.insert",
             {team, std::int64_t{1}, key, key, key, team, std::string("manual"), std::int64_t{1}, std::int64_t{0}}});
    }
    writes.push_back({"organization.insert",
                      {std::int64_t{1}, std::int64_t{1}, std::string("acme"), std::string("Acme"), std::int64_t{1},
                       std::int64_t{1}}});
    for (const PersonRow& row : kPeople) {
        Person person;
        person.id = UserId{row.id};
        person.version = 1;
        person.key = row.key;
        person.name = row.key;
        person.roles = roles_from_text(row.roles);
        person.organization = OrganizationId{row.organization};
        writes.push_back(insert_person(person));
    }
    for (const auto& [team, person] : kMembers) {
        writes.push_back({"team_member.put", {team, person, std::int64_t{0}, std::int64_t{1}}});
    }
    expect_ok(store_->write_alone([&](Writer& writer) -> Status {
        for (const Write& write : writes) {
            TRY([[maybe_unused]] const auto rows, writer.execute(write));
        }
        return {};
    }),
              "desk");
    // Numbers of people and teams go on behind those.
    configure({}, "desk", 1);
}

void TestDesk::configure(std::vector<Write> writes, std::string_view subject, std::int64_t subject_id) {
    Change change;
    change.writes = std::move(writes);
    change.raises_config = true;
    expect_ok(store_->read([&](Reader& reader) -> Status {
        TRY(const DeskPtr desk, desks_.current(reader));
        std::int64_t seq = 0;
        CHECK_OK(reader.query("entry.last_seq_of", {std::string(subject), subject_id}, [&](const Row& row) {
            seq = row.integer(0);
            return false;
        }));
        Session by;
        by.via = "cli";
        TRY(auto entry, audit_entry(reader, *desk, by, clock_.now(), {subject, subject_id, seq + 1, "edit"}));
        change.entries.push_back(std::move(entry));
        return {};
    }),
              "configure");
    const Committed committed = commit(std::move(change));
    ASSERT_EQ(committed.outcome, Outcome::committed) << committed.conflict << committed.detail;
}

Committed TestDesk::commit(Change change) {
    std::promise<Committed> answer;
    store_->submit(std::move(change), [&](const Committed& committed) { answer.set_value(committed); });
    return answer.get_future().get();
}

void TestDesk::write(const Write& write) {
    expect_ok(store_->write_alone([&](Writer& writer) -> Status {
        TRY([[maybe_unused]] const auto rows, writer.execute(write));
        return {};
    }),
              "write");
}

std::int64_t TestDesk::number_of(std::string_view statement, std::vector<Value> params) {
    std::int64_t number = -1;
    expect_ok(store_->read([&](Reader& reader) {
        return reader.query(statement, params, [&](const Row& row) {
            number = row.integer(0);
            return false;
        });
    }),
              "number");
    return number;
}

Session TestDesk::session(const std::string& key) {
    Session session;
    expect_ok(store_->read([&](Reader& reader) -> Status {
        TRY(const DeskPtr desk, desks_.current(reader));
        TRY(const auto person, find_person(reader, key));
        if (!person) return fail(ErrorKind::not_found, "test.person", key);
        session.key = session.name = key;
        session.caller.user = person->id;
        session.caller.roles = person->roles;
        session.caller.organization = person->organization;
        const Organization* organization = desk->organization(person->organization);
        session.caller.organization_shares = organization != nullptr && organization->shares_incidents;
        session.caller.teams = desk->teams_of_person(person->id);
        return {};
    }),
              "session");
    return session;
}

void TestDesk::run(std::int64_t key, const std::function<Result<std::optional<Change>>(Reader&)>& decide) {
    expect_ok(runner_->run_and_wait(key, decide), "use case");
}

std::int64_t TestDesk::log(const std::string& who, const std::string& title, const std::string& description,
                           const std::function<void(LogRequest&)>& more) {
    LogRequest request;
    request.title = title;
    request.description = description;
    if (more) more(request);
    const Session by = session(who);
    std::int64_t id = 0;
    run(0, [&](Reader& reader) -> Result<std::optional<Change>> {
        TRY(auto decided, app::log_incident(reader, *tools_, by, request));
        id = decided.answer.incident.id.value;
        return std::move(decided.change);
    });
    return id;
}

void TestDesk::note(const std::string& who, std::int64_t id, const std::string& text) {
    const Session by = session(who);
    run(id, [&](Reader& reader) -> Result<std::optional<Change>> {
        TRY(auto decided, say_internally(reader, *tools_, by, IncidentId{id}, {text, {}, {}}));
        return std::move(decided.change);
    });
}

void TestDesk::reply(const std::string& who, std::int64_t id, const std::string& text) {
    const Session by = session(who);
    run(id, [&](Reader& reader) -> Result<std::optional<Change>> {
        TRY(auto decided, say_publicly(reader, *tools_, by, IncidentId{id}, {text, {}, {}}));
        return std::move(decided.change);
    });
}

void TestDesk::act(const std::string& who, std::int64_t id, Action action,
                   const std::function<void(ActionRequest&)>& more) {
    ActionRequest request;
    request.action = action;
    if (more) more(request);
    const Session by = session(who);
    run(id, [&](Reader& reader) -> Result<std::optional<Change>> {
        TRY(auto decided, app::act(reader, *tools_, by, IncidentId{id}, request));
        return std::move(decided.change);
    });
}

void TestDesk::edit(const std::string& who, std::int64_t id, const std::function<void(EditRequest&)>& fill) {
    EditRequest request;
    fill(request);
    const Session by = session(who);
    run(id, [&](Reader& reader) -> Result<std::optional<Change>> {
        TRY(auto decided, edit_incident(reader, *tools_, by, IncidentId{id}, request));
        return std::move(decided.change);
    });
}

void TestDesk::redact(std::int64_t id, std::int64_t seq, const std::string& field, bool is_standing_text) {
    run(id, [&](Reader& reader) -> Result<std::optional<Change>> {
        TRY(const DeskPtr desk, desks_.current(reader));
        TRY(const Loaded loaded, load_any(reader, IncidentId{id}));
        TRY(const auto entries, load_entries(reader, IncidentId{id}, seq - 1, 1));
        Unit unit(loaded.incident, Actor{UserId{1}, Capacity::team_lead}, context_for(*desk, *tools_, loaded));
        domain::redact(unit, seq, field, is_standing_text, "a password stood in it");
        ChangeBuilder builder(*desk, "api");
        builder.add(unit, loaded);
        builder.write({"test.entry_text_delete", {entries.front().pos, field}});
        return builder.take();
    });
}

}  // namespace firstline::test
