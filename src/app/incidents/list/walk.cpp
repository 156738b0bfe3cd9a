#include "app/incidents/list/walk.hpp"

namespace firstline::app::lists {

using namespace domain;

namespace {

constexpr std::size_t kMergedTeamsMax = 10;  // of more, walking everybody's queue reads less

tl::unexpected<Error> refuse_sort(std::string detail) {
    return fail(Error{ErrorKind::invalid, "request.invalid", detail, {{"?sort", "conflict", detail}}});
}

Walk walk_for(const Scan& scan, bool sees_all, bool is_open) {
    const ResolvedFilter& filter = scan.filter;
    if (!filter.q.empty()) return Walk::by_words;
    if (!filter.external_refs.empty()) return Walk::by_ref;
    if (!filter.tags.empty()) return Walk::by_tag;
    if (!sees_all) return Walk::own;
    if (is_open && scan.sort == ListSort::priority && !scan.is_reversed) {
        const bool is_of_few_teams = !filter.teams.empty() && filter.teams.size() <= kMergedTeamsMax;
        return is_of_few_teams ? Walk::team_by_priority : Walk::open_by_priority;
    }
    if (is_open) return Walk::open_sorted;
    if (!filter.requesters.empty()) return Walk::by_requester;
    if (!filter.services.empty()) return Walk::by_service;
    return Walk::newest;
}

bool has_order(const Scan& scan, Walk walk) {
    if (is_by_index(walk) || walk == Walk::open_sorted || !scan.request.sort) return true;
    if (walk == Walk::own && scan.sort == ListSort::updated_at) return true;
    return scan.sort == ListSort::created_at && scan.is_reversed;
}

}  // namespace

Result<Walk> choose_walk(Scan& scan) {
    const bool sees_all = scan.session.is_agent() || scan.session.caller.roles.has(Role::auditor);
    const bool is_open = scan.filter.is_open_only() && sees_all;
    const auto& sort = scan.request.sort;
    if (!sees_all && sort == ListSort::priority) return refuse_sort("Priorities are the desk's.");
    if (!sees_all && sort == ListSort::due_at) return refuse_sort("Due times are the desk's.");
    scan.sort = sort.value_or(is_open ? ListSort::priority : ListSort::created_at);
    scan.is_reversed = sort ? scan.request.is_reversed : !is_open;
    const Walk walk = walk_for(scan, sees_all, is_open);
    if (!has_order(scan, walk)) {
        return refuse_sort(
            "Lists with closed incidents, tags, words or references come newest first (sort=-created_at); "
            "other orders exist with state=open.");
    }
    return walk;
}

Status walk(Scan& scan, Walk way, const FindByWords& find_by_words) {
    const ResolvedFilter& filter = scan.filter;
    switch (way) {
        case Walk::team_by_priority:
        case Walk::open_by_priority: return walk_queue(scan, way);
        case Walk::open_sorted: return walk_open_sorted(scan);
        case Walk::newest: return walk_newest(scan);
        case Walk::by_requester:
            return walk_of_owners(scan, "list.by_requester", {filter.requesters.begin(), filter.requesters.end()});
        case Walk::by_service:
            return walk_of_owners(scan, "list.by_service", {filter.services.begin(), filter.services.end()});
        case Walk::by_tag: return walk_of_owners(scan, "list.by_tag", filter.tags);
        case Walk::by_ref: return walk_by_ref(scan);
        case Walk::by_words: return walk_by_words(scan, find_by_words);
        case Walk::own: return walk_own(scan);
    }
    return {};
}

}  // namespace firstline::app::lists
