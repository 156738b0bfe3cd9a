// GET /stream: live changes as server-sent events (WHATWG HTML §9.2, storage.md §5 "SSE", api.md §4).
#pragma once

#include "app/feed/stream.hpp"
#include "http/api/api.hpp"

namespace firstline::http {

// One event as bytes; without `event` only the position moves on.
[[nodiscard]] std::string to_event(std::string_view id, std::string_view event, std::string_view data);

// `authenticate` is asked again while a stream is open: whoever is signed out gets no more. `hub` outlives the API.
void add_stream_routes(Api& api, app::StreamHub& hub, Authenticate authenticate);

}  // namespace firstline::http
