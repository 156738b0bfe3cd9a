#include "app/incidents/relations/attachments.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "domain/incident/decide.hpp"

namespace firstline::app {

using namespace domain;

namespace {
constexpr std::size_t kNameCharactersMax = 250;
}

Result<Decided<PendingAttachment>> keep_upload(Toolbox& tools, const Session& session, const UploadRequest& request) {
    FieldErrors errors;
    errors.need(!is_blank(request.name), "?name", "required", "Give the file's name.");
    errors.need(is_clean_utf8(request.name), "?name", "utf8", "The name must be UTF-8.");
    errors.need(count_characters(request.name) <= kNameCharactersMax, "?name", "too_long", "At most 250 characters.");
    CHECK_OK(errors.result());
    TRY(const auto id, tools.store.next_id(IdKind::attachment));
    const Instant now = tools.clock.now();
    const Blob hash{std::string(as_bytes(request.blob.sha256))};
    Change change;
    // The same bytes may be there already, or may be marked to go: then they stay.
    change.writes.push_back(
        {"blob.keep", {hash, request.blob.size, std::string(tools.blobs.place())}, OnConflict::stale});
    change.writes.push_back({"attachment.insert",
                             {id, hash, request.name, request.type, request.blob.size, session.user().value, now.us},
                             OnConflict::stale});
    return Decided<PendingAttachment>{std::move(change),
                                      {id, request.name, request.type, request.blob.size, now + kPendingKept}};
}

Result<AttachmentList> list_attachments(Reader& reader, Toolbox& tools, const Session& session, IncidentId id) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const Loaded loaded, load_visible(reader, *desk, session, id));
    AttachmentList out;
    out.sees_internal = loaded.sees_internal;
    std::vector<std::int64_t> owners;
    std::vector<std::int64_t> owner_of;
    CHECK_OK(reader.query("attachment.of_incident", {id.value}, [&](const Row& row) {
        if (!loaded.sees_internal && !row.flag(6)) return true;
        AttachmentRow file;
        file.id = row.integer(0);
        file.name = row.text(1);
        file.type = row.text(2);
        file.size = row.integer(3);
        file.at = row.instant(4);
        file.is_public = row.flag(6);
        file.sha256 = row.bytes(7);
        file.seq = row.integer(8);
        owner_of.push_back(row.integer(5));
        owners.push_back(row.integer(5));
        out.items.push_back(std::move(file));
        return true;
    }));
    std::sort(owners.begin(), owners.end());
    owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
    TRY(const auto names, load_person_names(reader, owners));
    for (std::size_t i = 0; i < out.items.size(); ++i) {
        const auto name =
            std::find_if(names.begin(), names.end(), [&](const PersonName& p) { return p.id.value == owner_of[i]; });
        if (name != names.end()) out.items[i].author = Named{name->key, name->name};
    }
    return out;
}

Result<AttachmentRow> find_attachment(Reader& reader, Toolbox& tools, const Session& session, IncidentId id,
                                      std::int64_t attachment) {
    TRY(auto list, list_attachments(reader, tools, session, id));
    for (AttachmentRow& file : list.items) {
        if (file.id == attachment) return std::move(file);
    }
    return fail(ErrorKind::not_found, "not_found", "This incident has no such file that you may see.");
}

}  // namespace firstline::app
