// The chain of anchors over the whole feed (storage.md §5): whoever keeps one elsewhere can prove later that nothing before
// it was changed or taken away. Every second or 1,000 entries.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "app/core/clock.hpp"
#include "app/feed/feed.hpp"
#include "base/crypto.hpp"

namespace firstline::app {

struct Anchor {
    std::int64_t n = 0;                     // from 1
    std::int64_t pos_from = 0, pos_to = 0;  // both inclusive
    std::int64_t count = 0;
    std::string hash;  // 32 bytes
};

// SHA-256(previous anchor ‖ from ‖ to ‖ count ‖ entry hashes in `pos` order); numbers as decimal text, each with a colon behind.
class AnchorHash {
public:
    AnchorHash(std::string_view hash_before, std::int64_t pos_from, std::int64_t pos_to, std::int64_t count);
    void add(std::string_view entry_hash) { stream_.add(entry_hash); }
    [[nodiscard]] std::string finish() { return std::string(as_bytes(stream_.finish())); }

private:
    Sha256Stream stream_;
};

// Writes anchors for what the feed brings; every node runs one, each anchor is written by whichever is first.
class AnchorJob {
public:
    struct Options {
        std::int64_t entries_max = 1'000;  // an anchor
        std::chrono::milliseconds every{1'000};
        std::function<void(const Anchor&)> written = [](const Anchor&) {};  // on the job's thread, for the log
    };
    AnchorJob(Store& store, Feed& feed, const Clock& clock, Options options);
    ~AnchorJob() { stop(); }
    AnchorJob(const AnchorJob&) = delete;
    AnchorJob& operator=(const AnchorJob&) = delete;

    void start();
    void stop();
    // Anchors what is there now; how many anchors this node wrote. Not beside `start`. Error: the store's.
    Result<int> run_once();

private:
    void run();
    Result<bool> write_next(std::int64_t until);
    Status load_last();

    Store& store_;
    Feed& feed_;
    const Clock& clock_;
    const Options options_;
    std::optional<Anchor> last_;  // as this node knows it
    std::mutex mutex_;
    std::condition_variable wake_;
    bool is_stopping_ = false;
    bool has_advanced_ = false;
    int listener_ = 0;
    std::thread thread_;
};

}  // namespace firstline::app
