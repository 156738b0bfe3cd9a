// The text of a token, and what its rights allow.
#include "app/identity/token/tokens.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/crypto.hpp"
#include "support/source_dir.hpp"

namespace firstline::app {
namespace {

TEST(Tokens, ParseOnlyTheirOwnShape) {
    const auto parsed = parse_token("flt_42_se_cret-");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->id, 42);
    EXPECT_EQ(parsed->secret_hash, as_bytes(sha256("se_cret-")));
    for (const std::string_view wrong : {"", "flt_", "flt_1", "flt_1_", "flt__x", "flt_0_x", "flt_-1_x", "flt_1x_x",
                                         "flt_99999999999999999999_x", "FLT_1_x", "1_x"}) {
        EXPECT_FALSE(parse_token(wrong)) << wrong;
    }
    EXPECT_FALSE(parse_token("flt_1_" + std::string(200, 'x')));
}

TEST(Tokens, RightsAddUpAndReadBack) {
    TokenRights rights(TokenRight::read);
    EXPECT_FALSE(rights.may_write());
    EXPECT_EQ(to_text(rights), "read");
    rights.add(TokenRight::write);
    EXPECT_TRUE(rights.may_write());
    EXPECT_EQ(to_text(rights_from_text(to_text(rights))), "read,write");
    EXPECT_TRUE(TokenRights(TokenRight::all).may_write());
    EXPECT_TRUE(rights_from_text("unknown,words").is_empty());
}

TEST(Tokens, RightsAreTheScopesOfTheContract) {
    std::ifstream file(source_dir() + "/api/openapi.yaml");
    std::stringstream contract;
    contract << file.rdbuf();
    std::string words;
    for (const std::string_view word : domain::Words<TokenRight>::kWords) {
        words += (words.empty() ? "" : ", ") + (word == "*" ? std::string("'*'") : std::string(word));
    }
    EXPECT_NE(contract.str().find("    TokenScope:\n      type: string\n      enum: [" + words + "]\n"),
              std::string::npos)
        << words;
}

}  // namespace
}  // namespace firstline::app
