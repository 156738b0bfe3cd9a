#include "app/feed/feed.hpp"

#include <algorithm>
#include <chrono>

namespace firstline::app {
namespace {

constexpr int kWaitMs = 200;  // also how long a stop may take
constexpr std::chrono::milliseconds kAfterFailure{200};

}  // namespace

Result<std::vector<FeedEntryPtr>> read_feed(Reader& reader, std::int64_t pos, std::size_t limit) {
    std::vector<FeedEntryPtr> out;
    CHECK_OK(reader.query("feed.after", {pos, static_cast<std::int64_t>(limit)}, [&](const Row& row) {
        auto entry = std::make_shared<FeedEntry>();
        entry->pos = row.integer(0);
        entry->subject = row.text(1);
        entry->subject_id = row.integer(2);
        entry->seq = row.integer(3);
        entry->at = row.instant(4);
        entry->recorded_at = row.instant(5);
        entry->kind = row.text(6);
        entry->is_public = row.flag(7);
        entry->data = row.text(8);
        entry->scope_before = row.text(9);
        entry->scope_after = row.text(10);
        entry->hash = row.bytes(11);
        out.push_back(std::move(entry));
        return true;
    }));
    return out;
}

Result<std::int64_t> read_feed_head(Reader& reader) {
    std::int64_t head = 0;
    CHECK_OK(reader.query("store.last_pos", {}, [&](const Row& row) {
        head = row.integer(0);
        return false;
    }));
    return head;
}

Status Feed::start() {
    CHECK_OK(store_.read([&](Reader& reader) -> Status {
        TRY(head_, read_feed_head(reader));
        return {};
    }));
    floor_ = head_;
    thread_ = std::thread([this] { run(); });
    return {};
}

void Feed::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    advanced_.notify_all();
    if (thread_.joinable()) thread_.join();
}

std::int64_t Feed::head() const {
    const std::lock_guard lock(mutex_);
    return head_;
}

Result<std::vector<FeedEntryPtr>> Feed::after(std::int64_t pos, std::size_t limit) const {
    std::vector<FeedEntryPtr> out;
    {
        const std::lock_guard lock(mutex_);
        if (pos >= floor_) {
            const auto first =
                std::ranges::upper_bound(ring_, pos, {}, [](const FeedEntryPtr& entry) { return entry->pos; });
            const auto count = std::min<std::size_t>(limit, static_cast<std::size_t>(ring_.end() - first));
            out.assign(first, first + static_cast<std::ptrdiff_t>(count));
            return out;
        }
    }
    CHECK_OK(store_.read([&](Reader& reader) -> Status {
        TRY(out, read_feed(reader, pos, std::min(limit, options_.read_max)));
        return {};
    }));
    return out;
}

bool Feed::wait(std::int64_t pos, int timeout_ms) const {
    std::unique_lock lock(mutex_);
    advanced_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] { return is_stopping_ || head_ > pos; });
    return head_ > pos;
}

int Feed::add_listener(std::function<void()> advanced) {
    const std::lock_guard lock(listeners_mutex_);
    listeners_.emplace(next_listener_, std::move(advanced));
    return next_listener_++;
}

void Feed::remove_listener(int id) {
    const std::lock_guard lock(listeners_mutex_);
    listeners_.erase(id);
}

void Feed::run() {
    for (;;) {
        std::int64_t head = 0;
        {
            const std::lock_guard lock(mutex_);
            if (is_stopping_) return;
            head = head_;
        }
        if (!store_.wait_for_feed(head, kWaitMs)) continue;
        if (read_on()) continue;
        // The store says itself what is wrong with it; here it is only a matter of trying again.
        std::unique_lock lock(mutex_);
        advanced_.wait_for(lock, kAfterFailure, [&] { return is_stopping_; });
    }
}

Status Feed::read_on() {
    const std::int64_t head = this->head();
    std::vector<FeedEntryPtr> entries;
    CHECK_OK(store_.read([&](Reader& reader) -> Status {
        TRY(entries, read_feed(reader, head, options_.read_max));
        return {};
    }));
    if (entries.empty()) return {};
    {
        const std::lock_guard lock(mutex_);
        head_ = entries.back()->pos;
        for (auto& entry : entries) ring_.push_back(std::move(entry));
        while (ring_.size() > options_.ring_max) {
            floor_ = ring_.front()->pos;
            ring_.pop_front();
        }
    }
    advanced_.notify_all();
    const std::lock_guard lock(listeners_mutex_);
    for (const auto& [id, listener] : listeners_) listener();
    return {};
}

}  // namespace firstline::app
