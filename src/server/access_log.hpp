// One log line a request, written when its answer is given: request id, method, path, status, bytes, time (architecture.md §7).
#pragma once

#include "http/server/message.hpp"
#include "http/server/responder.hpp"
#include "server/log.hpp"

namespace firstline::server {

// A way back that logs the answer before it passes it on. `log` outlives the server.
[[nodiscard]] http::Responder with_access_log(Log& log, const http::Request& request, http::Responder respond);

}  // namespace firstline::server
