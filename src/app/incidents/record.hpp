// Incidents and timeline entries as rows (storage.md §5, §6).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/port/store.hpp"
#include "domain/desk/desk.hpp"
#include "domain/incident/entry.hpp"

namespace firstline::app {

// The columns that `incident.load` and the history lists select, in their order.
[[nodiscard]] domain::Incident incident_from_row(const Row& row);
[[nodiscard]] Write insert_incident(const domain::Incident& incident);
[[nodiscard]] Write update_incident(const domain::Incident& incident);
[[nodiscard]] Write insert_incident_text(const domain::Incident& incident);
[[nodiscard]] Write update_incident_text(const domain::Incident& incident);
[[nodiscard]] bool has_same_texts(const domain::Incident& a, const domain::Incident& b);

[[nodiscard]] Result<std::optional<domain::Incident>> find_incident(Reader& reader, domain::IncidentId id);

// --- entries -----------------------------------------------------------------------------------------------------------

// The bytes of `entry.data`: compact JSON with changes, details, capacity and the salted hash of each text.
[[nodiscard]] std::string encode_entry_data(const domain::Entry& entry, const std::vector<EntryText>& salted);
// Fills changes, details and capacity; false where the bytes are none of ours.
[[nodiscard]] bool decode_entry_data(std::string_view data, domain::Entry& entry);
// field → hex hash of (salt ‖ text), as the data names them.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> text_hashes_of(std::string_view data);
[[nodiscard]] std::string salted_text_hash(std::string_view salt, std::string_view text);  // hex

// SHA-256 over (format version, desk id, subject, id, seq, at, actor, kind, public, data, hash of the entry before).
struct ChainLink {
    std::string_view desk_id, subject;
    std::int64_t subject_id = 0, seq = 0;
    Instant at{};
    std::int64_t actor_id = 0;
    std::string_view kind;
    bool is_public = false;
    std::string_view data, hash_before;
};
[[nodiscard]] Sha256 chain_hash(const ChainLink& link);

// One incident's stored entry, decoded; texts present unless redacted or erased.
struct StoredEntry {
    std::int64_t pos = 0;
    domain::Entry entry;
    std::string via;
    std::string hash;
};
// Ascending by `seq`, from `after_seq` (exclusive), at most `limit`; with texts.
[[nodiscard]] Result<std::vector<StoredEntry>> load_entries(Reader& reader, domain::IncidentId id,
                                                            std::int64_t after_seq, std::int64_t limit);

// --- scopes ------------------------------------------------------------------------------------------------------------

// Who may see the incident, as index terms (storage.md §5): "a" or "t12", then "u…", "o…".
[[nodiscard]] std::string scope_terms(const domain::Incident& incident, const std::vector<domain::UserId>& watchers,
                                      const domain::Desk& desk);

}  // namespace firstline::app
