// Reading the audit log: the feed's entries about what is no incident, newest first (api.md §4, storage.md §5).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/core/toolbox.hpp"
#include "app/directory/page.hpp"
#include "app/directory/people.hpp"
#include "domain/incident/entry.hpp"

namespace firstline::app {

// A value as it is shown: plain, or the people that a list of ids names.
struct AuditValue {
    domain::FieldValue plain;
    std::optional<std::vector<PersonName>> people;
    std::optional<std::vector<std::string>> words;  // roles, teams, scopes
};
struct AuditChange {
    std::string field;
    AuditValue before, after;
};
struct AuditLine {
    std::int64_t pos = 0;
    std::string subject;
    std::string key;  // which one; "" where there is one only, or nobody
    std::string kind;
    Instant at{};
    std::optional<PersonName> actor;  // none: the desk itself
    std::string desk_name;            // what the desk calls itself, for entries without an actor
    std::vector<AuditChange> changes;
    std::string hash;
};

struct AuditFilter {
    std::vector<std::string> subjects, kinds;  // words; empty = all
    std::vector<std::string> actors;           // keys; unknown ones match nothing
};
// A page may be short, also empty, and still name where to go on: the search for what fits is bounded. `after`: a
// position. Error `auth.forbidden`.
[[nodiscard]] Result<Page<AuditLine>> list_audit(Reader& reader, Toolbox& tools, const Session& session,
                                                 const AuditFilter& filter, const PageRequest& page);

}  // namespace firstline::app
