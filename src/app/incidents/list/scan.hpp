// One page of a list in the making: what the caller asks for, and what has been found of it so far.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/incidents/list/list.hpp"
#include "app/incidents/list/match.hpp"

namespace firstline::app::lists {

inline constexpr std::int64_t kScanRowsMax = 50'000;  // of a walk without an index on the filter
inline constexpr std::int64_t kChunkFirst = 200;      // rows a query; the next ones take four times as many
inline constexpr std::int64_t kChunkMax = 5'000;

// An incident on the page, with what it is sorted by where that is no column of the head.
struct Found {
    HeadRow head;
    std::int64_t sort_key = 0;
};

class Scan {
public:
    Scan(Reader& from, const Session& caller, const ListRequest& what) : reader(from), session(caller), request(what) {}

    Reader& reader;
    const Session& session;
    const ListRequest& request;
    ResolvedFilter filter;
    ListSort sort = ListSort::created_at;
    bool is_reversed = true;          // of newest first
    std::vector<std::int64_t> after;  // the cursor's numbers; empty at the start
    std::vector<Found> found;
    std::optional<std::int64_t> scanned_to;  // set where the walk stopped before its end

    // Puts the row on the page when it fits the filter and the caller may see it; false when the page is full.
    [[nodiscard]] Result<bool> take(const HeadRow& head, std::int64_t sort_key);
    // The same for rows in order, until the page is full.
    [[nodiscard]] Result<bool> take_all(const std::vector<HeadRow>& rows);
    // One more than the page holds says that there is a next one.
    [[nodiscard]] bool is_full() const { return static_cast<std::int64_t>(found.size()) > request.limit; }
    // Below which number lists in the order of numbers go on.
    [[nodiscard]] std::int64_t below() const { return after.empty() ? INT64_MAX : after[1]; }
    // Sorts by (sort_key, number) and takes what comes after the cursor; each number once.
    [[nodiscard]] Status take_sorted(std::vector<Found> all);
    // The rows of a statement, with its parameters.
    [[nodiscard]] Result<std::vector<HeadRow>> heads(std::string_view statement, const std::vector<Value>& params);

private:
    [[nodiscard]] Result<bool> fits_beyond_head(std::int64_t id);
};

}  // namespace firstline::app::lists
