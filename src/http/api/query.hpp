// Query parameters, checked like bodies: what nobody asked for is refused (api.md §1).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace firstline::http {

using QueryPairs = std::vector<std::pair<std::string, std::string>>;
// application/x-www-form-urlencoded. Error `request.malformed` (broken percent-encoding, no UTF-8).
[[nodiscard]] Result<QueryPairs> parse_query(std::string_view raw);

class QueryFields {
public:
    QueryFields(const QueryPairs& pairs, std::vector<FieldError>& errors) : pairs_(pairs), errors_(errors) {}

    // A parameter that may stand once.
    std::optional<std::string> one(std::string_view name);
    // Any-of: a repeated parameter.
    std::vector<std::string> all(std::string_view name);
    std::int64_t number(std::string_view name, std::int64_t preset, std::int64_t min, std::int64_t max);
    void refuse(std::string_view name, std::string code, std::string detail);
    void finish();

private:
    const QueryPairs& pairs_;
    std::vector<FieldError>& errors_;
    std::set<std::string, std::less<>> asked_;
};

inline constexpr std::int64_t kPageDefault = 50;
inline constexpr std::int64_t kPageMax = 200;

}  // namespace firstline::http
