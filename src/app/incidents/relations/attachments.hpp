// Files of incidents: uploads wait for 24 hours until an entry claims them (storage.md §5 "Attachments").
#pragma once

#include "app/incidents/answer.hpp"

namespace firstline::app {

inline constexpr std::int64_t kAttachmentBytesMax = 100LL * 1024 * 1024;
inline constexpr Duration kPendingKept = hours(24);

struct UploadRequest {
    std::string name, type;
    BlobInfo blob;  // already durable
};
struct PendingAttachment {
    std::int64_t id = 0;
    std::string name, type;
    std::int64_t size = 0;
    Instant expires_at{};
};
[[nodiscard]] Result<Decided<PendingAttachment>> keep_upload(Toolbox& tools, const Session& session,
                                                             const UploadRequest& request);

struct AttachmentRow {
    std::int64_t id = 0;
    std::string name, type;
    std::int64_t size = 0;
    Instant at{};
    std::optional<Named> author;
    std::int64_t seq = 0;
    bool is_public = false;
    std::string sha256;
};
struct AttachmentList {
    std::vector<AttachmentRow> items;
    bool sees_internal = false;
};
[[nodiscard]] Result<AttachmentList> list_attachments(Reader& reader, Toolbox& tools, const Session& session,
                                                      domain::IncidentId id);
// One file, through its incident's permission, never by hash. Error `not_found`.
[[nodiscard]] Result<AttachmentRow> find_attachment(Reader& reader, Toolbox& tools, const Session& session,
                                                    domain::IncidentId id, std::int64_t attachment);

}  // namespace firstline::app
