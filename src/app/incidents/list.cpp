// Walking the covering indexes and histories for a page (storage.md §5 "Lists").
#include "app/incidents/list.hpp"

#include <algorithm>
#include <tuple>

#include "app/core/cursor.hpp"
#include "app/incidents/list_match.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::int64_t kScanRowsMax = 50'000;
constexpr std::int64_t kChunkFirst = 200;
constexpr std::int64_t kChunkMax = 5'000;
constexpr std::size_t kMergedTeamsMax = 10;  // of more, walking everybody's queue reads less
constexpr std::int64_t kOpenMax = 500'000;   // rows of the open set that one in-memory sort takes

// How a page is walked.
enum class Walk : std::uint8_t {
    team_by_priority,
    open_by_priority,
    open_sorted,
    newest,
    by_requester,
    by_service,
    by_tag,
    by_ref,
    by_words,
    own
};

struct Found {
    HeadRow head;
    std::int64_t sort_key = 0;
};

class Lister {
public:
    Lister(Reader& reader, Toolbox& tools, const Session& session, const ListRequest& request, const FindByWords& words)
        : reader_(reader), tools_(tools), session_(session), request_(request), find_by_words_(words) {}

    Result<ListPage> run() {
        TRY(desk_, tools_.desks.current(reader_));
        TRY(secret_, load_desk_secret(reader_));
        TRY(filter_, resolve_filter(reader_, *desk_, session_, request_.filter));
        CHECK_OK(choose_walk());
        CHECK_OK(read_after());
        CHECK_OK(walk());
        return finish();
    }

private:
    Status choose_walk();
    Status read_after();
    Status walk();
    Status read_queue(const std::vector<std::int64_t>& key, std::int64_t chunk, std::vector<HeadRow>& rows);
    Status walk_queue();
    Status walk_ids(std::string_view statement, const std::vector<std::int64_t>& owners);
    Status walk_newest();
    Status walk_sorted();
    Status walk_words();
    Status walk_own();
    // Takes the row when it fits; false when the page is full.
    Result<bool> take(const HeadRow& head, std::int64_t sort_key);
    Result<bool> fits_head(std::int64_t id);
    Result<ListPage> finish();
    [[nodiscard]] std::string bound_to() const;
    [[nodiscard]] bool is_full() const { return static_cast<std::int64_t>(found_.size()) > request_.limit; }

    Reader& reader_;
    Toolbox& tools_;
    const Session& session_;
    const ListRequest& request_;
    const FindByWords& find_by_words_;
    DeskPtr desk_;
    std::string secret_;
    ResolvedFilter filter_;
    Walk walk_ = Walk::newest;
    ListSort sort_ = ListSort::created_at;
    bool is_reversed_ = true;  // of newest first
    std::vector<std::int64_t> after_;
    std::vector<Found> found_;
    std::optional<std::int64_t> scanned_to_;
};

Status Lister::choose_walk() {
    const bool sees_all = session_.is_agent() || session_.caller.roles.has(Role::auditor);
    const bool is_open = filter_.is_open_only() && sees_all;
    const auto refuse_sort = [&](std::string detail) {
        return fail(Error{ErrorKind::invalid, "request.invalid", detail, {{"?sort", "conflict", detail}}});
    };
    if (!filter_.q.empty() && !find_by_words_) {
        return fail(ErrorKind::unavailable, "server.unavailable", "Search is not running on this node yet: try again.");
    }
    if (!sees_all && request_.sort == ListSort::priority) return refuse_sort("Priorities are the desk's.");
    if (!sees_all && request_.sort == ListSort::due_at) return refuse_sort("Due times are the desk's.");
    sort_ = request_.sort.value_or(is_open ? ListSort::priority : ListSort::created_at);
    is_reversed_ = request_.sort ? request_.is_reversed : !is_open;
    if (!filter_.q.empty()) {
        walk_ = Walk::by_words;
    } else if (!filter_.external_refs.empty()) {
        walk_ = Walk::by_ref;
    } else if (!filter_.tags.empty()) {
        walk_ = Walk::by_tag;
    } else if (!sees_all) {
        walk_ = Walk::own;
    } else if (is_open && sort_ == ListSort::priority && !is_reversed_) {
        const bool is_of_few_teams = !filter_.teams.empty() && filter_.teams.size() <= kMergedTeamsMax;
        walk_ = is_of_few_teams ? Walk::team_by_priority : Walk::open_by_priority;
    } else if (is_open) {
        walk_ = Walk::open_sorted;
    } else if (!filter_.requesters.empty()) {
        walk_ = Walk::by_requester;
    } else if (!filter_.services.empty()) {
        walk_ = Walk::by_service;
    }
    const bool is_newest_only =
        walk_ != Walk::team_by_priority && walk_ != Walk::open_by_priority && walk_ != Walk::open_sorted;
    if (is_newest_only && request_.sort && !(sort_ == ListSort::created_at && is_reversed_)) {
        if (!(walk_ == Walk::own && sort_ == ListSort::updated_at)) {
            return refuse_sort(
                "Lists with closed incidents, tags, words or references come newest first (sort=-created_at); "
                "other orders exist with state=open.");
        }
    }
    return {};
}

