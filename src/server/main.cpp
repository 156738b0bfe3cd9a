// The program `firstline`: the command line over everything else (docs/cli.md).
#include <cstdio>
#include <exception>

#include "cli/command_line.hpp"
#include "cli/console.hpp"
#include "server/program.hpp"

int main(int argc, char** argv) {
    try {
        firstline::server::FirstlineProgram program;
        return firstline::cli::run(argc, argv, program);
    } catch (const std::exception& defect) {
        std::fprintf(stderr, "firstline: %s\n", defect.what());
        return firstline::cli::kExitFailed;
    }
}
