// The questions that a working desk asks all day, as the server asks them: queue pages and counts of views.
#pragma once

#include <string>
#include <vector>

#include "app/incidents/list/list.hpp"
#include "desk/cast.hpp"

namespace firstline::bench {

enum class Question : std::uint8_t { page, mine, history, counts, audit };

struct Scenario {
    std::string name;
    Question question = Question::page;
    app::Session session;
    app::ListRequest request;  // of a list of incidents
};

// Pages of one team, five teams, the caller's own, all: the first one and one in the midst of the list; counts of twelve views;
// what the whole history is asked for. Errors: those of the lists.
[[nodiscard]] Result<std::vector<Scenario>> scenarios(app::Toolbox& tools, const Plan& plan);

// Asks within the reader's snapshot; the number of rows answered.
[[nodiscard]] Result<std::size_t> ask(app::Reader& reader, app::Toolbox& tools, const Scenario& scenario);

}  // namespace firstline::bench
