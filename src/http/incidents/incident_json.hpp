// Incidents and timeline entries as JSON: the agent's shape and the requester's, which is exactly api.md §2's list.
#pragma once

#include <bitset>
#include <string>
#include <string_view>

#include "app/incidents/answer.hpp"
#include "http/api/json_writer.hpp"

namespace firstline::http {

// Which fields a list wants (`fields=`); empty: all.
class FieldSet {
public:
    // False where neither shape has such a field.
    bool add(std::string_view name);
    [[nodiscard]] bool is_empty() const { return is_empty_; }
    [[nodiscard]] bool has_agent_field(std::size_t place) const { return is_empty_ || of_agent_[place]; }
    [[nodiscard]] bool has_requester_field(std::size_t place) const { return is_empty_ || of_requester_[place]; }
    // Only what the head row alone answers: no texts, tags, counts or offers.
    [[nodiscard]] bool is_heads_only() const { return !is_empty_ && is_heads_only_; }

private:
    static constexpr std::size_t kPlaces = 64;  // by the shapes' tables
    std::bitset<kPlaces> of_agent_, of_requester_;
    bool is_empty_ = true;
    bool is_heads_only_ = true;
};

void write_incident(JsonWriter& json, const app::IncidentAnswer& answer, const FieldSet& fields = {});
[[nodiscard]] std::string incident_json(const app::IncidentAnswer& answer);
// The `version` that this caller counts with.
[[nodiscard]] std::int64_t version_for(const app::IncidentAnswer& answer);

void write_offers(JsonWriter& json, const app::IncidentAnswer& answer);
// {"key": …, "name": …} or null.
void write_named(JsonWriter& json, const std::optional<app::Named>& named);

}  // namespace firstline::http
