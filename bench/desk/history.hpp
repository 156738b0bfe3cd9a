// The measured desk's incidents as units of work, decided by the domain and built as the use cases build them.
#pragma once

#include "app/port/change.hpp"
#include "desk/cast.hpp"

namespace firstline::bench {

// Of the newest incidents alone: what is older has been sent and its key forgotten.
inline constexpr std::int64_t kQueuedAges = 1'000'000;

// The incident of this age with its whole history. Error: what the domain refuses (a defect of this file).
[[nodiscard]] Result<app::Change> incident_at(const Plan& plan, const Cast& cast, domain::IncidentId id,
                                              std::int64_t age);

// The unit that (a) and (b) are about: an agent logs for somebody, with `text` as description and a team: head, text, two
// entries, outbox rows, idempotency row. `serial` makes its key one of its own.
[[nodiscard]] Result<app::Change> logged_unit(const Plan& plan, const Cast& cast, domain::IncidentId id,
                                              std::int64_t serial, const std::string& text, Instant now);

}  // namespace firstline::bench
