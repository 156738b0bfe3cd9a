// Full text on PostgreSQL: a table of lexemes with a GIN index, written and read on connections of its own, so that neither
// indexing nor a slow search takes one from the requests (storage.md §5 "Search").
//
// GIN knows no order. So that the newest hits of a common word are found without visiting all of them, each row also carries
// the stretches of numbers that it lies in, small and large, and a search goes down stretch by stretch.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/search/search_index.hpp"
#include "storage/postgres/connection/connection.hpp"

namespace firstline::storage::search {

class PostgresSearch final : public app::SearchIndex {
public:
    struct Options {
        std::string url;
        std::size_t readers_max = 2;  // searches at once; others wait
        int search_limit_ms = 2'000;  // one statement of a search
        std::int64_t ranked_max = 1'000;
        std::size_t hits_max = 2'000;  // sorted at once; beyond, the search goes down by stretches

        // What a node takes of the server's max_connections for search: the searches, the writer.
        [[nodiscard]] std::size_t connections_needed() const { return readers_max + 1; }
    };
    // The schema must be there (the store has migrated). Error `storage.unavailable`.
    [[nodiscard]] static Result<std::unique_ptr<PostgresSearch>> open(Options options);
    PostgresSearch(const PostgresSearch&) = delete;
    PostgresSearch& operator=(const PostgresSearch&) = delete;

    Result<bool> is_in_charge() override;
    Result<std::optional<app::IndexPlace>> place() override;
    Status write(std::span<const app::SearchDocument> documents, const app::IndexPlace& place) override;
    Result<std::unique_ptr<app::SearchBuild>> begin_build() override;
    Result<app::SearchFound> find(const app::SearchRequest& request) override;
    Result<std::vector<app::RankedHit>> rank(const app::SearchRequest& request) override;
    Result<std::vector<std::int64_t>> matching(const app::SearchRequest& request,
                                               std::span<const std::int64_t> ids) override;

private:
    class Build;
    class Lease;
    class Descent;
    explicit PostgresSearch(Options options) : options_(std::move(options)) {}
    Status open_writer();
    Status put(const std::string& table, std::span<const app::SearchDocument> documents, const app::IndexPlace* place);
    Status swap_in(const app::IndexPlace& place);
    Result<Lease> lease();
    void give_back(std::unique_ptr<postgres::Connection> connection);

    const Options options_;
    std::mutex writing_;
    std::unique_ptr<postgres::Connection> writer_;  // under writing_; holds the lock of who is in charge
    bool is_in_charge_ = false;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<postgres::Connection>> idle_;
    std::size_t count_ = 0;
};

}  // namespace firstline::storage::search
