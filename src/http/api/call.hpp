// One request on its way through the API: who calls, what the path and query say.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/core/session.hpp"
#include "app/incidents/workspace.hpp"
#include "http/api/body.hpp"
#include "http/api/query.hpp"
#include "http/server/message.hpp"

namespace firstline::http {

struct Call {
    Request request;
    std::vector<std::pair<std::string_view, std::string>> params;  // of the path, by the name in its pattern
    QueryPairs query;
    app::Session session;    // set once the caller is known
    std::string session_id;  // of the cookie, "" with a token; for ending the session
    bool is_by_cookie = false;
    bool is_background = false;  // of the route

    [[nodiscard]] const std::string& param(std::string_view name) const;
    // The incident of {number}. Error `incident.not_found` where it is no number.
    [[nodiscard]] Result<domain::IncidentId> incident() const;
    // The body as a strict JSON object; an empty one where `is_optional` and no body was sent.
    // Errors: `request.unsupported_type`, those of parse_body.
    [[nodiscard]] Result<Body> json(bool is_optional = false) const;
    // `version` of the body wins over `If-Match: "12"`. Error `request.invalid` where the header is no version.
    [[nodiscard]] Result<app::VersionGuard> guard(std::optional<std::int64_t> version) const;
    [[nodiscard]] std::string_view cookie(std::string_view name) const;
};

[[nodiscard]] Response json_response(unsigned status, std::string body);
[[nodiscard]] std::string etag_of(std::int64_t version);

}  // namespace firstline::http
