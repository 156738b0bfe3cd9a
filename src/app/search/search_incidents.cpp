#include "app/search/search_incidents.hpp"

#include <algorithm>
#include <set>

#include "app/core/cursor.hpp"
#include "app/feed/scope.hpp"
#include "app/search/document.hpp"
#include "app/search/query.hpp"
#include "base/crypto.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::chrono::milliseconds kTimeMax{150};  // of looking; the read that it stands in ends at 250
constexpr int kRoundsMax = 5;                       // where what the index proposes may not be seen any more
constexpr std::size_t kRankedMax = 1'000;           // hits of a search by relevance, over all its pages
constexpr std::size_t kSnippetCharacters = 160;
constexpr std::int64_t kSnippetTextsMax = 50;  // texts of a timeline that are looked through

class Search {
public:
    Search(Reader& reader, SearchIndex& index, const Session& session, const SearchInput& input)
        : reader_(reader), index_(index), session_(session), input_(input), query_(parse_query(input.q)) {}

    Result<SearchPage> run(Toolbox& tools) {
        TRY(page_.desk, tools.desks.current(reader_));
        TRY(const std::string secret, load_desk_secret(reader_));
        const std::string bound_to = "search " +
                                     std::string(input_.sort == SearchSort::newest ? "newest " : "relevance ") +
                                     to_hex(sha256(input_.q));
        std::vector<std::int64_t> key;
        if (!input_.after.empty()) {
            auto read = read_cursor(secret, bound_to, input_.after);
            if (!read || read->empty() || read->size() > 2) return fail(wrong_cursor());
            key = std::move(*read);
        }
        fill_request();
        CHECK_OK(take_exact(key.empty()));
        CHECK_OK(input_.sort == SearchSort::newest ? take_newest(key) : take_best(key));
        if (!next_.empty()) page_.next = make_cursor(secret, bound_to, next_);
        CHECK_OK(add_people());
        CHECK_OK(add_times());
        if (input_.wants_snippets) CHECK_OK(add_snippets());
        return std::move(page_);
    }

private:
    static Error wrong_cursor() {
        return {ErrorKind::invalid,
                "request.invalid",
                "This is no cursor of this search.",
                {{"?after", "cursor", "Take the `next` of the page before, with the same search."}}};
    }

    void fill_request() {
        request_.terms = query_.terms;
        request_.scope = terms_of(session_.caller);
        request_.is_public_only = !reads_internal(session_.caller);
        request_.deadline = std::chrono::steady_clock::now() + kTimeMax;
    }

    [[nodiscard]] bool is_full() const { return page_.items.size() >= input_.limit; }

    Status take_exact(bool is_first_page);
    Status take_newest(const std::vector<std::int64_t>& key);
    Status take_best(const std::vector<std::int64_t>& key);
    Result<std::vector<SearchHit>> load_visible_hits(const std::vector<std::int64_t>& ids, bool must_match);
    Status drop_internal_matches(std::vector<SearchHit>& hits);
    Status add_people();
    Status add_times();
    Status add_snippets();
    Result<Snippet> snippet_of(const SearchHit& hit);

    Reader& reader_;
    SearchIndex& index_;
    const Session& session_;
    const SearchInput& input_;
    const ParsedQuery query_;
    SearchRequest request_;
    std::set<std::int64_t> exact_;  // shown first, and not again
    SearchPage page_;
    std::vector<std::int64_t> next_;
};

// What is called by its number or by another tool's; the latter is not a requester's business.
Status Search::take_exact(bool is_first_page) {
    std::vector<std::int64_t> ids;
    if (query_.number) ids.push_back(query_.number->value);
    if (!request_.is_public_only && !query_.reference.empty()) {
        CHECK_OK(reader_.query("search.by_reference", {query_.reference}, [&](const Row& row) {
            ids.push_back(row.integer(0));
            return true;
        }));
    }
    TRY(auto hits, load_visible_hits(ids, false));
    for (SearchHit& hit : hits) {
        const bool is_by_number = query_.number && *query_.number == hit.incident.id;
        if (!is_by_number && !hit.sees_internal) continue;
        exact_.insert(hit.incident.id.value);
        if (is_first_page && !is_full()) page_.items.push_back(std::move(hit));
    }
    return {};
}

Status Search::take_newest(const std::vector<std::int64_t>& key) {
    if (request_.terms.empty()) return {};
    request_.before = key.empty() ? kNewest : key.front();
    next_ = {request_.before};  // where time runs out
    for (int round = 0; round < kRoundsMax && reader_.has_time_left(); ++round) {
        // One more than fits says whether there is a next page.
        request_.limit = input_.limit - page_.items.size() + 1;
        TRY(const SearchFound found, index_.find(request_));
        TRY(auto hits, load_visible_hits(found.ids, true));
        for (SearchHit& hit : hits) {
            if (is_full()) {
                next_ = {request_.before};
                return {};
            }
            request_.before = hit.incident.id.value;
            if (!exact_.contains(hit.incident.id.value)) page_.items.push_back(std::move(hit));
        }
        request_.before = found.go_on_before;
        next_.clear();
        if (found.is_complete) return {};
        next_ = {request_.before};
        if (is_full()) return {};
    }
    return {};
}

