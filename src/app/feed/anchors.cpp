#include "app/feed/anchors.hpp"

#include <future>

namespace firstline::app {

AnchorHash::AnchorHash(std::string_view hash_before, std::int64_t pos_from, std::int64_t pos_to, std::int64_t count) {
    stream_.add(hash_before);
    stream_.add(std::to_string(pos_from) + ":" + std::to_string(pos_to) + ":" + std::to_string(count) + ":");
}

AnchorJob::AnchorJob(Store& store, Feed& feed, const Clock& clock, Options options)
    : store_(store), feed_(feed), clock_(clock), options_(std::move(options)) {}

void AnchorJob::start() {
    listener_ = feed_.add_listener([this] {
        const std::lock_guard lock(mutex_);
        has_advanced_ = true;
        wake_.notify_one();
    });
    thread_ = std::thread([this] { run(); });
}

void AnchorJob::stop() {
    if (listener_ != 0) feed_.remove_listener(listener_);
    listener_ = 0;
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void AnchorJob::run() {
    auto next = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        lock.unlock();
        static_cast<void>(run_once());  // what fails now is anchored a second later
        lock.lock();
        next += options_.every;
        const auto now = std::chrono::steady_clock::now();
        if (next < now) next = now;
        const auto is_due = [&] {
            if (is_stopping_) return true;
            if (!has_advanced_) return false;
            has_advanced_ = false;
            return last_ && feed_.head() - last_->pos_to >= options_.entries_max;
        };
        wake_.wait_until(lock, next, is_due);
    }
}

Status AnchorJob::load_last() {
    Anchor last;
    CHECK_OK(store_.read([&](Reader& reader) {
        return reader.query("store.last_anchor", {}, [&](const Row& row) {
            last.n = row.integer(0);
            last.pos_to = row.integer(1);
            last.hash = row.bytes(2);
            return false;
        });
    }));
    last_ = std::move(last);
    return {};
}

Result<int> AnchorJob::run_once() {
    if (!last_) CHECK_OK(load_last());
    int written = 0;
    const std::int64_t until = feed_.head();
    while (last_->pos_to < until) {
        TRY(const bool is_ours, write_next(until));
        if (is_ours) {
            ++written;
        } else {
            CHECK_OK(load_last());
        }
        const std::lock_guard lock(mutex_);
        if (is_stopping_) break;
    }
    return written;
}

// False when another node has written this one.
Result<bool> AnchorJob::write_next(std::int64_t until) {
    Anchor next{.n = last_->n + 1, .pos_from = last_->pos_to + 1, .pos_to = 0, .count = 0, .hash = {}};
    TRY(auto entries, feed_.after(last_->pos_to, static_cast<std::size_t>(options_.entries_max)));
    while (!entries.empty() && entries.back()->pos > until) entries.pop_back();
    if (entries.empty()) return fail(ErrorKind::internal, "feed.gone", "Entries that the feed told of are not there.");
    next.pos_to = entries.back()->pos;
    next.count = static_cast<std::int64_t>(entries.size());
    AnchorHash hash(last_->hash, next.pos_from, next.pos_to, next.count);
    for (const auto& entry : entries) hash.add(entry->hash);
    next.hash = hash.finish();

    Change change;
    change.writes.push_back({"anchor.insert",
                             {next.n, next.pos_from, next.pos_to, next.count, clock_.now().us, Blob{next.hash}},
                             OnConflict::stale});
    std::promise<Committed> answer;
    store_.submit(std::move(change), [&](const Committed& committed) { answer.set_value(committed); });
    const Committed committed = answer.get_future().get();
    if (committed.outcome == Outcome::stale) return false;
    if (committed.outcome != Outcome::committed) {
        return fail(ErrorKind::unavailable, "storage.unavailable",
                    "The anchor could not be written: " + committed.detail);
    }
    last_ = next;
    options_.written(next);
    return true;
}

}  // namespace firstline::app
