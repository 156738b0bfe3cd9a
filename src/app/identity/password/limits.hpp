// Token buckets before sign-in: by address and by account (architecture.md §6, "lock-out by rate, not by account").
// They run on real time; nothing of them is stored.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace firstline::app {

using SteadyNow = std::function<std::chrono::steady_clock::time_point()>;

struct BucketRule {
    int burst = 1;                        // tokens in a full bucket
    std::chrono::milliseconds refill{0};  // until one token is back
};

// Where a caller stands with a limit, for the RateLimit headers.
struct RateState {
    bool is_allowed = true;
    int limit = 0, remaining = 0;
    int reset_seconds = 0;  // until the bucket is full; where it is refused: until the next token
};

// Any thread.
class TokenBuckets {
public:
    explicit TokenBuckets(BucketRule rule, SteadyNow now = &std::chrono::steady_clock::now)
        : rule_(rule), now_(std::move(now)) {}
    RateState take(std::string_view key);
    // The last take did no harm (a sign-in that succeeded).
    void give_back(std::string_view key);

private:
    struct Bucket {
        double tokens = 0;
        std::chrono::steady_clock::time_point at;
    };
    [[nodiscard]] double tokens_at(const Bucket& bucket, std::chrono::steady_clock::time_point now) const;
    void make_room(std::chrono::steady_clock::time_point now);

    const BucketRule rule_;
    const SteadyNow now_;
    std::mutex mutex_;
    std::unordered_map<std::string, Bucket> buckets_;
};

class SignInLimits {
public:
    static constexpr BucketRule kPerAddress{30, std::chrono::seconds(2)};
    static constexpr BucketRule kPerAccount{10, std::chrono::seconds(6)};

    explicit SignInLimits(SteadyNow now = &std::chrono::steady_clock::now)
        : addresses_(kPerAddress, now), accounts_(kPerAccount, std::move(now)) {}
    // `account`: what the caller gave as user, folded; also where nobody has it. An IPv6 address counts by its /64.
    RateState take(std::string_view address, std::string_view account);
    void give_back(std::string_view address, std::string_view account);

private:
    TokenBuckets addresses_, accounts_;
};

}  // namespace firstline::app
