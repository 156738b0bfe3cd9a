// Watchers, links, redaction, attachments (api.md §4).
#pragma once

#include "http/api/api.hpp"
#include "http/server/server.hpp"

namespace firstline::http {

void add_relation_routes(Api& api, app::Toolbox& tools);
void add_attachment_routes(Api& api, app::Toolbox& tools);
// Uploads go straight to the blob store; other bodies into memory.
[[nodiscard]] BodyPolicy body_policy(app::Toolbox& tools, const Request& head);

}  // namespace firstline::http
