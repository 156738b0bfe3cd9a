// Whom a request comes from where a proxy stands before the server: X-Forwarded-For, the de facto standard (docs/operations.md).
#pragma once

#include <string>

#include "base/network.hpp"
#include "http/server/message.hpp"

namespace firstline::http {

// The peer of the connection, unless it lies in `trusted`: then the right-most address of X-Forwarded-For that does not. What
// stands left of it may be anybody's invention. Where the header ends, or something in it is no address, it is the last
// one that was understood.
[[nodiscard]] std::string client_address(const Request& request, const IpNetworks& trusted);

}  // namespace firstline::http
