#include "app/search/find_by_words.hpp"

#include "app/feed/scope.hpp"
#include "app/search/query.hpp"

namespace firstline::app {

FindByWords find_by_words(SearchIndex& index) {
    return [&index](Reader&, const Session& session, const std::string& q, std::int64_t before,
                    std::int64_t limit) -> Result<std::vector<std::int64_t>> {
        const ParsedQuery query = parse_query(q);
        if (query.terms.empty()) return std::vector<std::int64_t>{};
        SearchRequest request;
        request.terms = query.terms;
        request.scope = terms_of(session.caller);
        request.is_public_only = !session.is_agent() && !session.caller.roles.has(domain::Role::auditor);
        request.before = before;
        request.limit = static_cast<std::size_t>(limit);
        TRY(auto found, index.find(request));
        return std::move(found.ids);
    };
}

}  // namespace firstline::app
