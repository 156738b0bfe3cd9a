// Roles add up (domain.md §10); all but requester, auditor and admin imply agent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/names.hpp"

namespace firstline::domain {

enum class Role : std::uint8_t {
    requester,
    agent,
    team_lead,
    incident_manager,
    problem_manager,
    knowledge_editor,
    auditor,
    admin
};
template <>
struct Words<Role> {
    static constexpr std::array<std::string_view, 8> kWords{
        "requester",        "agent",   "team_lead", "incident_manager", "problem_manager",
        "knowledge_editor", "auditor", "admin"};
};

class Roles {
public:
    constexpr Roles() = default;
    constexpr explicit Roles(Role role) { add(role); }
    constexpr void add(Role role) {
        bits_ = static_cast<std::uint16_t>(bits_ | bit(role) | bit(Role::requester));
        if (role == Role::team_lead || role == Role::incident_manager || role == Role::problem_manager ||
            role == Role::knowledge_editor) {
            bits_ = static_cast<std::uint16_t>(bits_ | bit(Role::agent));
        }
    }
    [[nodiscard]] constexpr bool has(Role role) const { return (bits_ & bit(role)) != 0; }
    [[nodiscard]] constexpr bool is_staff() const { return (bits_ & ~bit(Role::requester)) != 0; }
    [[nodiscard]] constexpr std::uint16_t bits() const { return bits_; }
    friend constexpr bool operator==(const Roles&, const Roles&) = default;

private:
    static constexpr std::uint16_t bit(Role role) {
        return static_cast<std::uint16_t>(1U << static_cast<unsigned>(role));
    }
    std::uint16_t bits_ = 0;
};

// "agent,admin"; the order of the enum.
[[nodiscard]] std::string to_text(Roles roles);
[[nodiscard]] Roles roles_from_text(std::string_view text);

}  // namespace firstline::domain
