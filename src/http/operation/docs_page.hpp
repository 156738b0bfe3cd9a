// The reference page at /docs: the contract as one plain page, made on the server, without script.
#pragma once

#include <string>
#include <string_view>

namespace firstline::http {

[[nodiscard]] std::string docs_page(std::string_view openapi_json);

}  // namespace firstline::http
