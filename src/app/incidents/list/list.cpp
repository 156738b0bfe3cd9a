// A page of a list: its cursor, the walk, and what it answers.
#include "app/incidents/list/list.hpp"

#include "app/core/cursor.hpp"
#include "app/incidents/list/walk.hpp"

namespace firstline::app {

using namespace domain;
using lists::Found;
using lists::Scan;
using lists::Walk;

namespace {

// What a cursor belongs to: the same list of the same caller.
std::string bound_to(const Scan& scan, Walk walk) {
    std::string out = "incidents/" + std::to_string(static_cast<int>(walk)) + "/" +
                      std::to_string(static_cast<int>(scan.sort)) + (scan.is_reversed ? "-" : "+") +
                      std::to_string(scan.session.user().value);
    const ListFilter& f = scan.request.filter;
    for (const auto* values : {&f.states, &f.teams, &f.assignees, &f.priorities, &f.categories, &f.services,
                               &f.requesters, &f.channels, &f.tags, &f.external_refs}) {
        out += "|";
        for (const auto& value : *values) out += value + ",";
    }
    return out + "|" + f.q;
}

Result<std::vector<std::int64_t>> read_after(const Scan& scan, Walk walk, std::string_view secret) {
    if (scan.request.after.empty()) return std::vector<std::int64_t>{};
    auto key = read_cursor(secret, bound_to(scan, walk), scan.request.after);
    if (!key || key->size() != (is_by_index(walk) ? 4U : 2U)) {
        return fail(Error{ErrorKind::invalid,
                          "request.invalid",
                          "This cursor is none of this list's.",
                          {{"?after", "format", "Take `next` of the page before, with the same filters and sort."}}});
    }
    return std::move(*key);
}

// Cuts the page to its length and says where the next one starts.
void set_next(Scan& scan, Walk walk, std::string_view secret, ListPage& page) {
    std::vector<std::int64_t> key;
    if (scan.is_full()) {
        scan.found.resize(static_cast<std::size_t>(scan.request.limit));
        const auto& [head, sort_key] = scan.found.back();
        key = is_by_index(walk) ? std::vector<std::int64_t>{head.priority, head.is_paused ? 1 : 0, head.due_at, head.id}
                                : std::vector<std::int64_t>{sort_key, head.id};
    } else if (scan.scanned_to) {
        key = {*scan.scanned_to, *scan.scanned_to};
        page.scanned_to = IncidentId{*scan.scanned_to};
    }
    if (!key.empty()) page.next = make_cursor(secret, bound_to(scan, walk), key);
}

}  // namespace

Result<ListPage> list_incidents(Reader& reader, Toolbox& tools, const Session& session, const ListRequest& request,
                                const FindByWords& find_by_words) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const std::string secret, load_desk_secret(reader));
    Scan scan(reader, session, request);
    TRY(scan.filter, resolve_filter(reader, *desk, session, request.filter));
    if (!scan.filter.q.empty() && !find_by_words) {
        return fail(ErrorKind::unavailable, "server.unavailable", "Search is not running on this node yet: try again.");
    }
    TRY(const Walk walk, choose_walk(scan));
    TRY(scan.after, read_after(scan, walk, secret));
    CHECK_OK(lists::walk(scan, walk, find_by_words));
    ListPage page;
    set_next(scan, walk, secret, page);
    std::vector<std::int64_t> ids;
    for (const Found& one : scan.found) ids.push_back(one.head.id);
    TRY(page.items, load_answers(reader, tools, session, ids, request.wants_heads_only));
    return page;
}

}  // namespace firstline::app
