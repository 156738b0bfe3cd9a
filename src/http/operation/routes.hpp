// Health, readiness, metrics, the contract and its reference page (api.md §4, architecture.md §4, §7).
#pragma once

#include <functional>

#include "http/api/api.hpp"

namespace firstline::http {

void add_operation_routes(Api& api, app::Toolbox& tools, std::function<bool()> is_ready);

// The contract as JSON, made from api/openapi.yaml at build time.
[[nodiscard]] std::string_view openapi_json();

}  // namespace firstline::http
