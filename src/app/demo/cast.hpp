// Who and what the example desk consists of.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace firstline::app::demo {

struct DemoOrganization {
    std::string_view key, name, domain;
    bool shares_incidents;
};
struct DemoTeam {
    std::string_view key, name, public_name;
    int tier;
};
struct DemoPerson {
    std::string_view key, name, organization, department, location;
    std::string_view roles;  // beyond requester, by comma
    std::string_view teams;  // by comma, the first one first; "" for who only reports
    bool is_lead = false, is_vip = false;
};
struct DemoService {
    std::string_view key, name, owner, support, criticality;
};
[[nodiscard]] std::span<const DemoOrganization> organizations();
[[nodiscard]] std::span<const DemoTeam> teams();
[[nodiscard]] std::span<const DemoPerson> people();
[[nodiscard]] std::span<const DemoService> services();

// The two who can sign in.
inline constexpr std::string_view kAgent = "mia-berg";
inline constexpr std::string_view kRequester = "elsa-lindqvist";
inline constexpr std::string_view kDefaultTeam = "service-desk";
// A category that only the security team sees.
inline constexpr std::string_view kRestrictedCategory = "security-hr";
inline constexpr std::string_view kRestrictedTeam = "it-security";

// "mia" → "mia-berg": stories call people by their first names. "" where there is nobody.
[[nodiscard]] std::string key_of(std::string_view first_name);

}  // namespace firstline::app::demo
