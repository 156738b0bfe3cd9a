// Full text on SQLite: DIR/search.db, an FTS5 file of its own with its own writer and readers (storage.md §5 "Search").
// It follows the database and can be rebuilt from it; a backup leaves it out.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/search/search_index.hpp"
#include "storage/sqlite/options.hpp"
#include "storage/sqlite/read/gate.hpp"
#include "storage/sqlite/write/log_keeper.hpp"

namespace firstline::storage::search {

class SqliteSearch final : public app::SearchIndex {
public:
    struct Options {
        std::string directory;        // of the store, whose lock keeps other processes out
        std::size_t readers_max = 4;  // searches at once; others wait
        std::int64_t ranked_max = 3'000;
    };
    // Makes the file where it is missing, is of another format or damaged. Error `storage.unavailable`.
    [[nodiscard]] static Result<std::unique_ptr<SqliteSearch>> open(Options options);
    ~SqliteSearch() override;
    SqliteSearch(const SqliteSearch&) = delete;
    SqliteSearch& operator=(const SqliteSearch&) = delete;

    Result<bool> is_in_charge() override { return true; }
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
    explicit SqliteSearch(Options options);
    [[nodiscard]] std::string path() const { return options_.directory + "/search.db"; }
    Status open_writer();
    // The finished file takes the old one's place.
    Status swap_in(const std::string& built);
    Result<Lease> lease();
    void give_back(std::unique_ptr<sqlite::Connection> connection);

    const Options options_;
    sqlite::Options log_options_;
    sqlite::ReadGate gate_;
    sqlite::LogKeeper log_keeper_;
    std::mutex writing_;
    std::unique_ptr<sqlite::Connection> writer_;  // under writing_
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<sqlite::Connection>> idle_;
    std::size_t count_ = 0;
};

}  // namespace firstline::storage::search
