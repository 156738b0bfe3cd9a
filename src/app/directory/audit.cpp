#include "app/directory/audit.hpp"

#include "app/incidents/record.hpp"

namespace firstline::app {

namespace {
constexpr std::size_t kSaltBytes = 16;
}

Result<NewEntry> audit_entry(Reader& reader, const domain::Desk& desk, const Session& session, Instant now,
                             const AuditFact& fact) {
    std::string hash_before;
    CHECK_OK(reader.query("entry.last_hash_of", {std::string(fact.subject), fact.subject_id}, [&](const Row& row) {
        hash_before = row.bytes(0);
        return false;
    }));
    domain::Entry entry;
    entry.details = fact.details;
    NewEntry row;
    row.subject = fact.subject;
    row.subject_id = fact.subject_id;
    row.seq = fact.seq;
    row.at = now;
    row.recorded_at = now;
    row.actor_id = session.user().value;
    row.via = session.via;
    row.kind = fact.kind;
    for (const auto& text : fact.texts) row.texts.push_back({text.field, random_bytes(kSaltBytes), text.text});
    row.data = encode_entry_data(entry, row.texts);
    row.hash = chain_hash({desk.desk_id, row.subject, row.subject_id, row.seq, row.at, row.actor_id, row.kind, false,
                           row.data, hash_before});
    return row;
}

}  // namespace firstline::app