std::string Lister::bound_to() const {
    std::string out = "incidents/" + std::to_string(static_cast<int>(walk_)) + "/" +
                      std::to_string(static_cast<int>(sort_)) + (is_reversed_ ? "-" : "+") +
                      std::to_string(session_.user().value);
    const auto add = [&](const std::vector<std::string>& values) {
        out += "|";
        for (const auto& value : values) out += value + ",";
    };
    const ListFilter& f = request_.filter;
    for (const auto* values : {&f.states, &f.teams, &f.assignees, &f.priorities, &f.categories, &f.services,
                               &f.requesters, &f.channels, &f.tags, &f.external_refs}) {
        add(*values);
    }
    return out + "|" + f.q;
}

Status Lister::read_after() {
    if (request_.after.empty()) return {};
    const auto key = read_cursor(secret_, bound_to(), request_.after);
    const bool is_keyset = walk_ == Walk::team_by_priority || walk_ == Walk::open_by_priority;
    if (!key || key->size() != (is_keyset ? 4U : 2U)) {
        return fail(Error{ErrorKind::invalid,
                          "request.invalid",
                          "This cursor is none of this list's.",
                          {{"?after", "format", "Take `next` of the page before, with the same filters and sort."}}});
    }
    after_ = *key;
    return {};
}

Result<bool> Lister::fits_head(std::int64_t id) {
    bool fits = false;
    CHECK_OK(reader_.query("list.head", {id}, [&](const Row& row) {
        const bool category_fits = filter_.categories.empty() || filter_.categories.contains(row.integer(0));
        const auto channel = parse_word<Channel>(row.text(1));
        fits = category_fits && (filter_.channels.empty() || (channel && filter_.channels.contains(*channel)));
        return false;
    }));
    return fits;
}

Result<bool> Lister::take(const HeadRow& head, std::int64_t sort_key) {
    if (!filter_.matches(head)) return true;
    if (filter_.needs_head()) {
        TRY(const bool fits, fits_head(head.id));
        if (!fits) return true;
    }
    TRY(const bool is_seen, is_visible(reader_, session_, head));
    if (!is_seen) return true;
    found_.push_back({head, sort_key});
    return !is_full();
}

// The next `chunk` rows after `key` of the teams together, in the queue's order; of the whole open set where no team is
// asked for.
Status Lister::read_queue(const std::vector<std::int64_t>& key, std::int64_t chunk, std::vector<HeadRow>& rows) {
    const bool by_team = walk_ == Walk::team_by_priority;
    // "Mine" is one person's share of the whole open set: the engine filters it.
    const std::int64_t assignee = filter_.assignees.size() == 1 ? *filter_.assignees.begin() : -1;
    const std::vector<std::int64_t> owners =
        by_team ? std::vector<std::int64_t>(filter_.teams.begin(), filter_.teams.end()) : std::vector{assignee};
    const std::string priority = key[0] < 0 ? std::string() : std::string(to_string(static_cast<Priority>(key[0])));
    std::vector<std::vector<Value>> params;
    std::vector<Query> queries;
    params.reserve(owners.size());
    for (const std::int64_t owner : owners) {
        params.push_back({priority, key[1], key[2], key[3], chunk, owner});
        queries.push_back(
            {by_team ? "list.team_by_priority" : "list.open_by_priority", params.back(), [&](const Row& row) {
                 rows.push_back(head_from_row(row));
                 return true;
             }});
    }
    CHECK_OK(reader_.query_all(queries));
    if (owners.size() == 1) return {};
    std::sort(rows.begin(), rows.end(), [](const HeadRow& a, const HeadRow& b) {
        return std::tie(a.priority, a.is_paused, a.due_at, a.id) < std::tie(b.priority, b.is_paused, b.due_at, b.id);
    });
    // Beyond these, a team may have rows that were not read.
    if (rows.size() > static_cast<std::size_t>(chunk)) rows.resize(static_cast<std::size_t>(chunk));
    return {};
}

Status Lister::walk_queue() {
    std::vector<std::int64_t> key = after_.empty() ? std::vector<std::int64_t>{-1, 0, 0, 0} : after_;
    // Most pages take every row they read.
    std::int64_t chunk = request_.limit + 1;
    for (;;) {
        std::vector<HeadRow> rows;
        CHECK_OK(read_queue(key, chunk, rows));
        for (const HeadRow& row : rows) {
            TRY(const bool goes_on, take(row, 0));
            if (!goes_on) return {};
        }
        if (static_cast<std::int64_t>(rows.size()) < chunk) return {};
        key = {rows.back().priority, rows.back().is_paused ? 1 : 0, rows.back().due_at, rows.back().id};
        chunk = std::min(chunk * 4, kChunkMax);
    }
}

