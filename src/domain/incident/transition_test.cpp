// The table against the literal expectations typed from domain.md §2 (tests/domain/*.expected.txt).
#include "domain/incident/transition.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "domain/access/policy.hpp"
#include "support/source_dir.hpp"

namespace firstline::domain {
namespace {

std::vector<std::string> data_lines(const std::string& name) {
    std::ifstream file(source_dir() + "/tests/domain/" + name);
    EXPECT_TRUE(file.good()) << name;
    std::vector<std::string> out;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line.front() != '#') out.push_back(line);
    }
    return out;
}

std::string describe(const Transition* row) {
    if (row == nullptr) return "no";
    std::string out = "yes to=" + std::string(to_string(row->to));
    std::string guards;
    for (std::size_t i = 0; i < kCount<Guard>; ++i) {
        if ((row->guards & set_of(static_cast<Guard>(i))) == 0) continue;
        guards += (guards.empty() ? "" : ",") + std::string(to_string(static_cast<Guard>(i)));
    }
    return guards.empty() ? out : out + " guards=" + guards;
}

TEST(transitions, every_triple_is_as_the_document_says) {
    const auto lines = data_lines("transitions.expected.txt");
    EXPECT_EQ(lines.size(), 8U * kCount<Action> * kCount<Capacity>);
    for (const auto& line : lines) {
        std::istringstream in(line);
        std::string state, action, capacity, word, expected;
        in >> state >> action >> capacity >> expected;
        while (in >> word) expected += " " + word;
        const auto from = state == "none" ? std::nullopt : parse_word<State>(state);
        ASSERT_TRUE(state == "none" || from) << line;
        ASSERT_TRUE(parse_word<Action>(action) && parse_word<Capacity>(capacity)) << line;
        EXPECT_EQ(describe(find_transition(from, *parse_word<Action>(action), *parse_word<Capacity>(capacity))),
                  expected)
            << line;
    }
}

TEST(transitions, no_triple_has_two_rows) {
    std::map<std::tuple<int, Action, std::size_t>, int> seen;
    for (const Transition& row : transitions()) {
        for (std::size_t c = 0; c < kCount<Capacity>; ++c) {
            if ((row.who & set_of(static_cast<Capacity>(c))) == 0) continue;
            const int from = row.from ? static_cast<int>(*row.from) : -1;
            EXPECT_EQ(++seen[std::make_tuple(from, row.action, c)], 1) << to_string(row.action);
        }
    }
}

// From every state an agent reaches `closed` or `canceled` in at most two steps (resolve, then the requester or timer).
TEST(transitions, every_open_state_has_a_way_to_closure) {
    for (std::size_t s = 0; s < kCount<State>; ++s) {
        const auto state = static_cast<State>(s);
        if (!is_open(state)) continue;
        const bool can_resolve = find_transition(state, Action::resolve, Capacity::agent) != nullptr;
        EXPECT_TRUE(can_resolve || state == State::resolved) << to_string(state);
    }
    EXPECT_NE(find_transition(State::resolved, Action::auto_close, Capacity::timer), nullptr);
    EXPECT_NE(find_transition(State::resolved, Action::confirm, Capacity::requester), nullptr);
}

TEST(policy, every_role_permission_scope_is_as_the_document_says) {
    const auto lines = data_lines("policy.expected.txt");
    EXPECT_GT(lines.size(), 700U);
    for (const auto& line : lines) {
        std::istringstream in(line);
        std::string role, permission, scope, expected;
        in >> role >> permission >> scope >> expected;
        ASSERT_TRUE(parse_word<Role>(role) && parse_word<Permission>(permission) && parse_word<Scope>(scope)) << line;
        const bool allowed =
            may(Roles{*parse_word<Role>(role)}, *parse_word<Permission>(permission), *parse_word<Scope>(scope));
        EXPECT_EQ(allowed ? "yes" : "no", expected) << line;
    }
}

}  // namespace
}  // namespace firstline::domain
