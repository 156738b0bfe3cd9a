// The server's life: open, initialize an empty place, answer, stop in order when told to (architecture.md §3, §7).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/identity/init_desk.hpp"
#include "server/config/configuration.hpp"
#include "server/node.hpp"

namespace firstline::server {

// Where the configuration says the desk lies.
[[nodiscard]] Location location_of(const Configuration& configuration);
// A directory for a new desk must be empty but for what belongs to a desk. Error `desk.directory_in_use`.
[[nodiscard]] Status check_place(const Location& location);
// Makes the database of a postgres:// URL where it is missing and may be made; what goes wrong shows when it is opened.
void ensure_database(const Location& location);
[[nodiscard]] bool is_sqlite_desk(const std::string& directory);

using Announce = std::function<void(std::string_view)>;
// Blocks SIGINT and SIGTERM, so that threads started later do; call first.
void block_stop_signals();
// Returns after a stop. Errors: those of opening, initializing and listening.
[[nodiscard]] Status serve(const Configuration& configuration, const Announce& announce);

}  // namespace firstline::server
