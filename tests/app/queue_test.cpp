// Pages of the queues: each team's, several teams' merged, everybody's; first and following pages are one list in order
// (storage.md §5 "Lists").
#include <gmock/gmock.h>

#include <algorithm>
#include <tuple>

#include "app/incidents/list/list.hpp"
#include "app/test_desk.hpp"

namespace firstline::test {
namespace {

using namespace app;
using namespace domain;
using testing::ElementsAreArray;

constexpr int kIncidents = 45;
constexpr std::int64_t kPage = 4;

struct Logged {
    std::int64_t id = 0;
    int urgency = 0;
    bool is_paused = false;
    std::string team;
};

class QueueTest : public OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (IsSkipped()) return;
        // Most are alike, so that pages end between incidents that only their numbers tell apart.
        for (int n = 0; n < kIncidents; ++n) {
            Logged one{0, n % 9 == 0 ? 1 : 2, n % 4 == 3, n % 3 == 2 ? "network" : "desk"};
            one.id = desk().log("anna", "one of many", "", [&](LogRequest& request) {
                request.team = one.team;
                request.impact = 2;
                request.urgency = one.urgency;
            });
            if (one.is_paused) {
                desk().act("anna", one.id, Action::hold, [this](ActionRequest& request) {
                    request.input.hold_reason = HoldReason::scheduled;
                    request.input.resume_at = desk().clock().now() + days(1);
                });
            }
            logged_.push_back(one);
        }
    }

    // Page by page to the end.
    std::vector<std::int64_t> listed(const std::vector<std::string>& teams,
                                     const std::vector<std::string>& priorities = {}) {
        ListRequest request;
        request.filter.priorities = priorities;
        request.filter.states = {"open"};
        request.filter.teams = teams;
        request.sort = ListSort::priority;
        request.limit = kPage;
        const Session anna = desk().session("anna");
        std::vector<std::int64_t> out;
        do {
            ListPage page;
            const Status status = desk().store().read([&](Reader& reader) -> Status {
                TRY(page, list_incidents(reader, desk().tools(), anna, request, nullptr));
                return {};
            });
            EXPECT_TRUE(status) << status.error().detail;
            EXPECT_TRUE(page.next.empty() || std::ssize(page.items) == kPage);
            for (const auto& item : page.items) out.push_back(item.incident.id.value);
            request.after = page.next;
        } while (!request.after.empty() && out.size() < 2 * kIncidents);
        return out;
    }

    [[nodiscard]] std::vector<std::int64_t> expected(const std::vector<std::string>& teams, int urgency_min = 1) const {
        std::vector<Logged> chosen;
        for (const Logged& one : logged_) {
            if (one.urgency < urgency_min) continue;
            if (teams.empty() || std::find(teams.begin(), teams.end(), one.team) != teams.end()) chosen.push_back(one);
        }
        std::sort(chosen.begin(), chosen.end(), [](const Logged& a, const Logged& b) {
            return std::tie(a.urgency, a.is_paused, a.id) < std::tie(b.urgency, b.is_paused, b.id);
        });
        std::vector<std::int64_t> out;
        for (const Logged& one : chosen) out.push_back(one.id);
        return out;
    }

    std::vector<Logged> logged_;
};

TEST_P(QueueTest, PagesFollowEachOtherInTheOrderOfTheQueue) {
    for (const std::vector<std::string>& teams :
         {std::vector<std::string>{}, {"desk"}, {"network"}, {"desk", "network"}}) {
        EXPECT_THAT(listed(teams), ElementsAreArray(expected(teams))) << teams.size() << " teams";
        // The most urgent are read and left out: a page needs more than one look.
        EXPECT_THAT(listed(teams, {"P3"}), ElementsAreArray(expected(teams, 2))) << teams.size() << " teams, P3";
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, QueueTest, testing::Values(Engine::sqlite, Engine::postgres), engine_name);

}  // namespace
}  // namespace firstline::test
