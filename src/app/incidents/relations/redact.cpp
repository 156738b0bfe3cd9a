// Taking a text or a file out of an entry (domain.md §2 "redact").
#include <algorithm>

#include "app/incidents/relations/relations.hpp"
#include "app/incidents/timeline.hpp"
#include "base/text.hpp"
#include "domain/incident/messages.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::int64_t kSliceMax = 500;

// Whether the entry's text is the one that the incident's row still shows: no later entry has set it anew.
Result<bool> is_standing(Reader& reader, const Incident& incident, std::int64_t seq, const std::string& field) {
    for (std::int64_t after = seq;;) {
        TRY(const auto entries, load_entries(reader, incident.id, after, kSliceMax));
        for (const StoredEntry& stored : entries) {
            for (const EntryTextPart& text : stored.entry.texts) {
                if (text.field == field) return false;
            }
        }
        if (static_cast<std::int64_t>(entries.size()) < kSliceMax) return true;
        after = entries.back().entry.seq;
    }
}

// A later edit keeps the former text beside the new one: that copy goes too.
Status redact_copies(Reader& reader, Unit& unit, ChangeBuilder& builder, IncidentId id, std::int64_t seq,
                     const RedactRequest& request) {
    const std::string copy = request.field + "_before";
    for (std::int64_t after = seq;;) {
        TRY(const auto entries, load_entries(reader, id, after, kSliceMax));
        for (const StoredEntry& stored : entries) {
            const auto has = [&](const std::string& field) {
                return std::any_of(stored.entry.texts.begin(), stored.entry.texts.end(),
                                   [&](const EntryTextPart& text) { return text.field == field; });
            };
            if (!has(copy)) continue;
            domain::redact(unit, stored.entry.seq, copy, false, request.reason);
            builder.write({"entry_text.delete", {stored.pos, copy}, OnConflict::stale});
            return {};
        }
        if (static_cast<std::int64_t>(entries.size()) < kSliceMax) return {};
        after = entries.back().entry.seq;
    }
}

Status may_redact(const Session& session, const Loaded& loaded, const Entry& entry) {
    const bool is_author = entry.actor.is_set() && entry.actor == session.user();
    if (is_author || domain::may(session.caller, Permission::incident_redact, loaded.sight)) return {};
    return fail(ErrorKind::forbidden, "auth.forbidden", "The author or a team lead takes a text out.");
}

}  // namespace

Result<std::int64_t> seq_of_opaque_id(Reader& reader, IncidentId id, std::string_view opaque) {
    TRY(const std::string secret, load_desk_secret(reader));
    for (std::int64_t after = 0;;) {
        TRY(const auto entries, load_entries(reader, id, after, kSliceMax));
        for (const StoredEntry& stored : entries) {
            if (stored.entry.is_public && opaque_entry_id(secret, id, stored.entry.seq) == opaque)
                return stored.entry.seq;
        }
        if (static_cast<std::int64_t>(entries.size()) < kSliceMax) break;
        after = entries.back().entry.seq;
    }
    return fail(ErrorKind::not_found, "not_found", "There is no such entry.");
}

Result<Decided<IncidentAnswer>> redact_entry(Reader& reader, Toolbox& tools, const Session& session, IncidentId id,
                                             std::int64_t seq, const RedactRequest& request) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const Loaded loaded, load_visible(reader, *desk, session, id));
    TRY(const auto entries, load_entries(reader, id, seq - 1, 1));
    const bool is_there = !entries.empty() && entries.front().entry.seq == seq &&
                          (loaded.sees_internal || entries.front().entry.is_public);
    if (!is_there) return fail(ErrorKind::not_found, "not_found", "There is no such entry.");
    const StoredEntry& stored = entries.front();
    CHECK_OK(may_redact(session, loaded, stored.entry));
    FieldErrors errors;
    errors.need(!is_blank(request.reason), "/reason", "required", "Say why it is taken out.");
    const auto has_text = [&](const EntryTextPart& text) {
        return text.field == request.field && text.text != kRedacted;
    };
    const bool has_field = std::any_of(stored.entry.texts.begin(), stored.entry.texts.end(), has_text);
    errors.need(request.field.empty() || has_field, "/field", "not_found", "This entry has no such text.");
    const auto is_file = [&](const Detail& detail) {
        return detail.key == "attachment" && detail.value == FieldValue{request.attachment};
    };
    const bool has_file = std::any_of(stored.entry.details.begin(), stored.entry.details.end(), is_file);
    errors.need(request.attachment == 0 || has_file, "/attachment", "not_found", "This entry has no such file.");
    CHECK_OK(errors.result());

    Capacity capacity = loaded.standing.is_team_lead ? Capacity::team_lead : Capacity::agent;
    if (!loaded.standing.is_agent) capacity = Capacity::requester;
    Unit unit(loaded.incident, Actor{session.user(), capacity}, context_for(*desk, tools, loaded));
    ChangeBuilder builder(*desk, session.via);
    if (request.attachment != 0) {
        unit.append(EntryKind::redact, [&](Incident&, Entry& entry) {
            entry.details.push_back({"seq", seq});
            entry.details.push_back({"attachment", request.attachment});
            entry.texts.push_back({"reason", request.reason});
        });
        builder.write({"attachment.delete", {request.attachment, id.value}, OnConflict::stale});
    } else {
        TRY(const bool stands, is_standing(reader, loaded.incident, seq, request.field));
        domain::redact(unit, seq, request.field, stands, request.reason);
        builder.write({"entry_text.delete", {stored.pos, request.field}, OnConflict::stale});
        CHECK_OK(redact_copies(reader, unit, builder, loaded.incident.id, seq, request));
    }
    builder.add(unit, loaded);
    Loaded after = loaded;
    after.incident = unit.incident();
    TRY(IncidentAnswer answer, answer_for(reader, desk, session, after, tools.clock.now(), &unit.entries().back()));
    return Decided<IncidentAnswer>{builder.take(), std::move(answer)};
}

}  // namespace firstline::app
