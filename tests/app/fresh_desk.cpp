#include "app/fresh_desk.hpp"

#include "app/directory/people.hpp"
#include "app/identity/session/own_account.hpp"
#include "base/crypto.hpp"
#include "storage/postgres/postgres_store.hpp"
#include "storage/postgres/test/test_database.hpp"
#include "storage/sqlite/blob/blob_files.hpp"
#include "storage/sqlite/sqlite_store.hpp"

namespace firstline::test {

using namespace app;
using namespace domain;

struct FreshDesk::Database {
    std::unique_ptr<storage::postgres::ScratchDatabase> scratch;
};

FreshDesk::FreshDesk(Engine engine) : engine_(engine), database_(std::make_unique<Database>()) {
    if (engine_ == Engine::postgres) database_->scratch = std::make_unique<storage::postgres::ScratchDatabase>();
    open();
    InitRequest request;
    request.admin_password = kAdminPassword;
    const auto made = init_desk(*store_, clock_, request);
    EXPECT_TRUE(made) << made.error().code << ": " << made.error().detail;
}

FreshDesk::~FreshDesk() { close(); }

void FreshDesk::open() {
    if (engine_ == Engine::sqlite) {
        storage::sqlite::Options options;
        options.directory = directory_.path() + "/desk";
        auto opened = storage::sqlite::SqliteStore::open(std::move(options));
        ASSERT_TRUE(opened) << opened.error().code << ": " << opened.error().detail;
        store_ = std::move(*opened);
    } else {
        storage::postgres::Options options;
        options.url = database_->scratch->url();
        auto opened = storage::postgres::PostgresStore::open(std::move(options));
        ASSERT_TRUE(opened) << opened.error().code << ": " << opened.error().detail;
        store_ = std::move(*opened);
    }
    auto blobs = storage::sqlite::BlobFiles::open(directory_.path());
    ASSERT_TRUE(blobs) << blobs.error().detail;
    blobs_ = std::move(*blobs);
    runner_ = std::make_unique<Runner>(*store_, Runner::Options{.workers = 2});
    passwords_ = std::make_unique<PasswordPool>();
    limits_ = std::make_unique<SignInLimits>([this] { return steady_; });
    tools_ = std::make_unique<Toolbox>(Toolbox{*store_, *blobs_, clock_, desks_, *runner_});
    identity_ = std::make_unique<IdentityTools>(IdentityTools{*tools_, real_time_, *passwords_, *limits_});
}

void FreshDesk::close() {
    if (passwords_) passwords_->stop();
    if (runner_) runner_->stop();
    if (store_) store_->stop();
    identity_.reset();
    tools_.reset();
    limits_.reset();
    passwords_.reset();
    runner_.reset();
    store_.reset();
}

void FreshDesk::reopen() {
    close();
    open();
}

std::int64_t FreshDesk::number_of(std::string_view statement, std::vector<Value> params) {
    std::int64_t number = -1;
    const Status status = store_->read([&](Reader& reader) {
        return reader.query(statement, params, [&](const Row& row) {
            number = row.integer(0);
            return false;
        });
    });
    EXPECT_TRUE(status) << status.error().detail;
    return number;
}

DeskPtr FreshDesk::desk() {
    auto found = read<DeskPtr>([&](Reader& reader) { return desks_.current(reader); });
    EXPECT_TRUE(found) << found.error().detail;
    return *found;
}

Session FreshDesk::session(const std::string& key) {
    auto found = read<Session>([&](Reader& reader) -> Result<Session> {
        TRY(const DeskPtr desk, desks_.current(reader));
        TRY(const auto person, find_person(reader, key));
        if (!person) return fail(ErrorKind::not_found, "test.person", key);
        return session_of(*desk, *person, "api");
    });
    EXPECT_TRUE(found) << found.error().code << " " << key;
    return found.value_or(Session{});
}

SignInOutcome FreshDesk::sign_in(const std::string& user, const std::string& password, const std::string& address) {
    std::promise<SignInOutcome> outcome;
    app::sign_in(*identity_, {user, password, address, "test"}, Runner::kNoDeadline,
                 [&](SignInOutcome done) { outcome.set_value(std::move(done)); });
    return outcome.get_future().get();
}

Result<Authenticated> FreshDesk::by_cookie(const std::string& cookie) {
    return read<Authenticated>(
        [&](Reader& reader) { return authenticate(reader, desks_, {{}, cookie}, real_time_.now()); });
}
Result<Authenticated> FreshDesk::by_token(const std::string& token) {
    return read<Authenticated>(
        [&](Reader& reader) { return authenticate(reader, desks_, {token, {}}, real_time_.now()); });
}

UserAnswer FreshDesk::add_user(const std::string& key, const std::vector<std::string>& roles,
                               const std::vector<std::string>& teams, const std::string& email) {
    UserFields fields;
    fields.name = key;
    if (!roles.empty()) fields.roles = roles;
    if (!teams.empty()) fields.teams = teams;
    if (!email.empty()) fields.email = email;
    const Session by = admin();
    auto made = run([&](Reader& reader) { return create_user(reader, *tools_, by, key, fields); });
    EXPECT_TRUE(made) << made.error().code << " " << fields_of(made);
    return made.value_or(UserAnswer{});
}

TeamAnswer FreshDesk::add_team(const std::string& key, int tier) {
    TeamFields fields;
    fields.name = key;
    fields.tier = tier;
    const Session by = admin();
    auto made = run([&](Reader& reader) { return create_team(reader, *tools_, by, key, fields); });
    EXPECT_TRUE(made) << made.error().code << " " << fields_of(made);
    return made.value_or(TeamAnswer{});
}

void FreshDesk::give_password(const std::string& key, const std::string& password) {
    std::promise<Status> outcome;
    set_password(*identity_, admin(), key, password, Runner::kNoDeadline,
                 [&](Status status) { outcome.set_value(std::move(status)); });
    const Status status = outcome.get_future().get();
    EXPECT_TRUE(status) << status.error().code;
}

}  // namespace firstline::test
