#include "app/incidents/list/scan.hpp"

#include <algorithm>

namespace firstline::app::lists {

using namespace domain;

Result<bool> Scan::fits_beyond_head(std::int64_t id) {
    bool fits = false;
    CHECK_OK(reader.query("list.head", {id}, [&](const Row& row) {
        const bool category_fits = filter.categories.empty() || filter.categories.contains(row.integer(0));
        const auto channel = parse_word<Channel>(row.text(1));
        fits = category_fits && (filter.channels.empty() || (channel && filter.channels.contains(*channel)));
        return false;
    }));
    return fits;
}

Result<bool> Scan::take(const HeadRow& head, std::int64_t sort_key) {
    if (!filter.matches(head)) return true;
    if (filter.needs_head()) {
        TRY(const bool fits, fits_beyond_head(head.id));
        if (!fits) return true;
    }
    TRY(const bool is_seen, is_visible(reader, session, head));
    if (!is_seen) return true;
    found.push_back({head, sort_key});
    return !is_full();
}

Result<bool> Scan::take_all(const std::vector<HeadRow>& rows) {
    for (const HeadRow& row : rows) {
        TRY(const bool goes_on, take(row, row.id));
        if (!goes_on) return false;
    }
    return true;
}

Status Scan::take_sorted(std::vector<Found> all) {
    const auto is_before = [&](const Found& a, const Found& b) {
        const auto left = std::pair(a.sort_key, a.head.id);
        const auto right = std::pair(b.sort_key, b.head.id);
        return is_reversed ? left > right : left < right;
    };
    std::sort(all.begin(), all.end(), is_before);
    Found last;
    if (!after.empty()) {
        last.sort_key = after[0];
        last.head.id = after[1];
    }
    std::int64_t taken_id = 0;
    for (const Found& one : all) {
        const bool is_twice = one.head.id == taken_id;
        taken_id = one.head.id;
        if (is_twice || (!after.empty() && !is_before(last, one))) continue;
        TRY(const bool goes_on, take(one.head, one.sort_key));
        if (!goes_on) return {};
    }
    return {};
}

Result<std::vector<HeadRow>> Scan::heads(std::string_view statement, const std::vector<Value>& params) {
    std::vector<HeadRow> rows;
    CHECK_OK(reader.query(statement, params, [&](const Row& row) {
        rows.push_back(head_from_row(row));
        return true;
    }));
    return rows;
}

}  // namespace firstline::app::lists
