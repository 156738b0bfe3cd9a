// The change feed of this node (storage.md §5): one reader thread follows the store and keeps the newest entries in a ring;
// whoever follows the feed keeps a position of their own and pulls from it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/port/store.hpp"

namespace firstline::app {

// An entry as the feed hands it on; texts are not part of it.
struct FeedEntry {
    std::int64_t pos = 0;
    std::string subject;
    std::int64_t subject_id = 0;
    std::int64_t seq = 0;
    Instant at{};
    Instant recorded_at{};
    std::string kind;
    bool is_public = false;
    std::string data;
    std::string scope_before, scope_after;
    std::string hash;

    [[nodiscard]] bool is_incident() const { return subject == "incident"; }
};
using FeedEntryPtr = std::shared_ptr<const FeedEntry>;

class Feed {
public:
    struct Options {
        std::size_t ring_max = 10'000;
        std::size_t read_max = 1'000;  // entries a read
    };
    explicit Feed(Store& store) : Feed(store, Options{}) {}
    Feed(Store& store, Options options) : store_(store), options_(options) {}
    ~Feed() { stop(); }
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

    // Reads where the feed stands and starts the thread. Once. Error: the store's.
    Status start();
    // Waiters return; nothing is read any more.
    void stop();

    // The newest position that the reader has seen.
    [[nodiscard]] std::int64_t head() const;
    // Entries after `pos` in order, at most `limit`: from the ring where it reaches back that far, else from the store.
    // Not within a read of the store. Error: the store's.
    [[nodiscard]] Result<std::vector<FeedEntryPtr>> after(std::int64_t pos, std::size_t limit) const;
    // Until something follows `pos`, the time is over, or the feed stops. True when something follows.
    bool wait(std::int64_t pos, int timeout_ms) const;

    // Called on the feed's thread after each advance: be quick, do not call back into the feed's listeners.
    int add_listener(std::function<void()> advanced);
    // The listener is not running and will not be called again when this returns.
    void remove_listener(int id);

private:
    void run();
    Status read_on();

    Store& store_;
    const Options options_;
    mutable std::mutex mutex_;
    mutable std::condition_variable advanced_;
    std::deque<FeedEntryPtr> ring_;
    std::int64_t floor_ = 0;  // the ring holds everything after this position
    std::int64_t head_ = 0;
    bool is_stopping_ = false;
    std::mutex listeners_mutex_;
    std::map<int, std::function<void()>> listeners_;
    int next_listener_ = 1;
    std::thread thread_;
};

// Entries straight from the store, for readers that have a snapshot of their own.
[[nodiscard]] Result<std::vector<FeedEntryPtr>> read_feed(Reader& reader, std::int64_t pos, std::size_t limit);
// The newest position of the store.
[[nodiscard]] Result<std::int64_t> read_feed_head(Reader& reader);

}  // namespace firstline::app
