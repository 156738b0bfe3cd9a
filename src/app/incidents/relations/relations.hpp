// Watchers, links, redaction (api.md §4): each a change with an entry on every incident it touches.
#pragma once

#include "app/incidents/answer.hpp"

namespace firstline::app {

[[nodiscard]] Result<std::vector<Named>> list_watchers(Reader& reader, Toolbox& tools, const Session& session,
                                                       domain::IncidentId id);
// Anybody who sees it may watch it themselves; agents add and remove others. Errors: `auth.forbidden`, `request.invalid`.
[[nodiscard]] Result<Decided<std::vector<Named>>> add_watcher(Reader& reader, Toolbox& tools, const Session& session,
                                                              domain::IncidentId id, const std::string& user_key);
[[nodiscard]] Result<Decided<bool>> remove_watcher(Reader& reader, Toolbox& tools, const Session& session,
                                                   domain::IncidentId id, const std::string& user_key);

enum class LinkKind : std::uint8_t { child, related, follow_up_of };
struct LinkRow {
    LinkKind kind = LinkKind::related;
    bool is_out = true;  // from this incident to the other
    domain::IncidentId other;
    std::string title;
    domain::State state = domain::State::new_;
};
// Links to incidents that the caller may see.
[[nodiscard]] Result<std::vector<LinkRow>> list_links(Reader& reader, Toolbox& tools, const Session& session,
                                                      domain::IncidentId id);
// child: the other becomes this one's child (one level, this one open). Errors: `exists`, `request.invalid`, `auth.forbidden`.
[[nodiscard]] Result<Decided<std::vector<LinkRow>>> add_link(Reader& reader, Toolbox& tools, const Session& session,
                                                             domain::IncidentId id, LinkKind kind,
                                                             domain::IncidentId other);
[[nodiscard]] Result<Decided<bool>> remove_link(Reader& reader, Toolbox& tools, const Session& session,
                                                domain::IncidentId id, LinkKind kind, domain::IncidentId other);

struct RedactRequest {
    std::string field;            // a text of the entry, or
    std::int64_t attachment = 0;  // one of its files
    std::string reason;
};
// Takes a text or file out of an entry; its salted hash stays. The author or a team lead. `seq` as agents know it.
[[nodiscard]] Result<Decided<IncidentAnswer>> redact_entry(Reader& reader, Toolbox& tools, const Session& session,
                                                           domain::IncidentId id, std::int64_t seq,
                                                           const RedactRequest& request);
// The seq behind a requester's opaque id. Error `not_found`.
[[nodiscard]] Result<std::int64_t> seq_of_opaque_id(Reader& reader, domain::IncidentId id, std::string_view opaque);

}  // namespace firstline::app

namespace firstline::domain {
template <>
struct Words<app::LinkKind> {
    static constexpr std::array<std::string_view, 3> kWords{"child", "related", "follow_up_of"};
};
}  // namespace firstline::domain
