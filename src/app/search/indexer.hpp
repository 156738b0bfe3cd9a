// Keeps the full-text index behind the feed (storage.md §5 "Search"): in batches, beside the write path, and anew where the
// index belongs to another life of the database.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include "app/core/desk_cache.hpp"
#include "app/feed/feed.hpp"
#include "app/search/search_index.hpp"

namespace firstline::app {

struct ReindexProgress {
    std::int64_t incidents = 0;
    std::int64_t last_number = 0, newest_number = 0;
};
// Builds the whole index anew and puts it in the old one's place, which answers meanwhile. The number of incidents.
// One at a time; errors: the store's and the index's.
[[nodiscard]] Result<std::int64_t> reindex(Store& store, DeskCache& desks, SearchIndex& index,
                                           const std::function<bool(const ReindexProgress&)>& progress);

class Indexer {
public:
    struct Options {
        std::chrono::milliseconds gather{150};  // after the first new entry, so that a busy desk is indexed in batches
        std::size_t entries_max = 1'000;        // a batch
        std::chrono::milliseconds retry{1'000};
        std::function<void(std::string_view)> log = [](std::string_view) {};
    };
    Indexer(Store& store, Feed& feed, DeskCache& desks, SearchIndex& index, Options options);
    ~Indexer() { stop(); }
    Indexer(const Indexer&) = delete;
    Indexer& operator=(const Indexer&) = delete;

    void start();
    void stop();
    // Whoever searches finds what was committed up to here; -1 before the first batch, or where another node indexes.
    [[nodiscard]] std::int64_t position() const { return position_; }
    [[nodiscard]] std::uint64_t documents() const { return documents_; }
    // Builds anew on the indexer's thread, as soon as it is free.
    void ask_for_reindex();

private:
    void run();
    // Whether there was something to do. Not in charge counts as nothing.
    Result<bool> step();
    Status begin();
    Status build_anew();
    Status index_entries(const std::vector<FeedEntryPtr>& entries);
    Status index_organization(std::int64_t organization_id);
    Status write(const std::vector<std::int64_t>& ids, const IndexPlace& place);
    [[nodiscard]] bool is_stopping() const;
    void wait_for_news();

    Store& store_;
    Feed& feed_;
    DeskCache& desks_;
    SearchIndex& index_;
    const Options options_;
    IndexPlace place_;
    bool has_begun_ = false;
    std::atomic<std::int64_t> position_{-1};
    std::atomic<std::uint64_t> documents_{0};
    std::atomic<bool> wants_reindex_{false};
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool is_stopping_ = false;
    int listener_ = 0;
    std::thread thread_;
};

}  // namespace firstline::app
