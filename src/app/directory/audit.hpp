// Entries about what is no incident: people, teams, settings … (`entry` is timeline, audit log and feed in one, storage.md §5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/core/session.hpp"
#include "app/port/store.hpp"
#include "domain/desk/desk.hpp"
#include "domain/incident/entry.hpp"

namespace firstline::app {

struct AuditFact {
    std::string_view
        subject;  // a literal: user, team, organization, category, service, tag, matrix, settings, token, view
    std::int64_t subject_id = 0;
    std::int64_t seq = 1;                        // the record's version after the change
    std::string_view kind;                       // a literal: create, edit, deactivate, password, …
    std::vector<domain::Detail> details{};       // never names, addresses or free text
    std::vector<domain::EntryTextPart> texts{};  // those
};
// The entry with its place in the record's chain; the hash of the entry before is read.
[[nodiscard]] Result<NewEntry> audit_entry(Reader& reader, const domain::Desk& desk, const Session& session,
                                           Instant now, const AuditFact& fact);

}  // namespace firstline::app
