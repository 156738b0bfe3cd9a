// Walks over the open incidents: along a covering index, or sorted in memory (storage.md §5 "Lists").
#include <algorithm>
#include <tuple>

#include "app/incidents/list/walk.hpp"

namespace firstline::app::lists {

using namespace domain;

namespace {

constexpr std::int64_t kOpenMax = 500'000;  // rows of the open set that one in-memory sort takes

// The column of list.open_scan that holds the sort key.
int column_of(ListSort sort) {
    constexpr int kDueAt = 3;
    constexpr int kCreatedAt = 12;
    constexpr int kUpdatedAt = 13;
    if (sort == ListSort::due_at) return kDueAt;
    return sort == ListSort::created_at ? kCreatedAt : kUpdatedAt;
}

// The next `chunk` rows after `key` of the teams together, in the queue's order; of the whole open set where no team is
// asked for.
Result<std::vector<HeadRow>> read_queue(Scan& scan, Walk way, const std::vector<std::int64_t>& key,
                                        std::int64_t chunk) {
    const bool is_of_teams = way == Walk::team_by_priority;
    const auto& teams = scan.filter.teams;
    const auto& assignees = scan.filter.assignees;
    // "Mine" is one person's share of the whole open set: the engine filters it.
    const std::int64_t assignee = assignees.size() == 1 ? *assignees.begin() : -1;
    const std::vector<std::int64_t> owners =
        is_of_teams ? std::vector<std::int64_t>(teams.begin(), teams.end()) : std::vector{assignee};
    const std::string priority = key[0] < 0 ? std::string() : std::string(to_string(static_cast<Priority>(key[0])));
    std::vector<HeadRow> rows;
    std::vector<std::vector<Value>> params;
    std::vector<Query> queries;
    params.reserve(owners.size());
    for (const std::int64_t owner : owners) {
        params.push_back({priority, key[1], key[2], key[3], chunk, owner});
        queries.push_back(
            {is_of_teams ? "list.team_by_priority" : "list.open_by_priority", params.back(), [&](const Row& row) {
                 rows.push_back(head_from_row(row));
                 return true;
             }});
    }
    CHECK_OK(scan.reader.query_all(queries));
    if (owners.size() == 1) return rows;
    std::sort(rows.begin(), rows.end(), [](const HeadRow& a, const HeadRow& b) {
        return std::tie(a.priority, a.is_paused, a.due_at, a.id) < std::tie(b.priority, b.is_paused, b.due_at, b.id);
    });
    // Beyond these, a team may have rows that were not read.
    if (rows.size() > static_cast<std::size_t>(chunk)) rows.resize(static_cast<std::size_t>(chunk));
    return rows;
}

}  // namespace

Status walk_queue(Scan& scan, Walk way) {
    std::vector<std::int64_t> key = scan.after.empty() ? std::vector<std::int64_t>{-1, 0, 0, 0} : scan.after;
    // Most pages take every row they read.
    std::int64_t chunk = scan.request.limit + 1;
    for (;;) {
        TRY(const auto rows, read_queue(scan, way, key, chunk));
        for (const HeadRow& row : rows) {
            TRY(const bool goes_on, scan.take(row, 0));
            if (!goes_on) return {};
        }
        if (static_cast<std::int64_t>(rows.size()) < chunk) return {};
        key = {rows.back().priority, rows.back().is_paused ? 1 : 0, rows.back().due_at, rows.back().id};
        chunk = std::min(chunk * 4, kChunkMax);
    }
}

Status walk_open_sorted(Scan& scan) {
    std::vector<Found> all;
    const int column = column_of(scan.sort);
    CHECK_OK(scan.reader.query("list.open_scan", {kOpenMax}, [&](const Row& row) {
        HeadRow head = head_from_row(row);
        if (!scan.filter.matches(head)) return true;
        const bool is_by_priority = scan.sort == ListSort::priority;
        const std::int64_t key = is_by_priority ? head.priority * 2 + (head.is_paused ? 1 : 0) : row.integer(column);
        all.push_back({head, key});
        return true;
    }));
    return scan.take_sorted(std::move(all));
}

}  // namespace firstline::app::lists
