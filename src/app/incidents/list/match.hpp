// A list's filter with its keys looked up, matched against the columns of the covering indexes.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "app/incidents/list/list.hpp"

namespace firstline::app {

// The columns that q_all covers.
struct HeadRow {
    std::int64_t id = 0;
    int priority = 2;  // index of Priority
    bool is_paused = false;
    std::int64_t due_at = 0;
    domain::TeamId team;
    domain::State state = domain::State::new_;
    domain::UserId assignee, requester;
    domain::ServiceId service;
    domain::OrganizationId organization;
    bool is_restricted = false;
    bool is_priority_known = false;
};
[[nodiscard]] HeadRow head_from_row(const Row& row);

struct ResolvedFilter {
    std::set<domain::State> states;                                 // empty: any
    std::set<std::int64_t> teams, assignees, services, requesters;  // 0: none
    std::set<int> priorities;                                       // index of Priority, -1: unknown
    std::set<std::int64_t> categories;                              // need the whole head row
    std::set<domain::Channel> channels;                             // likewise
    std::vector<std::int64_t> tags;
    std::vector<std::string> external_refs;
    std::string q;

    [[nodiscard]] bool is_open_only() const;
    [[nodiscard]] bool needs_head() const { return !categories.empty() || !channels.empty(); }
    [[nodiscard]] bool matches(const HeadRow& row) const;
};
[[nodiscard]] Result<ResolvedFilter> resolve_filter(Reader& reader, const domain::Desk& desk, const Session& session,
                                                    const ListFilter& filter);

// Whether the caller sees the row; asks for watchers only where nothing else decides.
[[nodiscard]] Result<bool> is_visible(Reader& reader, const Session& session, const HeadRow& row);

}  // namespace firstline::app
