// Timeline entries as JSON: the agent's shape, and the public one with an opaque id (api.md §2).
#pragma once

#include "app/incidents/timeline.hpp"
#include "http/api/json_writer.hpp"

namespace firstline::http {

void write_entry(JsonWriter& json, const app::TimelineItem& item, const app::TimelinePage& page);

}  // namespace firstline::http
