// Hashes and their texts against published vectors (FIPS 180-2, RFC 4231, RFC 4648).
#include "base/crypto.hpp"

#include <gtest/gtest.h>

namespace firstline {
namespace {

using namespace std::string_view_literals;

TEST(sha256, of_the_published_vectors) {
    const std::pair<std::string, const char*> rows[]{
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};
    for (const auto& [text, expected] : rows) {
        EXPECT_EQ(to_hex(sha256(text)), expected);
        Sha256Stream stream;
        for (std::size_t at = 0; at < text.size(); at += 7) stream.add(std::string_view(text).substr(at, 7));
        EXPECT_EQ(to_hex(stream.finish()), expected) << "in parts";
    }
}

TEST(hmac, of_rfc_4231) {
    const std::string long_key(131, '\xaa');
    EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(to_hex(hmac_sha256(long_key, "Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    EXPECT_NE(hmac_sha256("", "a"), hmac_sha256("", "b"));
}

TEST(hex, reads_back_and_refuses) {
    EXPECT_EQ(to_hex("\x00\x0f\xf0\xff"sv), "000ff0ff");
    EXPECT_EQ(to_hex(""), "");
    EXPECT_EQ(from_hex("000fF0Ff"), "\x00\x0f\xf0\xff"sv);
    EXPECT_EQ(from_hex(""), "");
    for (const char* text : {"0", "0g", "g0", "00 ", "0x", "\xC3\xBC"}) EXPECT_FALSE(from_hex(text)) << text;
}

TEST(base64url, of_rfc_4648_without_padding) {
    const std::pair<std::string_view, const char*> rows[]{
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xbf"sv, "-_-_"},
        {"\0\0"sv, "AAA"}};
    for (const auto& [bytes, text] : rows) {
        EXPECT_EQ(to_base64url(bytes), text);
        EXPECT_EQ(from_base64url(text), bytes) << text;
    }
    for (const char* text : {"Z", "Zg==", "Zg=", "+/+/", "Zm9v!", "Zm 9v", "Zh", "Zm9v\n", "\xC3\xBC"})
        EXPECT_FALSE(from_base64url(text)) << text;
}

TEST(comparison, in_constant_time_compares) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("a\0b"sv, "a\0b"sv));
    EXPECT_FALSE(equal_in_constant_time("a\0b"sv, "a\0c"sv));
    EXPECT_FALSE(equal_in_constant_time("a", "ab"));
    EXPECT_FALSE(equal_in_constant_time("", "a"));
}

TEST(randomness, is_not_repeated) {
    EXPECT_EQ(random_bytes(0), "");
    const std::string a = random_bytes(32), b = random_bytes(32);
    EXPECT_EQ(a.size(), 32U);
    EXPECT_NE(a, b);
}

TEST(passwords, are_verified) {
    const std::string stored = hash_password("correct horse");
    EXPECT_TRUE(stored.starts_with("$argon2id$v=19$m=65536,t=2,p=1$")) << stored;
    EXPECT_TRUE(verify_password(stored, "correct horse"));
    for (const std::string_view wrong :
         {"correct hors"sv, "correct horse "sv, "Correct horse"sv, ""sv, "correct horse\0"sv}) {
        EXPECT_FALSE(verify_password(stored, wrong)) << wrong;
    }
    EXPECT_NE(hash_password("correct horse"), stored) << "salted";
    const std::string umlauts = hash_password("Schlüssel\0x"sv);
    EXPECT_TRUE(verify_password(umlauts, "Schlüssel\0x"sv));
    EXPECT_FALSE(verify_password(umlauts, "Schlüssel"));
    // Nobody signs in by a password that is not set or not readable.
    for (const char* broken : {"", "plain", "$argon2id$", "$argon2id$v=19$m=65536,t=2,p=1$AAAA$"}) {
        EXPECT_FALSE(verify_password(broken, "")) << broken;
        EXPECT_FALSE(verify_password(broken, broken)) << broken;
    }
}

}  // namespace
}  // namespace firstline
