// The port for full text (storage.md §5 "Search"): beside the write path, fed from the feed, always rebuildable.
//
// A document is a bag of lexemes: words of public text as they are, words of internal text behind kInternalMark, who may see
// it behind kScopeMark. So one index answers agents and requesters, and the permission is a term like any other.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace firstline::app {

inline constexpr char kInternalMark = '~';
inline constexpr char kScopeMark = '@';
inline constexpr std::int64_t kNewest = std::numeric_limits<std::int64_t>::max();

// How far the index follows the feed; stored in the transaction of the documents.
struct IndexPlace {
    std::string epoch;
    std::int64_t pos = 0;
    friend bool operator==(const IndexPlace&, const IndexPlace&) = default;
};

struct SearchDocument {
    std::int64_t incident_id = 0;
    std::vector<std::string> lexemes;  // in order, repeated as the words repeat; none: the incident is gone
};

struct SearchTerm {
    std::string word;  // folded
    bool is_prefix = false;
    friend bool operator==(const SearchTerm&, const SearchTerm&) = default;
};

struct SearchRequest {
    std::vector<SearchTerm> terms;                  // all must occur; at least one
    std::optional<std::vector<std::string>> scope;  // any of these, as terms_of gives them; none: everything
    bool is_public_only = true;                     // do not look into internal text
    std::int64_t before = kNewest;                  // only smaller numbers
    std::size_t limit = 50;
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

struct SearchFound {
    std::vector<std::int64_t> ids;  // newest first
    bool is_complete = true;        // false: there may be more before `go_on_before`
    std::int64_t go_on_before = 0;
};

struct RankedHit {
    std::int64_t incident_id = 0;
    std::int64_t score = 0;  // higher is better; comparable within one answer
};

// A fresh index that replaces the old one when it is whole; dropped unfinished it leaves nothing behind.
class SearchBuild {
public:
    virtual ~SearchBuild() = default;
    virtual Status add(std::span<const SearchDocument> documents) = 0;
    virtual Status finish(const IndexPlace& place) = 0;
};

// Any thread reads; one writes. Errors: `storage.unavailable`, `storage.too_slow`.
class SearchIndex {
public:
    virtual ~SearchIndex() = default;
    // Whether this node is the one that writes; of several on one database only one is. Asked again and again.
    virtual Result<bool> is_in_charge() = 0;
    // None where nothing was written yet.
    virtual Result<std::optional<IndexPlace>> place() = 0;
    // Replaces the documents and moves the place, both or neither.
    virtual Status write(std::span<const SearchDocument> documents, const IndexPlace& place) = 0;
    virtual Result<std::unique_ptr<SearchBuild>> begin_build() = 0;

    // Newest first.
    virtual Result<SearchFound> find(const SearchRequest& request) = 0;
    // Best first among the newest few thousand hits.
    virtual Result<std::vector<RankedHit>> rank(const SearchRequest& request) = 0;
    // Those of `ids` that match; scope and limits are not looked at.
    virtual Result<std::vector<std::int64_t>> matching(const SearchRequest& request,
                                                       std::span<const std::int64_t> ids) = 0;
};

}  // namespace firstline::app
