// The two ways to a desk for the command line: through the socket of the server that has it, or by opening it here.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/port.hpp"
#include "server/node.hpp"

namespace firstline::server::admin {

// None where no server answers there. Error `admin.refused`: something does, but will not speak to this user.
[[nodiscard]] Result<std::unique_ptr<cli::AdminPort>> connect_socket(const std::string& directory);
// Opens the desk in this process. Errors: those of Node::open, `desk.missing`.
[[nodiscard]] Result<std::unique_ptr<cli::AdminPort>> open_here(const Location& location);

}  // namespace firstline::server::admin
