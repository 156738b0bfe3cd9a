// Token buckets under a clock that is moved by hand.
#include "app/identity/password/limits.hpp"

#include <gtest/gtest.h>

namespace firstline::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class LimitsTest : public testing::Test {
protected:
    std::chrono::steady_clock::time_point now_{std::chrono::hours(1)};
    SteadyNow clock() {
        return [this] { return now_; };
    }
};

TEST_F(LimitsTest, ABucketEmptiesAndRefillsWithTime) {
    TokenBuckets buckets({3, seconds(2)}, clock());
    for (int left = 2; left >= 0; --left) {
        const RateState state = buckets.take("a");
        EXPECT_TRUE(state.is_allowed);
        EXPECT_EQ(state.remaining, left);
        EXPECT_EQ(state.limit, 3);
    }
    RateState refused = buckets.take("a");
    EXPECT_FALSE(refused.is_allowed);
    EXPECT_EQ(refused.reset_seconds, 2);
    EXPECT_TRUE(buckets.take("b").is_allowed) << "another key has a bucket of its own";
    now_ += milliseconds(1'999);
    refused = buckets.take("a");
    EXPECT_FALSE(refused.is_allowed);
    EXPECT_EQ(refused.reset_seconds, 1);
    now_ += milliseconds(1);
    EXPECT_TRUE(buckets.take("a").is_allowed);
    EXPECT_FALSE(buckets.take("a").is_allowed);
    now_ += std::chrono::hours(1);
    EXPECT_EQ(buckets.take("a").remaining, 2) << "never more than full";
}

TEST_F(LimitsTest, WhatDidNoHarmIsGivenBack) {
    TokenBuckets buckets({1, seconds(60)}, clock());
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(buckets.take("a").is_allowed);
        buckets.give_back("a");
    }
    EXPECT_TRUE(buckets.take("a").is_allowed);
    EXPECT_FALSE(buckets.take("a").is_allowed);
}

TEST_F(LimitsTest, AnAddressCountsOverAllAccountsAndANetworkAsOne) {
    SignInLimits limits(clock());
    for (int i = 0; i < SignInLimits::kPerAddress.burst; ++i) {
        EXPECT_TRUE(limits.take("2001:db8:1:2::" + std::to_string(i), "user-" + std::to_string(i)).is_allowed);
    }
    EXPECT_FALSE(limits.take("2001:db8:1:2:ffff::1", "somebody").is_allowed);
    EXPECT_TRUE(limits.take("2001:db8:1:3::1", "somebody").is_allowed);
    EXPECT_TRUE(limits.take("192.0.2.1", "somebody").is_allowed);
    EXPECT_TRUE(limits.take("192.0.2.2", "somebody").is_allowed);
}

TEST_F(LimitsTest, MemoryIsBounded) {
    TokenBuckets buckets({2, seconds(60)}, clock());
    for (int i = 0; i < 70'000; ++i) EXPECT_TRUE(buckets.take("key-" + std::to_string(i)).is_allowed);
}

}  // namespace
}  // namespace firstline::app
