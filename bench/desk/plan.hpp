// How large the desk is that is measured, and the chance by which it is made: the same plan gives the same desk
// (bench/README.md "The seeded desk").
#pragma once

#include <cstdint>

namespace firstline::bench {

inline constexpr std::int64_t kTeams = 40;
inline constexpr std::int64_t kAgents = 120;   // three a team
inline constexpr std::int64_t kBusyTeams = 4;  // the first agent's: eight views of everybody and one for each
inline constexpr std::int64_t kRequesters = 5'000;
inline constexpr std::int64_t kServices = 20;
inline constexpr std::int64_t kOrganizations = 20;
inline constexpr std::int64_t kFives = 5;  // incidents of each requester who has exactly five

struct Plan {
    std::int64_t size = 40'000;  // incidents; at least twice `open`
    std::int64_t open = 20'000;  // of them, a multiple of 100
    std::uint64_t seed = 1;

    // Requesters with exactly five incidents, all of them closed and among the newest.
    [[nodiscard]] std::int64_t five_persons() const { return open / 100; }
};

// An incident's age counts from the newest, which is 0: so the newest are the same in every size.
[[nodiscard]] constexpr bool is_open_at(const Plan& plan, std::int64_t age) {
    return age < 2 * plan.open && age % 2 == 0;
}

// A number in 0 … below-1 that depends on the plan's seed, the age and what it is for (splitmix64).
[[nodiscard]] constexpr std::int64_t chance(const Plan& plan, std::int64_t age, std::uint64_t purpose,
                                            std::int64_t below) {
    std::uint64_t x = plan.seed * 0x9e3779b97f4a7c15ULL + static_cast<std::uint64_t>(age) * 0xbf58476d1ce4e5b9ULL +
                      purpose * 0x94d049bb133111ebULL;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return static_cast<std::int64_t>((x ^ (x >> 31U)) % static_cast<std::uint64_t>(below));
}

}  // namespace firstline::bench
