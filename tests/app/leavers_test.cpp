// People and teams end; incidents do not (domain.md §4).
#include "app/jobs/leavers.hpp"

#include <gtest/gtest.h>

#include "app/directory/rules/rules.hpp"
#include "app/fresh_desk.hpp"
#include "app/incidents/use_cases.hpp"
#include "app/verify/verify.hpp"

namespace firstline::test {
namespace {

using namespace app;
using namespace domain;

class LeaversTest : public OnAFreshDesk {
protected:
    void SetUp() override {
        OnAFreshDesk::SetUp();
        if (IsSkipped()) return;
        desk().add_team("desk");
        desk().add_team("network", 2);
        desk().add_user("anna", {"agent"}, {"desk"});
        desk().add_user("bo", {"agent"}, {"network", "desk"});
    }
    IncidentId log(const std::string& who, const std::vector<Action>& actions, const std::string& team = "desk") {
        const Session by = desk().session(who);
        LogRequest request;
        request.title = "Something is broken";
        request.team = team;
        for (const Action action : actions) {
            ActionRequest step;
            step.action = action;
            if (action == Action::resolve) {
                step.category = "other-question";
                step.input.impact = 3;
                step.input.urgency = 3;
                step.input.resolution_code = ResolutionCode::fixed;
                step.input.resolution_notes = "It works again";
            }
            request.then.push_back(step);
        }
        const auto logged =
            desk().run([&](Reader& reader) { return log_incident(reader, desk().tools(), by, request); });
        EXPECT_TRUE(logged) << code_of(logged) << " " << fields_of(logged);
        return logged ? logged->incident.id : IncidentId{};
    }
    Incident load(IncidentId id) {
        auto found = desk().read<Loaded>([&](Reader& reader) { return load_any(reader, id); });
        EXPECT_TRUE(found);
        return found->incident;
    }
    UserId id_of(const std::string& key) { return desk().session(key).user(); }
    void deactivate(const std::string& key) {
        const Session by = desk().admin();
        const auto done =
            desk().run([&](Reader& reader) { return deactivate_user(reader, desk().tools(), by, key, {}); });
        ASSERT_TRUE(done) << code_of(done);
    }
    Result<TeamAnswer> dissolve(const std::string& key, const std::string& successor) {
        const Session by = desk().admin();
        return desk().run([&](Reader& reader) { return dissolve_team(reader, desk().tools(), by, key, successor); });
    }
    void expect_whole() {
        const auto report = verify(desk().store(), {});
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->findings.empty())
            << report->findings.front().what << " at " << report->findings.front().where;
    }
};

TEST_P(LeaversTest, OpenIncidentsOfWhoLeavesStayWithTheTeam) {
    const IncidentId started = log("bo", {Action::start});
    const IncidentId resolved = log("bo", {Action::start, Action::resolve});
    const IncidentId annas = log("anna", {Action::start});
    deactivate("bo");
    EXPECT_TRUE(load(started).assignee.is_set());
    const auto done = run_leavers(desk().tools());
    ASSERT_TRUE(done) << code_of(done);
    EXPECT_EQ(done->jobs, 1);
    EXPECT_EQ(done->incidents, 2);
    EXPECT_FALSE(load(started).assignee.is_set());
    EXPECT_EQ(load(started).state, State::assigned);
    EXPECT_EQ(load(started).team, desk().desk()->team("desk")->id);
    EXPECT_FALSE(load(resolved).assignee.is_set());
    EXPECT_EQ(load(resolved).state, State::resolved);
    EXPECT_EQ(load(annas).assignee, id_of("anna"));
    EXPECT_EQ(load(annas).state, State::in_progress);
    EXPECT_EQ(run_leavers(desk().tools())->jobs, 0);
    expect_whole();
}

TEST_P(LeaversTest, AnEndInTheMiddleLosesNothing) {
    std::vector<IncidentId> ids;
    for (int i = 0; i < 5; ++i) ids.push_back(log("bo", {Action::start}));
    deactivate("bo");
    int left = 2;
    const auto cut = run_leavers(desk().tools(), [&] { return left-- > 0; });
    ASSERT_TRUE(cut);
    desk().reopen();
    const auto rest = run_leavers(desk().tools());
    ASSERT_TRUE(rest) << code_of(rest);
    EXPECT_GT(rest->incidents, 0);
    for (const IncidentId id : ids) EXPECT_EQ(load(id).state, State::assigned) << id.value;
    EXPECT_EQ(run_leavers(desk().tools())->jobs, 0);
}

TEST_P(LeaversTest, WhoComesBackInTimeKeepsTheirIncidents) {
    const IncidentId id = log("bo", {Action::start});
    deactivate("bo");
    UserFields back;
    back.reactivates = true;
    const Session by = desk().admin();
    ASSERT_TRUE(desk().run([&](Reader& reader) { return edit_user(reader, desk().tools(), by, "bo", back, {}); }));
    ASSERT_TRUE(run_leavers(desk().tools()));
    EXPECT_EQ(load(id).assignee, id_of("bo"));
    EXPECT_EQ(run_leavers(desk().tools())->jobs, 0);
}

TEST_P(LeaversTest, ADissolvedTeamsIncidentsFollowToItsSuccessor) {
    const IncidentId annas = log("anna", {Action::start});
    const IncidentId bos = log("bo", {Action::start});
    const IncidentId waiting = log("anna", {});
    const Session admin = desk().admin();
    ASSERT_TRUE(desk().run(
        [&](Reader& reader) { return edit_settings(reader, desk().tools(), admin, {{"default_team", "desk"}}, {}); }));
    EXPECT_EQ(fields_of(dissolve("desk", "")), "?successor required");
    EXPECT_EQ(fields_of(dissolve("desk", "desk")), "?successor conflict");
    EXPECT_EQ(fields_of(dissolve("desk", "nowhere")), "?successor not_found");
    ASSERT_TRUE(dissolve("desk", "network"));
    const TeamId network = desk().desk()->team("network")->id;
    EXPECT_FALSE(desk().desk()->team("desk")->is_active);
    EXPECT_EQ(desk().desk()->settings.default_team, network);
    const auto done = run_leavers(desk().tools());
    ASSERT_TRUE(done) << code_of(done);
    EXPECT_EQ(done->incidents, 3);
    for (const IncidentId id : {annas, bos, waiting}) {
        EXPECT_EQ(load(id).team, network);
        EXPECT_EQ(load(id).tier, 2);
        EXPECT_EQ(load(id).reassignment_count, 0);
    }
    EXPECT_EQ(load(annas).state, State::assigned);
    EXPECT_FALSE(load(annas).assignee.is_set());
    EXPECT_EQ(load(bos).state, State::in_progress);
    EXPECT_EQ(load(bos).assignee, id_of("bo"));
    EXPECT_EQ(fields_of(dissolve("network", "desk")), "?successor inactive");
    expect_whole();
}

TEST_P(LeaversTest, AWorkerDoesItWhenWoken) {
    const IncidentId id = log("bo", {Action::start});
    LeaversWorker worker(desk().tools(), [](const Error& error) { ADD_FAILURE() << error.code; });
    worker.start();
    deactivate("bo");
    worker.wake();
    await([&] { return load(id).state == State::assigned; }, "the incident loses its assignee");
    worker.stop();
}

INSTANTIATE_TEST_SUITE_P(Engines, LeaversTest, testing::Values(Engine::sqlite, Engine::postgres), engine_name);

}  // namespace
}  // namespace firstline::test
