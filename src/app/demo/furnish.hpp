// The example desk before its first incident: organizations, teams, people, services, a restricted category, the settings.
#pragma once

#include <functional>
#include <string>

#include "app/core/toolbox.hpp"
#include "app/demo/demo.hpp"

namespace firstline::app::demo {

// Makes what is missing and counts what is there. `done`: called after each record. Error: the use cases'.
[[nodiscard]] Status furnish(Toolbox& tools, DemoMade& made, const std::function<void()>& done);
// Lets the two people of cast.hpp sign in.
[[nodiscard]] Status give_passwords(Toolbox& tools, const std::string& password);

}  // namespace firstline::app::demo
