// firstline serve
#include "cli/command.hpp"

namespace firstline::cli {

void add_serve(CLI::App& root, Run& run) {
    CLI::App* command = add_command(
        root, run, "serve", "Run the server until SIGTERM or Ctrl+C; an empty directory becomes a desk.", [&run] {
            const Status ended = run.program.serve(run.flags, [](std::string_view line) { print(line); });
            return ended ? kExitOk : print_error(ended.error());
        });
    add_location(*command, run);
    for (const char* name :
         {"listen", "trusted_proxies", "workers", "io_threads", "log_level", "log_format", "access_log"})
        add_setting(*command, run, name);
}

}  // namespace firstline::cli