Status Lister::walk_ids(std::string_view statement, const std::vector<std::int64_t>& owners) {
    // Each owner's incidents newest first, merged by number.
    std::vector<HeadRow> rows;
    const std::int64_t before = after_.empty() ? INT64_MAX : after_[1];
    std::int64_t scanned = 0;
    for (const std::int64_t owner : owners) {
        std::int64_t below = before;
        std::int64_t kept = 0;
        for (std::int64_t chunk = kChunkFirst; kept <= request_.limit && scanned < kScanRowsMax;
             chunk = std::min(chunk * 4, kChunkMax)) {
            std::vector<HeadRow> part;
            CHECK_OK(reader_.query(statement, {owner, below, chunk}, [&](const Row& row) {
                part.push_back(head_from_row(row));
                return true;
            }));
            scanned += static_cast<std::int64_t>(part.size());
            for (const HeadRow& row : part) {
                if (!filter_.matches(row)) continue;
                rows.push_back(row);
                ++kept;
            }
            if (static_cast<std::int64_t>(part.size()) < chunk) break;
            below = part.back().id;
        }
    }
    std::sort(rows.begin(), rows.end(), [](const HeadRow& a, const HeadRow& b) { return a.id > b.id; });
    rows.erase(std::unique(rows.begin(), rows.end(), [](const HeadRow& a, const HeadRow& b) { return a.id == b.id; }),
               rows.end());
    for (const HeadRow& row : rows) {
        TRY(const bool goes_on, take(row, row.id));
        if (!goes_on) return {};
    }
    return {};
}

Status Lister::walk_newest() {
    std::int64_t below = after_.empty() ? INT64_MAX : after_[1];
    std::int64_t scanned = 0;
    for (std::int64_t chunk = std::max(kChunkFirst, request_.limit + 1); scanned < kScanRowsMax;
         chunk = std::min(chunk * 4, kChunkMax)) {
        std::vector<HeadRow> rows;
        CHECK_OK(reader_.query("list.newest", {below, chunk}, [&](const Row& row) {
            rows.push_back(head_from_row(row));
            return true;
        }));
        for (const HeadRow& row : rows) {
            TRY(const bool goes_on, take(row, row.id));
            if (!goes_on) return {};
        }
        scanned += static_cast<std::int64_t>(rows.size());
        if (static_cast<std::int64_t>(rows.size()) < chunk) return {};
        below = rows.back().id;
        if (!reader_.has_time_left()) break;
    }
    scanned_to_ = below;
    return {};
}

Status Lister::walk_sorted() {
    std::vector<Found> all;
    const int column = sort_ == ListSort::due_at ? 3 : sort_ == ListSort::created_at ? 12 : 13;
    const auto key_of = [&](const HeadRow& head, const Row& row) -> std::int64_t {
        if (sort_ == ListSort::priority) return head.priority * 2 + (head.is_paused ? 1 : 0);
        return row.integer(column);
    };
    CHECK_OK(reader_.query("list.open_scan", {kOpenMax}, [&](const Row& row) {
        HeadRow head = head_from_row(row);
        if (filter_.matches(head)) all.push_back({head, key_of(head, row)});
        return true;
    }));
    const auto before = [&](const Found& a, const Found& b) {
        const auto left = std::pair(a.sort_key, a.head.id);
        const auto right = std::pair(b.sort_key, b.head.id);
        return is_reversed_ ? left > right : left < right;
    };
    std::sort(all.begin(), all.end(), before);
    for (const Found& one : all) {
        if (!after_.empty()) {
            Found last;
            last.sort_key = after_[0];
            last.head.id = after_[1];
            if (!before(last, one)) continue;
        }
        TRY(const bool goes_on, take(one.head, one.sort_key));
        if (!goes_on) return {};
    }
    return {};
}

