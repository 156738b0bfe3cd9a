// Walks over open and closed incidents, newest first by number, bounded (storage.md §5 "Lists").
#include <algorithm>

#include "app/incidents/list/walk.hpp"

namespace firstline::app::lists {

using namespace domain;

namespace {

std::int64_t size_of(const auto& rows) { return static_cast<std::int64_t>(rows.size()); }

void sort_newest_first(std::vector<HeadRow>& rows) {
    std::sort(rows.begin(), rows.end(), [](const HeadRow& a, const HeadRow& b) { return a.id > b.id; });
    rows.erase(std::unique(rows.begin(), rows.end(), [](const HeadRow& a, const HeadRow& b) { return a.id == b.id; }),
               rows.end());
}

// The words may stand in a note: whoever sees a restricted incident as its requester alone must not learn so.
bool may_find_by_words(const Session& session, const HeadRow& head) {
    const auto& teams = session.caller.teams;
    const bool is_members =
        std::find(teams.begin(), teams.end(), head.team) != teams.end() || head.assignee == session.caller.user;
    return !head.is_restricted || !session.is_agent() || is_members;
}

}  // namespace

Status walk_newest(Scan& scan) {
    std::int64_t below = scan.below();
    std::int64_t scanned = 0;
    for (std::int64_t chunk = std::max(kChunkFirst, scan.request.limit + 1); scanned < kScanRowsMax;
         chunk = std::min(chunk * 4, kChunkMax)) {
        TRY(const auto rows, scan.heads("list.newest", {below, chunk}));
        TRY(const bool goes_on, scan.take_all(rows));
        if (!goes_on || size_of(rows) < chunk) return {};
        scanned += size_of(rows);
        below = rows.back().id;
        if (!scan.reader.has_time_left()) break;
    }
    scan.scanned_to = below;
    return {};
}

Status walk_of_owners(Scan& scan, std::string_view statement, const std::vector<std::int64_t>& owners) {
    std::vector<HeadRow> rows;
    std::int64_t scanned = 0;
    for (const std::int64_t owner : owners) {
        std::int64_t below = scan.below();
        std::int64_t kept = 0;
        for (std::int64_t chunk = kChunkFirst; kept <= scan.request.limit && scanned < kScanRowsMax;
             chunk = std::min(chunk * 4, kChunkMax)) {
            TRY(const auto part, scan.heads(statement, {owner, below, chunk}));
            scanned += size_of(part);
            for (const HeadRow& row : part) {
                if (!scan.filter.matches(row)) continue;
                rows.push_back(row);
                ++kept;
            }
            if (size_of(part) < chunk) break;
            below = part.back().id;
        }
    }
    sort_newest_first(rows);
    return scan.take_all(rows).map([](bool) {});
}

Status walk_by_ref(Scan& scan) {
    std::vector<HeadRow> rows;
    for (const auto& reference : scan.filter.external_refs) {
        TRY(const auto part, scan.heads("list.by_ref", {reference}));
        rows.insert(rows.end(), part.begin(), part.end());
    }
    std::erase_if(rows, [&](const HeadRow& row) { return row.id >= scan.below(); });
    sort_newest_first(rows);
    return scan.take_all(rows).map([](bool) {});
}

Status walk_by_words(Scan& scan, const FindByWords& find_by_words) {
    std::int64_t below = scan.below();
    std::int64_t scanned = 0;
    while (scanned < kScanRowsMax) {
        TRY(const auto ids, find_by_words(scan.reader, scan.session, scan.filter.q, below, kChunkFirst));
        for (const std::int64_t id : ids) {
            TRY(const auto rows, scan.heads("list.one", {id}));
            if (rows.empty() || !may_find_by_words(scan.session, rows.front())) continue;
            TRY(const bool goes_on, scan.take(rows.front(), id));
            if (!goes_on) return {};
        }
        if (size_of(ids) < kChunkFirst) return {};
        scanned += size_of(ids);
        below = ids.back();
        if (!scan.reader.has_time_left()) break;
    }
    scan.scanned_to = below;
    return {};
}

Status walk_own(Scan& scan) {
    const Caller& caller = scan.session.caller;
    if (caller.organization_shares && caller.organization.is_set()) return walk_newest(scan);
    constexpr int kUpdatedAt = 12;
    const bool is_by_update = scan.sort == ListSort::updated_at;
    const std::int64_t below = is_by_update ? INT64_MAX : scan.below();
    std::vector<Found> all;
    for (const std::string_view statement : {"list.by_requester_full", "list.watched_full"}) {
        CHECK_OK(scan.reader.query(statement, {caller.user.value, below, kChunkMax}, [&](const Row& row) {
            HeadRow head = head_from_row(row);
            if (scan.filter.matches(head)) all.push_back({head, is_by_update ? row.integer(kUpdatedAt) : head.id});
            return true;
        }));
    }
    return scan.take_sorted(std::move(all));
}

}  // namespace firstline::app::lists
