#include "app/identity/password/limits.hpp"

#include <algorithm>
#include <cmath>

namespace firstline::app {
namespace {

constexpr std::size_t kBucketsMax = 65'536;
constexpr int kGroupsOfNetwork = 4;  // of an IPv6 address: the first 64 bits

std::string network_of(std::string_view address) {
    if (address.find(':') == std::string_view::npos || address.find('.') != std::string_view::npos)
        return std::string(address);
    std::size_t end = 0;
    for (int i = 0; i < kGroupsOfNetwork; ++i) {
        const auto colon = address.find(':', end);
        if (colon == std::string_view::npos || colon == end) break;  // "::" ends the written groups
        end = colon + 1;
    }
    return std::string(address.substr(0, end));
}

int to_seconds(double tokens, const BucketRule& rule) {
    const double ms = tokens * static_cast<double>(rule.refill.count());
    return std::max(1, static_cast<int>(std::ceil(ms / 1000.0)));
}

}  // namespace

double TokenBuckets::tokens_at(const Bucket& bucket, std::chrono::steady_clock::time_point now) const {
    const auto passed = std::chrono::duration<double, std::milli>(now - bucket.at).count();
    return std::min(static_cast<double>(rule_.burst),
                    bucket.tokens + passed / static_cast<double>(rule_.refill.count()));
}

RateState TokenBuckets::take(std::string_view key) {
    const auto now = now_();
    const std::lock_guard lock(mutex_);
    if (buckets_.size() >= kBucketsMax) make_room(now);
    const auto [place, is_new] = buckets_.try_emplace(std::string(key), Bucket{static_cast<double>(rule_.burst), now});
    Bucket& bucket = place->second;
    bucket.tokens = tokens_at(bucket, now);
    bucket.at = now;
    RateState state;
    state.limit = rule_.burst;
    state.is_allowed = bucket.tokens >= 1;
    if (state.is_allowed) bucket.tokens -= 1;
    state.remaining = static_cast<int>(bucket.tokens);
    state.reset_seconds = to_seconds(state.is_allowed ? rule_.burst - bucket.tokens : 1 - bucket.tokens, rule_);
    return state;
}

void TokenBuckets::give_back(std::string_view key) {
    const std::lock_guard lock(mutex_);
    const auto place = buckets_.find(std::string(key));
    if (place == buckets_.end()) return;
    place->second.tokens = std::min(static_cast<double>(rule_.burst), place->second.tokens + 1);
}

// Full buckets say nothing; where all others stay, one of them goes: the bound on memory stands above the limit.
void TokenBuckets::make_room(std::chrono::steady_clock::time_point now) {
    std::erase_if(buckets_, [&](const auto& pair) { return tokens_at(pair.second, now) >= rule_.burst; });
    if (buckets_.size() >= kBucketsMax) buckets_.erase(buckets_.begin());
}

RateState SignInLimits::take(std::string_view address, std::string_view account) {
    const RateState by_address = addresses_.take(network_of(address));
    if (!by_address.is_allowed) return by_address;
    const RateState by_account = accounts_.take(account);
    return by_account.is_allowed && by_address.remaining < by_account.remaining ? by_address : by_account;
}

void SignInLimits::give_back(std::string_view address, std::string_view account) {
    addresses_.give_back(network_of(address));
    accounts_.give_back(account);
}

}  // namespace firstline::app
