#include "app/search/find_by_words.hpp"

#include <algorithm>
#include <utility>

#include "app/feed/scope.hpp"
#include "app/search/query.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::chrono::milliseconds kTimeMax{100};

// An agent is no agent on an incident that is restricted to others and their own: there only public words count.
Status drop_internal_matches(Reader& reader, SearchIndex& index, const Session& session, const SearchRequest& request,
                             std::vector<std::int64_t>& ids) {
    TRY(const auto sights, load_sights(reader, ids));
    std::vector<std::int64_t> doubtful;
    for (const auto& sight : sights) {
        if (!sees_as_agent(session.caller, sight.of(session.caller))) doubtful.push_back(sight.incident.id.value);
    }
    if (doubtful.empty()) return {};
    SearchRequest publicly = request;
    publicly.is_public_only = true;
    TRY(const auto matching, index.matching(publicly, doubtful));
    std::erase_if(ids, [&](std::int64_t id) {
        return std::binary_search(doubtful.begin(), doubtful.end(), id) &&
               std::find(matching.begin(), matching.end(), id) == matching.end();
    });
    return {};
}

}  // namespace

FindByWords find_by_words(SearchIndex& index) {
    return [&index](Reader& reader, const Session& session, const std::string& q, std::int64_t before,
                    std::int64_t limit) -> Result<std::vector<std::int64_t>> {
        SearchRequest request;
        request.terms = parse_query(q).terms;
        std::vector<std::int64_t> out;
        if (request.terms.empty()) return out;
        request.scope = terms_of(session.caller);
        request.is_public_only = !reads_internal(session.caller);
        request.before = before;
        request.deadline = std::chrono::steady_clock::now() + kTimeMax;
        // A short answer means that there is no more.
        bool is_complete = false;
        while (!is_complete && std::cmp_less(out.size(), limit)) {
            request.limit = static_cast<std::size_t>(limit) - out.size();
            TRY(auto found, index.find(request));
            request.before = found.go_on_before;
            is_complete = found.is_complete;
            if (!request.is_public_only) CHECK_OK(drop_internal_matches(reader, index, session, request, found.ids));
            out.insert(out.end(), found.ids.begin(), found.ids.end());
            if (!is_complete && std::chrono::steady_clock::now() > request.deadline) {
                if (!out.empty()) break;
                return fail(ErrorKind::unavailable, "storage.too_slow",
                            "The search took too long: look for rarer words.");
            }
        }
        return out;
    };
}

}  // namespace firstline::app
