#include "storage/postgres/connection/feed.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <utility>

#include "storage/postgres/write/batch.hpp"

namespace firstline::storage::postgres {
namespace {

constexpr std::int64_t kSkewMaxUs = 2'000'000;
constexpr std::chrono::seconds kProbeAgeMax{10};
constexpr std::chrono::minutes kBetweenDeletions{10};
// Far longer than anybody still asks what became of a transaction.
constexpr std::int64_t kBatchAgeMaxUs = std::int64_t{24} * 3'600 * 1'000'000;

struct FreeNotify {
    void operator()(PGnotify* notify) const { PQfreemem(notify); }
};

}  // namespace

Feed::Feed(std::unique_ptr<Connection> connection, Options options)
    : connection_(std::move(connection)), options_(std::move(options)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Result<std::unique_ptr<Feed>> Feed::start(std::unique_ptr<Connection> connection, Options options) {
    std::unique_ptr<Feed> feed(new Feed(std::move(connection), std::move(options)));
    if (const auto failure = feed->listen()) return fail(to_error(*failure));
    feed->probe();
    feed->thread_ = std::thread([raw = feed.get()] { raw->run(); });
    return feed;
}

std::optional<Failure> Feed::listen() {
    Reply reply = connection_->run("LISTEN " + std::string(kFeedChannel));
    if (reply.failure) return reply.failure;
    // What was committed before we listened.
    reply = connection_->run("SELECT coalesce(max(pos), 0) FROM entry");
    if (!reply.failure) advance(reply.integer(0, 0));
    return reply.failure;
}

void Feed::advance(std::int64_t pos) {
    {
        const std::lock_guard lock(mutex_);
        if (pos <= pos_) return;
        pos_ = pos;
    }
    advanced_.notify_all();
}

bool Feed::wait(std::int64_t pos, int timeout_ms) {
    std::unique_lock lock(mutex_);
    advanced_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] { return is_stopped_ || pos_ > pos; });
    return pos_ > pos;
}

bool Feed::is_healthy() const {
    return is_good_.load() && std::llabs(skew_us_.load()) <= kSkewMaxUs &&
           std::chrono::steady_clock::now() - probed_at_.load() <= kProbeAgeMax;
}

void Feed::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopped_ = true;
    }
    advanced_.notify_all();
    if (thread_.joinable()) {
        static_cast<void>(eventfd_write(wake_, 1));
        thread_.join();
    }
    if (wake_ >= 0) close(std::exchange(wake_, -1));
}

void Feed::run() {
    auto next_probe = std::chrono::steady_clock::now() + options_.probe_every;
    while (true) {
        wait_for_news();
        {
            const std::lock_guard lock(mutex_);
            if (is_stopped_) return;
        }
        if (connection_ && !connection_->is_lost()) take_notifications();
        const auto now = std::chrono::steady_clock::now();
        const bool is_lost = !connection_ || connection_->is_lost();
        if (!is_lost && now < next_probe) continue;
        if (is_lost) reconnect();
        probe();
        next_probe = std::chrono::steady_clock::now() + options_.probe_every;
        if (is_good_ && now >= next_deletion_) delete_old_batches();
    }
}

// Until the server says something, `stop`, or it is time to look.
void Feed::wait_for_news() {
    const bool is_lost = !connection_ || connection_->is_lost();
    pollfd waits[] = {{wake_, POLLIN, 0}, {is_lost ? -1 : PQsocket(connection_->raw()), POLLIN, 0}};
    constexpr int kBetweenConnectsMs = 200;
    const int probe_ms = static_cast<int>(options_.probe_every.count());
    static_cast<void>(poll(waits, 2, is_lost ? kBetweenConnectsMs : probe_ms));
}

void Feed::take_notifications() {
    if (PQconsumeInput(connection_->raw()) != 1) return;
    while (const std::unique_ptr<PGnotify, FreeNotify> news{PQnotifies(connection_->raw())}) {
        const std::string_view text = news->extra;
        std::int64_t pos = 0;
        std::from_chars(text.data(), text.data() + text.size(), pos);
        advance(pos);
    }
}

void Feed::probe() {
    if (!connection_) return;
    const std::int64_t before = options_.now_us();
    const Reply clock = connection_->run("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)");
    const std::int64_t after = options_.now_us();
    if (clock.failure) {
        is_good_ = false;
        return;
    }
    skew_us_ = clock.integer(0, 0) - (before + (after - before) / 2);
    is_good_ = options_.is_schema_good(*connection_);
    probed_at_ = std::chrono::steady_clock::now();
    take_notifications();  // those that came along with the answers
}

void Feed::reconnect() {
    is_good_ = false;
    auto opened = Connection::open(options_.connect);
    if (!opened) {
        connection_.reset();
        return;
    }
    connection_ = std::move(*opened);
    static_cast<void>(listen());
}

void Feed::delete_old_batches() {
    next_deletion_ = std::chrono::steady_clock::now() + kBetweenDeletions;
    Parameters parameters;
    parameters.add(options_.now_us() - kBatchAgeMaxUs);
    static_cast<void>(connection_->run("DELETE FROM batch WHERE at < $1", parameters));
}

}  // namespace firstline::storage::postgres
