// X-Forwarded-For: believed from trusted peers alone, and from the right (docs/operations.md "Behind a proxy").
#include "http/server/wire/forwarded.hpp"

#include <gtest/gtest.h>

namespace firstline::http {
namespace {

std::string from(std::string_view trusted, std::string peer, const std::vector<std::string>& fields) {
    Request request;
    request.remote_address = std::move(peer);
    request.headers.push_back({"Host", "desk.example.org"});
    for (const auto& field : fields) request.headers.push_back({"x-forwarded-for", field});
    return client_address(request, *parse_networks(trusted));
}

TEST(Forwarded, OnlyATrustedPeerIsBelieved) {
    EXPECT_EQ(from("", "127.0.0.1", {"203.0.113.9"}), "127.0.0.1");
    EXPECT_EQ(from("10.0.0.0/8", "192.0.2.1", {"203.0.113.9"}), "192.0.2.1");
    EXPECT_EQ(from("10.0.0.0/8", "10.0.0.1", {"203.0.113.9"}), "203.0.113.9");
    EXPECT_EQ(from("10.0.0.0/8", "::ffff:10.0.0.1", {"203.0.113.9"}), "203.0.113.9");
    EXPECT_EQ(from("::1", "::1", {"2001:DB8::7"}), "2001:db8::7");
    EXPECT_EQ(from("::1", "::2", {"2001:db8::7"}), "::2");
}

TEST(Forwarded, TheRightMostUntrustedAddressIsTheClient) {
    const std::string_view trusted = "127.0.0.1, 10.0.0.0/8, 2001:db8:1::/48";
    // What a client invents stands left of what the proxies add.
    EXPECT_EQ(from(trusted, "127.0.0.1", {"1.1.1.1, 198.51.100.7, 203.0.113.9"}), "203.0.113.9");
    EXPECT_EQ(from(trusted, "127.0.0.1", {"1.1.1.1, 203.0.113.9, 10.1.2.3"}), "203.0.113.9");
    EXPECT_EQ(from(trusted, "127.0.0.1", {"10.9.9.9, 203.0.113.9,10.1.2.3 ,\t10.0.0.4"}), "203.0.113.9");
    EXPECT_EQ(from(trusted, "127.0.0.1", {"1.1.1.1", "203.0.113.9", "10.0.0.4"}), "203.0.113.9");
    EXPECT_EQ(from(trusted, "127.0.0.1", {"2001:db8:2::9, 2001:db8:1::1"}), "2001:db8:2::9");
    EXPECT_EQ(from(trusted, "127.0.0.1", {"[2001:db8:2::9]:4711, 10.0.0.4:80"}), "2001:db8:2::9");
    EXPECT_EQ(from(trusted, "127.0.0.1", {"10.0.0.7, 10.0.0.4"}), "10.0.0.7");
}

TEST(Forwarded, GarbageEndsTheLook) {
    EXPECT_EQ(from("127.0.0.1", "127.0.0.1", {}), "127.0.0.1");
    for (const std::string garbage : {"", ",", " ", "unknown", "_hidden", "203.0.113.9,", "300.1.1.1", "::1::",
                                      "203.0.113.9 198.51.100.7", "[", "[]", ":", "a:b", "http://203.0.113.9"}) {
        EXPECT_EQ(from("127.0.0.1", "127.0.0.1", {garbage}), "127.0.0.1") << garbage;
        EXPECT_EQ(from("127.0.0.1, 10.0.0.0/8", "127.0.0.1", {"203.0.113.9", garbage, "10.0.0.4"}), "10.0.0.4")
            << garbage;
    }
    EXPECT_EQ(from("127.0.0.1", "not an address", {"203.0.113.9"}), "not an address");
    EXPECT_EQ(from("127.0.0.1", "127.0.0.1", {std::string(9000, ',') + "203.0.113.9"}), "203.0.113.9");
}

}  // namespace
}  // namespace firstline::http
