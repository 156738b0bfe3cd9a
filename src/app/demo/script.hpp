// Stories of incidents as text, read into steps: the demo's incidents are written down as people would tell them.
//
//   @ vpn-drops 13d08:42 phone mia elsa vpn      name, when, channel, who logs it, for whom (-: nobody), service (-: unknown)
//   = VPN drops every ten minutes                 title
//   > Since Monday …                              description, as many lines as it needs
//   +3m mia triage network-vpn 3 2                so long after the step before; who; what; its words
//   +9m pavel reply | Hello Elsa, …               text behind the bar
//
// When: "13d08:42", so many days before today at that time (UTC), or "95m", so many minutes ago.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace firstline::app::demo {

struct Step {
    Instant at{};
    std::string who, verb;
    std::vector<std::string> words;
    std::string text;
};
struct Story {
    std::string name, channel, opener, requester, service;
    Instant at{};
    std::string title, description;
    std::vector<Step> steps;
};
// Error `demo.script`: which line is not understood, or lies in the future.
[[nodiscard]] Result<std::vector<Story>> read_stories(std::string_view text, Instant now);

// The stories of this program, by topic.
[[nodiscard]] std::string_view access_stories();
[[nodiscard]] std::string_view workplace_stories();
[[nodiscard]] std::string_view network_stories();
[[nodiscard]] std::string_view application_stories();
[[nodiscard]] std::string_view today_stories();

}  // namespace firstline::app::demo
