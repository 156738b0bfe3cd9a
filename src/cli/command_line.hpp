// `firstline …`: understands the command line, runs the command, gives the exit code (docs/cli.md).
#pragma once

#include "cli/port.hpp"

namespace firstline::cli {

[[nodiscard]] int run(int argc, const char* const* argv, Program& program);

}  // namespace firstline::cli
