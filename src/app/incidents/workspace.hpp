// Loading an incident to decide on, and turning decided units into one change (storage.md §1, §5).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/core/toolbox.hpp"
#include "app/incidents/record.hpp"
#include "domain/incident/unit.hpp"

namespace firstline::app {

// A use case's result: what to write (nothing when nothing changes) and what to answer.
template <class T>
struct Decided {
    std::optional<Change> change;
    T answer;
};

// An incident with what a decision on it needs besides the desk.
struct Loaded {
    domain::Incident incident;
    std::vector<domain::UserId> watchers;
    std::string last_hash;  // of the entry at `version`; empty for a new incident
    std::optional<domain::Person> requester;
    domain::Sight sight;
    domain::Standing standing;
    bool sees_internal = false;
};

// Errors: `incident.not_found`, also for what the caller may not see.
[[nodiscard]] Result<Loaded> load_visible(Reader& reader, const domain::Desk& desk, const Session& session,
                                          domain::IncidentId id);
// Without asking who asks: for the desk's own acts and for the second incident of a merge after its sight was checked.
[[nodiscard]] Result<Loaded> load_any(Reader& reader, domain::IncidentId id);
[[nodiscard]] Error incident_not_found(domain::IncidentId id);
// "INC-42", "inc42" → 42.
[[nodiscard]] std::optional<domain::IncidentId> parse_number(std::string_view text);
[[nodiscard]] std::string to_number(domain::IncidentId id);

// Collects units into one change: heads, entries with their chain, texts, outbox rows.
class ChangeBuilder {
public:
    ChangeBuilder(const domain::Desk& desk, std::string_view via) : desk_(desk), via_(via) {
        change_.config_version = desk.config_version;
    }

    // A unit on a stored incident; `watchers_after` where the unit changed them.
    void add(const domain::Unit& unit, const Loaded& loaded,
             const std::vector<domain::UserId>* watchers_after = nullptr);
    // A unit that logged a new incident.
    void add_new(const domain::Unit& unit, const std::vector<domain::UserId>& watchers);
    void write(Write write) { change_.writes.push_back(std::move(write)); }
    void write_after(Write write) { change_.after_entries.push_back(std::move(write)); }
    // Index of the entry (subject incident, this seq) for EntryPos; it must have been added.
    [[nodiscard]] std::size_t entry_index(domain::IncidentId id, std::int64_t seq) const;
    [[nodiscard]] std::string hash_of(domain::IncidentId id, std::int64_t seq) const;
    // Watchers are told of an agent's reply; each once.
    void tell(domain::IncidentId id, const domain::Notice& notice, Instant at);

    [[nodiscard]] bool is_empty() const { return change_.entries.empty() && change_.writes.empty(); }
    // None where nothing was added.
    [[nodiscard]] std::optional<Change> take();

private:
    void add_entries(const domain::Unit& unit, std::string hash, const std::string& scope_before,
                     const std::string& scope_after);

    const domain::Desk& desk_;
    std::string_view via_;
    Change change_;
    std::set<std::string> told_;
};

// What the caller's `version` guards (api.md §1): 409 `incident.stale` when a field of `fields` has changed since.
struct VersionGuard {
    std::optional<std::int64_t> version;
};
[[nodiscard]] Status check_version(Reader& reader, const Loaded& loaded, const VersionGuard& guard,
                                   const std::set<std::string, std::less<>>& fields);
// `state` and every field and text that the unit's entries set.
[[nodiscard]] std::set<std::string, std::less<>> fields_set_by(const domain::Unit& unit);

[[nodiscard]] domain::Context context_for(const domain::Desk& desk, const Toolbox& tools, const Loaded& loaded);

}  // namespace firstline::app
