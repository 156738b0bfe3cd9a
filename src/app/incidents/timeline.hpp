// Reading the timeline: names beside the entries, and only what the caller may see (api.md §2).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/incidents/answer.hpp"

namespace firstline::app {

struct AttachmentName {
    std::int64_t id = 0;
    std::string name, type;
    std::int64_t size = 0;
};

struct TimelineItem {
    StoredEntry stored;
    domain::Step step = domain::Step::received;  // after the entry
    std::vector<AttachmentName> attachments;
};

struct TimelinePage {
    std::vector<TimelineItem> items;
    std::map<std::int64_t, Named> people;  // actors and whom the entries name
    domain::DeskPtr desk;
    bool sees_internal = false;
    std::string desk_secret;  // makes the requester's opaque ids
    domain::IncidentId incident;
    std::int64_t next_seq = 0;  // 0: the last page
};

// Entries after `after_seq`, at most `limit`; a requester gets the public ones.
[[nodiscard]] Result<TimelinePage> read_timeline(Reader& reader, Toolbox& tools, const Session& session,
                                                 domain::IncidentId id, std::int64_t after_seq, std::int64_t limit);
// One entry as a page of one, of what was just decided or is stored.
[[nodiscard]] Result<TimelinePage> timeline_of(Reader& reader, const domain::DeskPtr& desk,
                                               const domain::Incident& incident, bool sees_internal,
                                               std::vector<StoredEntry> entries);
// The opaque id by which requesters know an entry.
[[nodiscard]] std::string opaque_entry_id(std::string_view desk_secret, domain::IncidentId id, std::int64_t seq);

}  // namespace firstline::app
