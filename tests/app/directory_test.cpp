// People and teams: making, finding, editing, importing them (api.md §4, domain.md §4).
#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "app/directory/rules/audit_log.hpp"
#include "app/fresh_desk.hpp"
#include "app/verify/verify.hpp"

namespace firstline::test {
namespace {

using namespace app;
using namespace domain;

using Keys = std::vector<std::string>;

class DirectoryTest : public OnAFreshDesk {
protected:
    Result<UserAnswer> create(const std::string& key, const UserFields& fields, const std::string& by = "admin") {
        const Session session = desk().session(by);
        return desk().run([&](Reader& reader) { return create_user(reader, desk().tools(), session, key, fields); });
    }
    Result<UserAnswer> edit(const std::string& key, const UserFields& fields,
                            std::optional<std::int64_t> version = std::nullopt, const std::string& by = "admin") {
        const Session session = desk().session(by);
        return desk().run(
            [&](Reader& reader) { return edit_user(reader, desk().tools(), session, key, fields, {version}); });
    }
    Result<UserAnswer> deactivate(const std::string& key, const std::string& successor = {}) {
        const Session session = desk().admin();
        return desk().run(
            [&](Reader& reader) { return deactivate_user(reader, desk().tools(), session, key, successor); });
    }
    Result<TeamAnswer> edit_team(const std::string& key, const TeamFields& fields, const std::string& by = "admin",
                                 std::optional<std::int64_t> version = std::nullopt) {
        const Session session = desk().session(by);
        return desk().run(
            [&](Reader& reader) { return app::edit_team(reader, desk().tools(), session, key, fields, {version}); });
    }
    Result<Page<UserAnswer>> list(const UserFilter& filter, const PageRequest& page = {}) {
        const Session session = desk().admin();
        return desk().read<Page<UserAnswer>>(
            [&](Reader& reader) { return list_users(reader, desk().tools(), session, filter, page); });
    }
    Keys keys(const Result<Page<UserAnswer>>& page) {
        Keys out;
        for (const auto& user : page->items) out.push_back(user.person.key);
        return out;
    }
    Keys teams_of(const std::string& key) {
        const DeskPtr now = desk().desk();
        Keys out;
        for (const TeamId id : desk().session(key).caller.teams) out.push_back(now->team(id)->key);
        return out;
    }
    static Keys names(const std::vector<PersonName>& people) {
        Keys out;
        for (const auto& person : people) out.push_back(person.key);
        return out;
    }
    void expect_whole() {
        const auto report = verify(desk().store(), {});
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->findings.empty())
            << report->findings.front().what << " at " << report->findings.front().where;
    }
};

TEST_P(DirectoryTest, RefusesAllWrongFieldsAtOnce) {
    UserFields wrong;
    wrong.name = "  ";
    wrong.email = "no address";
    wrong.phone = std::string(kPhoneCharactersMax + 1, '1');
    wrong.language = "english";
    wrong.zone = "Mars/Olympus";
    wrong.organization = "acme";
    wrong.roles = Keys{"agent", "king"};
    wrong.teams = Keys{"nowhere"};
    EXPECT_EQ(
        fields_of(create("Bad Key", wrong)),
        "/key format, /name blank, /email format, /phone too_long, /zone enum, /organization not_found, /roles/1 enum, "
        "/teams/0 not_found");
    EXPECT_EQ(fields_of(create("x", {})), "/name required");
    desk().add_user("ida", {}, {}, "ida@example.com");
    UserFields same;
    same.name = "Other Ida";
    same.email = "IDA@example.com";
    EXPECT_EQ(fields_of(create("ida-two", same)), "/email conflict");
    same.email.reset();
    EXPECT_EQ(code_of(create("ida", same)), "exists");
}

// Both have looked before either writes: the database keeps what the look alone cannot.
TEST_P(DirectoryTest, OfTwoWhoAskAtOnceOneGetsTheAddress) {
    const Session admin = desk().admin();
    std::latch both_looked(2);
    const auto ask = [&](const std::string& key, const std::string& email) {
        int tries = 0;
        return desk().run([&, tries](Reader& reader) mutable {
            UserFields fields;
            fields.name = key;
            fields.email = email;
            auto decided = create_user(reader, desk().tools(), admin, key, fields);
            if (++tries == 1) both_looked.arrive_and_wait();
            return decided;
        });
    };
    auto other = std::async(std::launch::async, [&] { return ask("ada-1", "Ada.Berg@Example.org"); });
    const auto mine = ask("ada-2", "ada.berg@EXAMPLE.org");
    const auto theirs = other.get();
    ASSERT_NE(mine.has_value(), theirs.has_value());
    const auto& refused = mine ? theirs : mine;
    EXPECT_EQ(code_of(refused), "request.invalid");
    EXPECT_EQ(fields_of(refused), "/email conflict");
    // Who has left makes room, and does not come back to an address that is somebody else's now.
    const std::string first = mine ? "ada-2" : "ada-1";
    const std::string second = mine ? "ada-1" : "ada-2";
    ASSERT_TRUE(deactivate(first));
    UserFields fields;
    fields.name = second;
    fields.email = "ada.berg@example.org";
    ASSERT_TRUE(create(second, fields));
    UserFields back;
    back.reactivates = true;
    EXPECT_EQ(fields_of(edit(first, back)), "/email conflict");
    expect_whole();
}

TEST_P(DirectoryTest, AgentsMakeCallersAndNothingMore) {
    desk().add_user("bo", {"agent"});
    desk().add_user("ida");
    UserFields caller;
    caller.name = "A caller";
    EXPECT_TRUE(create("caller", caller, "bo"));
    EXPECT_EQ(code_of(create("caller-two", caller, "ida")), "auth.forbidden");
    caller.roles = Keys{"admin"};
    EXPECT_EQ(code_of(create("caller-two", caller, "bo")), "auth.forbidden");
    EXPECT_EQ(code_of(edit("ida", caller, std::nullopt, "bo")), "auth.forbidden");
}

TEST_P(DirectoryTest, EditsAreGuardedByVersionAndRecorded) {
    const auto made = desk().add_user("ida");
    EXPECT_EQ(made.person.version, 1);
    UserFields fields;
    fields.phone = "0123";
    const auto edited = edit("ida", fields, 1);
    ASSERT_TRUE(edited);
    EXPECT_EQ(edited->person.version, 2);
    EXPECT_EQ(code_of(edit("ida", fields, 1)), "precondition.failed");
    // The same again changes nothing.
    EXPECT_EQ(edit("ida", fields)->person.version, 2);
    EXPECT_EQ(code_of(edit("olle", fields)), "not_found");

    const Session admin = desk().admin();
    const auto log = desk().read<Page<AuditLine>>(
        [&](Reader& reader) { return list_audit(reader, desk().tools(), admin, {{"user"}, {"edit"}, {"admin"}}, {}); });
    ASSERT_TRUE(log);
    ASSERT_EQ(log->items.size(), 1U);
    const AuditLine& line = log->items.front();
    EXPECT_EQ(line.key, "ida");
    ASSERT_TRUE(line.actor);
    EXPECT_EQ(line.actor->key, "admin");
    ASSERT_EQ(line.changes.size(), 1U);
    EXPECT_EQ(line.changes.front().field, "phone");
    EXPECT_EQ(line.changes.front().after.plain, FieldValue{std::string("0123")});
    expect_whole();
}

TEST_P(DirectoryTest, RequestersDoNotRaiseTheConfigurationAndStaffDo) {
    const std::int64_t before = desk().desk()->config_version;
    desk().add_user("ida");
    EXPECT_EQ(desk().desk()->config_version, before);
    desk().add_user("bo", {"agent"});
    EXPECT_EQ(desk().desk()->config_version, before + 1);
    UserFields promoted;
    promoted.roles = Keys{"auditor"};
    ASSERT_TRUE(edit("ida", promoted));
    EXPECT_EQ(desk().desk()->config_version, before + 2);
    EXPECT_TRUE(desk().session("ida").caller.roles.has(Role::auditor));
}

TEST_P(DirectoryTest, TheLastAdministratorStays) {
    EXPECT_EQ(code_of(deactivate("admin")), "user.last_administrator");
    UserFields demoted;
    demoted.roles = Keys{"agent"};
    EXPECT_EQ(code_of(edit("admin", demoted)), "user.last_administrator");
    desk().add_user("second", {"admin"});
    EXPECT_TRUE(edit("admin", demoted));
    EXPECT_EQ(code_of(edit("second", demoted, std::nullopt, "admin")), "auth.forbidden");
}

TEST_P(DirectoryTest, ListsByKeyWithWordsAndFilters) {
    desk().add_user("anna-lind", {"agent"}, {}, "anna@acme.example");
    desk().add_user("berit", {}, {}, "berit.anka@example.com");
    desk().add_user("cesar");
    UserFields named;
    named.name = "Åsa Ånäs";
    ASSERT_TRUE(edit("cesar", named));
    ASSERT_TRUE(deactivate("berit"));
    EXPECT_EQ(keys(list({"an", {}, {}, {}})), (Keys{"anna-lind", "berit", "cesar"}));
    EXPECT_EQ(keys(list({"lin", {}, {}, {}})), (Keys{"anna-lind"}));
    EXPECT_EQ(keys(list({"nna", {}, {}, {}})), Keys{});
    EXPECT_EQ(keys(list({"anna@acme", {}, {}, {}})), (Keys{"anna-lind"}));
    EXPECT_EQ(keys(list({"asa an", {}, {}, {}})), (Keys{"cesar"}));
    EXPECT_EQ(keys(list({"100%", {}, {}, {}})), Keys{});
    EXPECT_EQ(keys(list({{}, false, {}, {}})), (Keys{"berit"}));
    EXPECT_EQ(keys(list({{}, true, "agent", {}})), (Keys{"admin", "anna-lind"}));
    EXPECT_EQ(fields_of(list({{}, {}, "king", "acme"})), "?role enum, ?organization not_found");
    const auto first = list({}, {{}, 3});
    EXPECT_EQ(keys(first), (Keys{"admin", "anna-lind", "berit"}));
    const auto rest = list({}, {first->next, 3});
    EXPECT_EQ(keys(rest), (Keys{"cesar"}));
    EXPECT_EQ(rest->next, "");
    const Session ida = desk().session("cesar");
    EXPECT_EQ(code_of(desk().read<Page<UserAnswer>>(
                  [&](Reader& reader) { return list_users(reader, desk().tools(), ida, {}, {}); })),
              "auth.forbidden");
}

TEST_P(DirectoryTest, MembershipsAreTheSameFromEitherSide) {
    desk().add_team("desk");
    desk().add_team("network", 2);
    desk().add_user("bo", {"agent"}, {"network", "desk"});
    EXPECT_EQ(teams_of("bo"), (Keys{"network", "desk"}));
    desk().add_user("anna", {"team_lead"});
    TeamFields fields;
    fields.leads = Keys{"anna"};
    auto edited = edit_team("network", fields);
    ASSERT_TRUE(edited) << fields_of(edited);
    EXPECT_EQ(names(edited->members), (Keys{"anna", "bo"}));
    EXPECT_EQ(names(edited->leads), (Keys{"anna"}));
    EXPECT_EQ(teams_of("anna"), (Keys{"network"}));
    // A lead edits their own team, not its tier; another's not at all.
    fields = {};
    fields.members = Keys{"anna"};
    fields.name = "Network and servers";
    edited = edit_team("network", fields, "anna");
    ASSERT_TRUE(edited) << code_of(edited);
    EXPECT_EQ(names(edited->leads), (Keys{"anna"}));
    EXPECT_EQ(teams_of("bo"), (Keys{"desk"}));
    fields = {};
    fields.tier = 3;
    EXPECT_EQ(code_of(edit_team("network", fields, "anna")), "auth.forbidden");
    fields = {};
    fields.name = "x";
    EXPECT_EQ(code_of(edit_team("desk", fields, "anna")), "auth.forbidden");
    EXPECT_EQ(code_of(edit_team("network", fields, "admin", 1)), "precondition.failed");

    desk().add_user("ida");
    fields = {};
    fields.members = Keys{"ida", "bo", "bo", "nobody"};
    EXPECT_EQ(fields_of(edit_team("desk", fields)), "/members/0 not_found, /members/2 duplicate, /members/3 not_found");
    UserFields demoted;
    demoted.roles = Keys{"requester"};
    EXPECT_EQ(fields_of(edit("bo", demoted)), "/roles conflict");
    demoted.teams = Keys{};
    ASSERT_TRUE(edit("bo", demoted));
    EXPECT_TRUE(desk().desk()->team("desk")->members.empty());
    expect_whole();
}

TEST_P(DirectoryTest, ImportsPeopleByKeyOrAddressAsOftenAsOneLikes) {
    desk().add_team("desk");
    desk().add_user("ida", {}, {}, "ida@example.com");
    const auto row = [](const std::string& key, const std::string& name, const std::string& email,
                        const Keys& roles = {}) {
        UserRow out;
        out.key = key;
        out.fields.name = name;
        out.fields.email = email;
        if (!roles.empty()) out.fields.roles = roles;
        return out;
    };
    std::vector<UserRow> rows{
        row("", "Ida Berg", "IDA@example.com"),    row("", "Anna Lind", "anna@example.com", {"agent"}),
        row("", "Anna Lind", "other@example.com"), row("olle", "", "olle@example.com"),
        row("kim", "Kim", "not an address"),       row("anna-lind", "Anna L", "anna@example.com")};
    rows[1].fields.teams = Keys{"desk"};
    const Session admin = desk().admin();
    const auto import_all = [&] {
        ImportedUsers sum;
        for (std::size_t from = 0; from < rows.size();) {
            const std::vector<UserRow> rest(rows.begin() + static_cast<std::ptrdiff_t>(from), rows.end());
            const auto done =
                desk().run([&](Reader& reader) { return import_users(reader, desk().tools(), admin, rest); });
            EXPECT_TRUE(done) << code_of(done);
            if (!done || done->rows == 0) break;
            sum.created += done->created;
            sum.updated += done->updated;
            sum.unchanged += done->unchanged;
            for (auto problem : done->problems) {
                problem.row += from;
                sum.problems.push_back(problem);
            }
            from += done->rows;
        }
        return sum;
    };
    auto done = import_all();
    EXPECT_EQ(done.created, 2U);
    EXPECT_EQ(done.updated, 2U);  // Ida's address and name; Anna's name by the last row
    ASSERT_EQ(done.problems.size(), 2U);
    EXPECT_EQ(done.problems[0].row, 3U);
    EXPECT_EQ(done.problems[0].error.fields.front().pointer, "/name");
    EXPECT_EQ(done.problems[1].row, 4U);
    EXPECT_EQ(teams_of("anna-lind"), (Keys{"desk"}));
    EXPECT_EQ(keys(list({"anna lind", {}, {}, {}})), (Keys{"anna-lind", "anna-lind-2"}));
    rows.pop_back();
    rows[1].fields.name = "Anna L";
    done = import_all();
    EXPECT_EQ(done.created + done.updated, 0U);
    EXPECT_EQ(done.unchanged, 3U);
    expect_whole();
}

INSTANTIATE_TEST_SUITE_P(Engines, DirectoryTest, testing::Values(Engine::sqlite, Engine::postgres), engine_name);

}  // namespace
}  // namespace firstline::test
