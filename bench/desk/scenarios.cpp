// The lists of (d) (bench/README.md).
#include "desk/scenarios.hpp"

#include <algorithm>

#include "app/directory/rules/audit_log.hpp"

namespace firstline::bench {

using namespace app;

namespace {

constexpr std::int64_t kPage = 50;
constexpr std::int64_t kStep = 500;  // rows of a page on the way to a deep one

// The cursor behind `rows` rows; "" where the list is shorter.
Result<std::string> cursor_behind(Toolbox& tools, const Session& session, ListRequest request, std::int64_t rows) {
    while (rows > 0) {
        request.limit = std::min(rows, kStep);
        CHECK_OK(tools.store.read([&](Reader& reader) -> Status {
            TRY(const ListPage page, list_incidents(reader, tools, session, request, {}));
            request.after = page.next;
            return {};
        }));
        if (request.after.empty()) break;
        rows -= request.limit;
    }
    return request.after;
}

}  // namespace

Result<std::vector<Scenario>> scenarios(Toolbox& tools, const Plan& plan) {
    std::vector<Scenario> out;
    TRY(const Session agent, session_of(tools, agent_key(0)));
    TRY(const Session five, session_of(tools, five_key(1)));
    const auto add = [&](const std::string& name, Question question, const Session& session, ListFilter filter,
                         std::int64_t deep) -> Status {
        ListRequest request;
        request.filter = std::move(filter);
        request.limit = kPage;
        request.wants_heads_only = true;  // a queue shows no texts
        out.push_back({name + ", first", question, session, request});
        if (deep == 0) return {};
        TRY(request.after, cursor_behind(tools, session, request, deep));
        out.push_back({name + ", deep", question, session, request});
        return {};
    };
    const std::vector<std::string> open{"open"};
    const std::int64_t per_team = plan.open / kTeams;
    std::vector<std::string> five_teams;
    for (std::int64_t n = 0; n < 5; ++n) five_teams.push_back(team_key(n));
    CHECK_OK(add("one team", Question::page, agent, {.states = open, .teams = {team_key(0)}}, per_team / 2));
    CHECK_OK(add("five teams", Question::page, agent, {.states = open, .teams = five_teams}, 5 * per_team / 2));
    CHECK_OK(add("all open", Question::page, agent, {.states = open}, plan.open / 2));
    CHECK_OK(add("mine", Question::mine, agent, {.states = open, .assignees = {"me"}}, per_team / 10));
    CHECK_OK(add("a requester's", Question::history, agent, {.requesters = {five_key(1)}}, 0));
    CHECK_OK(add("own five", Question::history, five, {}, 0));
    CHECK_OK(add("newest of all", Question::history, agent, {}, kPage));
    out.push_back({"whole records of one team", Question::history, agent, {}});
    out.back().request.filter = {.states = open, .teams = {team_key(0)}};
    out.push_back({"counts of 12 views", Question::counts, agent, {}});
    TRY(const Session admin, session_of(tools, "admin"));
    out.push_back({"audit log", Question::audit, admin, {}});
    return out;
}

Result<std::size_t> ask(Reader& reader, Toolbox& tools, const Scenario& scenario) {
    if (scenario.question == Question::counts) {
        TRY(const auto counts, count_views(reader, tools, scenario.session));
        return counts.size();
    }
    if (scenario.question == Question::audit) {
        TRY(const auto page, list_audit(reader, tools, scenario.session, {}, {}));
        return page.items.size();
    }
    TRY(const ListPage page, list_incidents(reader, tools, scenario.session, scenario.request, {}));
    return page.items.size();
}

}  // namespace firstline::bench