Status Search::take_best(const std::vector<std::int64_t>& key) {
    if (request_.terms.empty()) return {};
    request_.limit = kRankedMax;
    TRY(const auto ranked, index_.rank(request_));
    const auto is_before = [&](const RankedHit& hit) {
        if (key.size() != 2) return false;
        return hit.score > key[0] || (hit.score == key[0] && hit.incident_id >= key[1]);
    };
    auto at = std::find_if_not(ranked.begin(), ranked.end(), is_before);
    while (at != ranked.end() && !is_full() && reader_.has_time_left()) {
        std::vector<std::int64_t> ids;
        for (auto it = at; it != ranked.end() && ids.size() < input_.limit; ++it) ids.push_back(it->incident_id);
        TRY(auto hits, load_visible_hits(ids, true));
        for (std::size_t i = 0; i < ids.size() && !is_full(); ++i, ++at) {
            const auto hit = std::find_if(hits.begin(), hits.end(),
                                          [&](const SearchHit& one) { return one.incident.id.value == ids[i]; });
            if (hit != hits.end() && !exact_.contains(ids[i])) page_.items.push_back(std::move(*hit));
        }
    }
    if (at != ranked.end() && at != ranked.begin()) next_ = {std::prev(at)->score, std::prev(at)->incident_id};
    return {};
}

// In the order of `ids`. The index may be a second old: the incident itself says who sees it.
Result<std::vector<SearchHit>> Search::load_visible_hits(const std::vector<std::int64_t>& ids, bool must_match) {
    std::vector<SearchHit> out;
    if (ids.empty()) return out;
    const std::vector<Value> list{IntList{ids}};
    std::set<std::int64_t> watched;
    std::map<std::int64_t, Incident> incidents;
    const Query queries[]{{"search.heads", list,
                           [&](const Row& row) {
                               incidents.emplace(row.integer(0), incident_from_row(row));
                               return true;
                           }},
                          {"feed.watchers", list, [&](const Row& row) {
                               if (row.id<UserId>(1) == session_.user()) watched.insert(row.integer(0));
                               return true;
                           }}};
    CHECK_OK(reader_.query_all(queries));
    for (const std::int64_t id : ids) {
        const auto found = incidents.find(id);
        if (found == incidents.end()) continue;
        const Sight sight = sight_of(session_.caller, found->second, watched.contains(id));
        if (!domain::may(session_.caller, Permission::incident_see, sight)) continue;
        SearchHit hit;
        hit.changed_at = found->second.updated_at;
        hit.incident = std::move(found->second);
        hit.sees_internal = sees_as_agent(session_.caller, sight);
        incidents.erase(found);
        out.push_back(std::move(hit));
    }
    if (must_match) CHECK_OK(drop_internal_matches(out));
    return out;
}

// An agent is no agent on an incident that is restricted to others and their own: there only public words count.
Status Search::drop_internal_matches(std::vector<SearchHit>& hits) {
    if (request_.is_public_only) return {};
    std::vector<std::int64_t> doubtful;
    for (const SearchHit& hit : hits) {
        if (!hit.sees_internal) doubtful.push_back(hit.incident.id.value);
    }
    if (doubtful.empty()) return {};
    SearchRequest publicly = request_;
    publicly.is_public_only = true;
    TRY(const auto matching, index_.matching(publicly, doubtful));
    std::erase_if(hits, [&](const SearchHit& hit) {
        return !hit.sees_internal &&
               std::find(matching.begin(), matching.end(), hit.incident.id.value) == matching.end();
    });
    return {};
}

Status Search::add_people() {
    std::vector<std::int64_t> ids;
    for (const SearchHit& hit : page_.items) {
        for (const UserId id : {hit.incident.requester, hit.incident.assignee}) {
            if (hit.sees_internal && id.is_set() && !page_.people.contains(id.value)) ids.push_back(id.value);
        }
    }
    if (ids.empty()) return {};
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    TRY(const auto names, load_person_names(reader_, ids));
    for (const PersonName& person : names) page_.people.emplace(person.id.value, Named{person.key, person.name});
    return {};
}

Status Search::add_times() {
    IntList ids;
    for (const SearchHit& hit : page_.items) {
        if (!hit.sees_internal) ids.items.push_back(hit.incident.id.value);
    }
    if (ids.items.empty()) return {};
    return reader_.query("search.public_times", {ids}, [&](const Row& row) {
        for (SearchHit& hit : page_.items) {
            if (!hit.sees_internal && hit.incident.id.value == row.integer(0)) hit.changed_at = row.instant(1);
        }
        return true;
    });
}

Status Search::add_snippets() {
    for (SearchHit& hit : page_.items) {
        hit.title = mark_matches(hit.incident.title, query_.terms);
        TRY(hit.snippet, snippet_of(hit));
    }
    return {};
}

Result<Snippet> Search::snippet_of(const SearchHit& hit) {
    bool has_match = false;
    Snippet first;
    for (const std::string* text : {&hit.incident.description, &hit.incident.resolution_notes}) {
        Snippet one = cut_snippet(*text, query_.terms, kSnippetCharacters, has_match);
        if (has_match) return one;
        if (first.empty()) first = std::move(one);
    }
    Snippet found;
    CHECK_OK(reader_.query("search.texts", {hit.incident.id.value, kSnippetTextsMax}, [&](const Row& row) {
        const TextReader who = reader_of_text(row.text(0), row.flag(1), row.text(2));
        if (who == TextReader::nobody || (who == TextReader::internal && !hit.sees_internal)) return true;
        found = cut_snippet(row.text(3), query_.terms, kSnippetCharacters, has_match);
        return !has_match;
    }));
    return has_match ? found : first;
}

}  // namespace

Result<SearchPage> search_incidents(Reader& reader, Toolbox& tools, SearchIndex& index, const Session& session,
                                    const SearchInput& input) {
    CHECK_OK(need(session, Permission::search));
    return Search(reader, index, session, input).run(tools);
}

}  // namespace firstline::app
