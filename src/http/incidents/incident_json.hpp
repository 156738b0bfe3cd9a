// Incidents and timeline entries as JSON: the agent's shape and the requester's, which is exactly api.md §2's list.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "app/incidents/answer.hpp"
#include "http/api/json_writer.hpp"

namespace firstline::http {

// Which fields a list wants (`fields=`); empty: all.
using FieldSet = std::set<std::string, std::less<>>;

void write_incident(JsonWriter& json, const app::IncidentAnswer& answer, const FieldSet& fields = {});
[[nodiscard]] std::string incident_json(const app::IncidentAnswer& answer);
// The `version` that this caller counts with.
[[nodiscard]] std::int64_t version_for(const app::IncidentAnswer& answer);

void write_offers(JsonWriter& json, const app::IncidentAnswer& answer);
// {"key": …, "name": …} or null.
void write_named(JsonWriter& json, const std::optional<app::Named>& named);
[[nodiscard]] bool is_agent_field(std::string_view name);
[[nodiscard]] bool is_requester_field(std::string_view name);

}  // namespace firstline::http
