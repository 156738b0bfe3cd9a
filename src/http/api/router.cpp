#include "http/api/router.hpp"

#include <algorithm>

namespace firstline::http {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
    std::vector<std::string_view> out;
    while (!path.empty()) {
        path.remove_prefix(1);  // '/'
        const auto end = path.find('/');
        out.push_back(path.substr(0, end));
        path = end == std::string_view::npos ? std::string_view{} : path.substr(end);
    }
    return out;
}

bool is_param(std::string_view segment) { return segment.size() > 2 && segment.front() == '{'; }

bool fits(const std::vector<std::string_view>& pattern, const std::vector<std::string_view>& path) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (is_param(pattern[i]) ? path[i].empty() : pattern[i] != path[i]) return false;
    }
    return true;
}

}  // namespace

void Router::add(Route route) {
    routes_.push_back(std::make_unique<Route>(std::move(route)));
    const Route* added = routes_.back().get();
    auto segments = segments_of(added->pattern);
    auto& row = by_length_[segments.size()];
    // Literal paths stand before those with parameters: /views/counts before /views/{key}.
    const auto params = std::count_if(segments.begin(), segments.end(), is_param);
    const auto place = std::find_if(row.begin(), row.end(), [&](const auto& other) {
        return std::count_if(other.first.begin(), other.first.end(), is_param) > params;
    });
    row.insert(place, {std::move(segments), added});
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
    Match match;
    if (path.empty() || path.front() != '/') return match;
    const auto segments = segments_of(path);
    const auto row = by_length_.find(segments.size());
    if (row == by_length_.end()) return match;
    // A HEAD is a GET whose body the server leaves out.
    const std::string_view wanted = method == "HEAD" ? std::string_view("GET") : method;
    std::size_t literal_hits = 0;
    for (const auto& [pattern, route] : row->second) {
        if (!fits(pattern, segments)) continue;
        const auto literals = static_cast<std::size_t>(
            std::count_if(pattern.begin(), pattern.end(), [](auto s) { return !is_param(s); }));
        if (literals < literal_hits) break;  // a more general pattern than one that fitted
        literal_hits = literals;
        match.allow += (match.allow.empty() ? "" : ", ") + std::string(route->method);
        if (route->method == "GET") match.allow += ", HEAD";
        if (route->method != wanted) continue;
        match.route = route;
        for (std::size_t i = 0; i < pattern.size(); ++i) {
            if (is_param(pattern[i]))
                match.params.emplace_back(pattern[i].substr(1, pattern[i].size() - 2), std::string(segments[i]));
        }
        return match;
    }
    return match;
}

}  // namespace firstline::http
