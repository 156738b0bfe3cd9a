// The use cases on incidents where the API's journeys cannot look: refusals in the middle of a unit, what requesters see
// of a change, and what is written beside it (domain.md §2, §3, §7; api.md §2).
#include <gtest/gtest.h>

#include <algorithm>

#include "app/test_desk.hpp"

namespace firstline::test {
namespace {

using namespace app;
using namespace domain;

class IncidentTest : public OnBothEngines {
protected:
    ActionRequest step(Action action, const std::string& pointer) {
        ActionRequest request;
        request.action = action;
        request.pointer = pointer;
        if (action == Action::resolve) {
            request.category = "";
            request.input.resolution_code = ResolutionCode::fixed;
            request.input.resolution_notes = "It works again";
        }
        return request;
    }
};

TEST_P(IncidentTest, ARefusedStepSaysWhereItStoodAndWhatWasPossible) {
    const Session anna = desk().session("anna");
    LogRequest request;
    request.title = "Nothing prints";
    request.team = "desk";
    request.then = {step(Action::start, "/then/0"), step(Action::reopen, "/then/1")};
    request.then[1].input.reason = "again";
    RefusedAt at;
    const Status read = desk().store().read([&](Reader& reader) -> Status {
        const auto logged = log_incident(reader, desk().tools(), anna, request, &at);
        EXPECT_FALSE(logged);
        if (logged) return {};
        EXPECT_EQ(logged.error().code, "incident.transition_refused");
        EXPECT_EQ(logged.error().fields.size(), 1U);
        EXPECT_EQ(logged.error().fields.front().pointer, "/then/1/action");
        return {};
    });
    ASSERT_TRUE(read);
    ASSERT_TRUE(at);
    EXPECT_EQ(at->incident.state, State::in_progress);
    const auto offers = [&](Action action) {
        return std::any_of(at->offers.allowed.begin(), at->offers.allowed.end(),
                           [&](const Offer& offer) { return offer.action == action; });
    };
    EXPECT_TRUE(offers(Action::hold));
    EXPECT_FALSE(offers(Action::reopen));
    EXPECT_FALSE(offers(Action::merge));  // stands alone, so no step of `then`
}

INSTANTIATE_TEST_SUITE_P(Engines, IncidentTest, testing::Values(Engine::sqlite, Engine::postgres), engine_name);

}  // namespace
}  // namespace firstline::test