Status Lister::walk_words() {
    std::int64_t below = after_.empty() ? INT64_MAX : after_[1];
    std::int64_t scanned = 0;
    while (scanned < kScanRowsMax) {
        TRY(const auto ids, find_by_words_(reader_, session_, filter_.q, below, kChunkFirst));
        for (const std::int64_t id : ids) {
            std::optional<HeadRow> head;
            CHECK_OK(reader_.query("list.one", {id}, [&](const Row& row) {
                head = head_from_row(row);
                return false;
            }));
            if (!head) continue;
            // The words may stand in a note: whoever sees a restricted incident as its requester alone must not learn so.
            const bool is_members = std::find(session_.caller.teams.begin(), session_.caller.teams.end(), head->team) !=
                                        session_.caller.teams.end() ||
                                    head->assignee == session_.caller.user;
            if (head->is_restricted && session_.is_agent() && !is_members) continue;
            TRY(const bool goes_on, take(*head, id));
            if (!goes_on) return {};
        }
        if (static_cast<std::int64_t>(ids.size()) < kChunkFirst) return {};
        scanned += static_cast<std::int64_t>(ids.size());
        below = ids.back();
        if (!reader_.has_time_left()) break;
    }
    scanned_to_ = below;
    return {};
}

// A requester's own: where they are requester or watch; their organization's where it shares.
Status Lister::walk_own() {
    const Caller& caller = session_.caller;
    if (caller.organization_shares && caller.organization.is_set()) return walk_newest();
    std::vector<HeadRow> rows;
    const bool is_by_update = sort_ == ListSort::updated_at;
    const std::int64_t before = after_.empty() || is_by_update ? INT64_MAX : after_[1];
    std::vector<Found> all;
    for (const std::string_view statement : {"list.by_requester_full", "list.watched_full"}) {
        CHECK_OK(reader_.query(statement, {caller.user.value, before, kChunkMax}, [&](const Row& row) {
            HeadRow head = head_from_row(row);
            if (filter_.matches(head)) all.push_back({head, is_by_update ? row.integer(12) : head.id});
            return true;
        }));
    }
    const auto ahead = [&](const Found& a, const Found& b) {
        const auto left = std::pair(a.sort_key, a.head.id);
        const auto right = std::pair(b.sort_key, b.head.id);
        return is_reversed_ ? left > right : left < right;
    };
    std::sort(all.begin(), all.end(), ahead);
    std::int64_t last_id = 0;
    for (const Found& one : all) {
        if (one.head.id == last_id) continue;
        last_id = one.head.id;
        if (!after_.empty()) {
            Found last;
            last.sort_key = after_[0];
            last.head.id = after_[1];
            if (!ahead(last, one)) continue;
        }
        TRY(const bool goes_on, take(one.head, one.sort_key));
        if (!goes_on) return {};
    }
    return {};
}

Status Lister::walk() {
    switch (walk_) {
        case Walk::team_by_priority:
        case Walk::open_by_priority: return walk_queue();
        case Walk::open_sorted: return walk_sorted();
        case Walk::newest: return walk_newest();
        case Walk::by_requester:
            return walk_ids("list.by_requester", {filter_.requesters.begin(), filter_.requesters.end()});
        case Walk::by_service: return walk_ids("list.by_service", {filter_.services.begin(), filter_.services.end()});
        case Walk::by_tag: return walk_ids("list.by_tag", filter_.tags);
        case Walk::by_words: return walk_words();
        case Walk::own: return walk_own();
        case Walk::by_ref: break;
    }
    std::vector<HeadRow> rows;
    for (const auto& reference : filter_.external_refs) {
        CHECK_OK(reader_.query("list.by_ref", {reference}, [&](const Row& row) {
            rows.push_back(head_from_row(row));
            return true;
        }));
    }
    std::sort(rows.begin(), rows.end(), [](const HeadRow& a, const HeadRow& b) { return a.id > b.id; });
    for (const HeadRow& row : rows) {
        if (!after_.empty() && row.id >= after_[1]) continue;
        TRY(const bool goes_on, take(row, row.id));
        if (!goes_on) return {};
    }
    return {};
}

Result<ListPage> Lister::finish() {
    ListPage page;
    const bool is_keyset = walk_ == Walk::team_by_priority || walk_ == Walk::open_by_priority;
    if (is_full()) {
        found_.resize(static_cast<std::size_t>(request_.limit));
        const Found& last = found_.back();
        page.next = is_keyset
                        ? make_cursor(secret_, bound_to(),
                                      {last.head.priority, last.head.is_paused ? 1 : 0, last.head.due_at, last.head.id})
                        : make_cursor(secret_, bound_to(), {last.sort_key, last.head.id});
    } else if (scanned_to_) {
        page.next = make_cursor(secret_, bound_to(), {*scanned_to_, *scanned_to_});
        page.scanned_to = IncidentId{*scanned_to_};
    }
    std::vector<std::int64_t> ids;
    for (const Found& one : found_) ids.push_back(one.head.id);
    TRY(page.items, load_answers(reader_, tools_, session_, ids, request_.wants_heads_only));
    return page;
}

}  // namespace

Result<ListPage> list_incidents(Reader& reader, Toolbox& tools, const Session& session, const ListRequest& request,
                                const FindByWords& find_by_words) {
    return Lister(reader, tools, session, request, find_by_words).run();
}

}  // namespace firstline::app
