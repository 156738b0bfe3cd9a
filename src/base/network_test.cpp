// Addresses and networks: what is understood, what is refused, what lies in what.
#include "base/network.hpp"

#include <gtest/gtest.h>

namespace firstline {
namespace {

TEST(Network, AddressesReadAndWritten) {
    struct Case {
        std::string_view given, written;  // "" = refused
    };
    constexpr Case kCases[]{
        {"192.0.2.1", "192.0.2.1"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"2001:DB8:0:0::1", "2001:db8::1"},
        {"[2001:db8::1]", "2001:db8::1"},
        {"fe80::1%eth0", "fe80::1"},
        {"::", "::"},
        {"", ""},
        {"192.0.2", ""},
        {"192.0.2.256", ""},
        {"192.0.2.1 ", ""},
        {"192.0.2.01", ""},
        {"0x7f.1", ""},
        {"example.org", ""},
        {"2001:db8::1::2", ""},
        {"fe80::1%", ""},
        {"[", ""},
        {"[]", ""},
        {"192.0.2.1:80", ""},
    };
    for (const Case& one : kCases) {
        const auto address = parse_ip(one.given);
        EXPECT_EQ(address ? to_text(*address) : "", one.written) << one.given;
    }
    EXPECT_FALSE(parse_ip(std::string(1000, '1')));
    EXPECT_FALSE(parse_ip(std::string_view("::1\0", 4)));
}

TEST(Network, HoldsWhatItsPrefixSays) {
    struct Case {
        std::string_view networks, address;
        bool holds;
    };
    constexpr Case kCases[]{
        {"10.0.0.0/8", "10.255.255.255", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.0.0.0/8", "::ffff:10.1.2.3", true},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.2", false},
        {"192.0.2.128/25", "192.0.2.129", true},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"::/0", "2001:db8::1", true},
        {"::/0", "10.0.0.1", true},
        {"2001:db8::/33", "2001:db8:7fff::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"::1, 10.0.0.0/8\t192.0.2.0/24", "192.0.2.77", true},
        {"", "127.0.0.1", false},
    };
    for (const Case& one : kCases) {
        const auto networks = parse_networks(one.networks);
        ASSERT_TRUE(networks) << one.networks;
        EXPECT_EQ(contains(*networks, *parse_ip(one.address)), one.holds) << one.networks << " " << one.address;
    }
}

TEST(Network, RefusesSlips) {
    for (const std::string_view wrong : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.1/8",
                                         "2001:db8::/129", "2001:db8::1/64", "proxy.example.org", "10.0.0.0/8;::1"}) {
        const auto networks = parse_networks(wrong);
        ASSERT_FALSE(networks) << wrong;
        EXPECT_EQ(networks.error().code, "network.invalid") << wrong;
    }
}

}  // namespace
}  // namespace firstline
