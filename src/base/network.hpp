// IP addresses and networks as configuration and headers write them (RFC 4291, RFC 4632, RFC 5952).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace firstline {

// An IPv4 or IPv6 address; IPv4 lies in ::ffff:0:0/96, so that a mapped one is the same address.
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};
    friend bool operator==(const IpAddress&, const IpAddress&) = default;
};
// "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "fe80::1%eth0"; without a port. Nothing for what is no address.
[[nodiscard]] std::optional<IpAddress> parse_ip(std::string_view text);
// As people write it: mapped IPv4 dotted, IPv6 compressed.
[[nodiscard]] std::string to_text(const IpAddress& address);

struct IpNetwork {
    IpAddress first;
    unsigned bits = 128;  // of the 128; an IPv4 /8 has 104
    [[nodiscard]] bool contains(const IpAddress& address) const;
};
using IpNetworks = std::vector<IpNetwork>;
// Addresses and networks in CIDR notation, by commas or blanks; "" is none. Bits beyond the prefix must be 0, so that a slip
// does not open more than was meant. Error `invalid`, one sentence that names the wrong one.
[[nodiscard]] Result<IpNetworks> parse_networks(std::string_view text);
[[nodiscard]] bool contains(const IpNetworks& networks, const IpAddress& address);

}  // namespace firstline
