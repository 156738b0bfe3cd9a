#include "base/network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace firstline {
namespace {

constexpr std::size_t kAddressBytesMax = 64;
constexpr unsigned kBitsOfByte = 8;
constexpr unsigned kMappedBits = 96;
constexpr unsigned kAllBits = 128;
constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_mapped(const IpAddress& address) { return std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin()); }

Result<IpNetwork> parse_network(std::string_view text) {
    const auto refuse = [&](std::string_view why) {
        return fail(ErrorKind::invalid, "network.invalid",
                    "\"" + std::string(text.substr(0, kAddressBytesMax)) +
                        "\" is no address or network: " + std::string(why) + ".");
    };
    const auto slash = text.find('/');
    const auto address = parse_ip(text.substr(0, slash));
    if (!address) return refuse("write 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32");
    IpNetwork out{*address, kAllBits};
    if (slash == std::string_view::npos) return out;
    const std::string_view prefix = text.substr(slash + 1);
    const bool is_v4 = text.substr(0, slash).find(':') == std::string_view::npos;
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(prefix.data(), prefix.data() + prefix.size(), bits);
    const unsigned bits_max = is_v4 ? kAllBits - kMappedBits : kAllBits;
    if (prefix.empty() || error != std::errc{} || end != prefix.data() + prefix.size() || bits > bits_max)
        return refuse("the prefix is a number from 0 to " + std::to_string(bits_max));
    out.bits = is_v4 ? bits + kMappedBits : bits;
    for (unsigned bit = out.bits; bit < kAllBits; ++bit) {
        const unsigned mask = 0x80U >> (bit % kBitsOfByte);
        if ((out.first.bytes[bit / kBitsOfByte] & mask) != 0) return refuse("it has bits set beyond its prefix");
    }
    return out;
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
    if (const auto zone = text.find('%'); zone != std::string_view::npos) {
        if (zone + 1 == text.size()) return std::nullopt;
        text = text.substr(0, zone);
    }
    if (text.empty() || text.size() > kAddressBytesMax || text.find('\0') != std::string_view::npos)
        return std::nullopt;
    const std::string bounded(text);
    IpAddress out;
    if (inet_pton(AF_INET6, bounded.c_str(), out.bytes.data()) == 1) return out;
    std::copy(kMapped.begin(), kMapped.end(), out.bytes.begin());
    if (inet_pton(AF_INET, bounded.c_str(), out.bytes.data() + kMapped.size()) == 1) return out;
    return std::nullopt;
}

std::string to_text(const IpAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (is_mapped(address)) {
        inet_ntop(AF_INET, address.bytes.data() + kMapped.size(), text.data(), text.size());
    } else {
        inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
    }
    return text.data();
}

bool IpNetwork::contains(const IpAddress& address) const {
    const std::size_t whole = bits / kBitsOfByte;
    if (!std::equal(first.bytes.begin(), first.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                    address.bytes.begin())) {
        return false;
    }
    const unsigned rest = bits % kBitsOfByte;
    if (rest == 0) return true;
    const unsigned shift = kBitsOfByte - rest;
    return (first.bytes[whole] >> shift) == (address.bytes[whole] >> shift);
}

Result<IpNetworks> parse_networks(std::string_view text) {
    constexpr std::string_view kBetween = ", \t";
    IpNetworks out;
    while (true) {
        const auto start = text.find_first_not_of(kBetween);
        if (start == std::string_view::npos) return out;
        text.remove_prefix(start);
        const auto end = std::min(text.find_first_of(kBetween), text.size());
        TRY(const IpNetwork network, parse_network(text.substr(0, end)));
        out.push_back(network);
        text.remove_prefix(end);
    }
}

bool contains(const IpNetworks& networks, const IpAddress& address) {
    return std::any_of(networks.begin(), networks.end(),
                       [&](const IpNetwork& network) { return network.contains(address); });
}

}  // namespace firstline
