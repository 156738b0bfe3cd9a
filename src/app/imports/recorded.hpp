// What the source desk wrote of one incident, kept beside ours in table origin: a flat JSON object (api.md `recorded`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/imports/history.hpp"

namespace firstline::app::imports {

// What reports need of it; the rest of the object are the last values of the source's own columns.
struct Recorded {
    std::int64_t events = 0, rows_not_understood = 0;
    std::string state;                                        // of the last row that said one: "closed"
    std::vector<std::string> states;                          // that rows ever showed: "on_hold.awaiting_vendor", …
    std::string priority, contact_type, channel, problem_id;  // "" where nothing was said
    std::vector<std::string> problem_ids;                     // that rows ever named
    std::int64_t reassignment_count = 0, reopen_count = 0;
    std::optional<bool> made_sla;
    std::optional<Instant> opened_at, resolved_at, closed_at;
};

[[nodiscard]] Recorded recorded_of(const IncidentRows& incident, const History& history);
[[nodiscard]] std::string to_json(const Recorded& recorded, const IncidentRows& incident, const RowReader& reader);
// None where the text is not what to_json gives.
[[nodiscard]] std::optional<Recorded> recorded_from_json(std::string_view text);

}  // namespace firstline::app::imports
