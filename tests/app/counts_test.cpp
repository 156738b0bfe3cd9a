// Counts of views are remembered for a second, each person's for themselves (storage.md §5 "Counts").
#include "app/incidents/counts.hpp"

#include "app/test_desk.hpp"

namespace firstline::test {
namespace {

using namespace app;
using namespace domain;

class CountsTest : public OnBothEngines {
protected:
    [[nodiscard]] std::int64_t count(const Session& session, const std::string& view) {
        std::int64_t out = -1;
        const auto status = desk().store().read([&](Reader& reader) -> Status {
            TRY(const auto counts, cache_.counts(reader, desk().tools(), session));
            for (const auto& [one, number] : counts) {
                if (one.key == view) out = number;
            }
            return {};
        });
        EXPECT_TRUE(status) << status.error().detail;
        return out;
    }
    [[nodiscard]] std::int64_t count(const std::string& who, const std::string& view = "open") {
        return count(desk().session(who), view);
    }

    std::shared_ptr<ManualClock> real_time_ = std::make_shared<ManualClock>(Instant{1'000'000});
    CountsCache cache_{real_time_};
};

TEST_P(CountsTest, AreCountedAnewAfterASecondAndNotBefore) {
    EXPECT_EQ(count("anna"), 0);
    desk().log("bo", "Printer on fire");
    real_time_->advance(Duration{kCountsKept.us - 1});
    EXPECT_EQ(count("anna"), 0);
    real_time_->advance(microseconds(1));
    EXPECT_EQ(count("anna"), 1);
}

TEST_P(CountsTest, AreFreshAfterOnesOwnWrite) {
    EXPECT_EQ(count("anna"), 0);
    const auto id = desk().log("anna", "Printer on fire");
    EXPECT_EQ(count("anna"), 1);
    EXPECT_EQ(count("anna", "mine"), 0);
    desk().act("anna", id, Action::start);
    EXPECT_EQ(count("anna", "mine"), 1);
}

TEST_P(CountsTest, AreFreshWhereTheClockWasSetBack) {
    EXPECT_EQ(count("anna"), 0);
    desk().log("bo", "Printer on fire");
    real_time_->advance(microseconds(-1));
    EXPECT_EQ(count("anna"), 1);
}

// All at one instant: what is remembered for one person answers no other.
TEST_P(CountsTest, OfOnePersonAnswerNoOther) {
    desk().log("bo", "Payroll shows everybody's pay", "", [](LogRequest& request) {
        request.team = "network";
        request.is_restricted = true;
    });
    for (int again = 0; again < 2; ++again) {
        EXPECT_EQ(count("bo"), 1);
        EXPECT_EQ(count("anna"), 0);
        EXPECT_EQ(count("tea"), 1);
        EXPECT_EQ(count("ida", "my-open"), 0);
        EXPECT_EQ(count("ida", "open"), -1) << "a requester has no view of all";
    }
}

TEST_P(CountsTest, OfLostRolesAndTeamsAreGoneAtOnce) {
    desk().log("anna", "Printer on fire");
    Session bo = desk().session("bo");
    EXPECT_EQ(count(bo, "open"), 1);
    bo.caller.roles = Roles{Role::requester};
    EXPECT_EQ(count(bo, "open"), -1);
    EXPECT_EQ(count(bo, "my-open"), 0);

    EXPECT_EQ(count("bo", "team-network"), 0);
    desk().configure({{"test.team_member_delete", {std::int64_t{2}, std::int64_t{2}}}}, "team", 2);
    EXPECT_EQ(count("bo", "team-network"), -1);
}

INSTANTIATE_TEST_SUITE_P(Engines, CountsTest, testing::Values(Engine::sqlite, Engine::postgres), engine_name);

}  // namespace
}  // namespace firstline::test
