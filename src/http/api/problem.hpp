// Errors as RFC 9457 problem bodies; the one table from error kind to status (style.md "Rules as data").
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "http/server/message.hpp"

namespace firstline::http {

[[nodiscard]] unsigned status_of(const Error& error);
[[nodiscard]] Response problem_from(const Error& error, std::string_view request_id);

}  // namespace firstline::http
