// firstline-bench units: (a) full units in bulk and through the queue. Both write the same rows, decided beforehand; what
// deciding costs stands apart.
#include <fmt/format.h>

#include <condition_variable>
#include <mutex>

#include "desk/bulk.hpp"
#include "desk/cast.hpp"
#include "desk/history.hpp"
#include "desk/texts.hpp"
#include "program/figures.hpp"
#include "program/parts.hpp"

namespace firstline::bench {

using namespace app;

namespace {

constexpr std::int64_t kUnits = 20'000;
constexpr std::size_t kTextBytes = 1'000;
constexpr std::size_t kUnderWay = 64;  // as many clients as that wait for their commits
constexpr std::int64_t kBulkTransaction = 5'000;

// Bounds how many changes are with the queue, as waiting clients do.
class Waiting {
public:
    void enter() {
        std::unique_lock lock(mutex_);
        left_.wait(lock, [&] { return inside_ < kUnderWay; });
        ++inside_;
    }
    void leave(const Committed& committed) {
        const std::lock_guard lock(mutex_);
        --inside_;
        if (committed.outcome != Outcome::committed && failure_.empty())
            failure_ = std::string(committed.conflict) + committed.detail + " (outcome " +
                       std::to_string(static_cast<int>(committed.outcome)) + ")";
        left_.notify_one();
    }
    Status drain() {
        std::unique_lock lock(mutex_);
        left_.wait(lock, [&] { return inside_ == 0; });
        if (failure_.empty()) return {};
        return fail(ErrorKind::unavailable, "bench.units", "A unit was not committed: " + failure_);
    }

private:
    std::mutex mutex_;
    std::condition_variable left_;
    std::size_t inside_ = 0;
    std::string failure_;
};

struct Side {
    double wall_us = 0, cpu_us = 0;
};
Side side_of(const CpuClock& clock, std::int64_t count) {
    const double per = 1e6 / static_cast<double>(count);
    return {clock.wall_seconds() * per, clock.seconds() * per};
}

Result<std::vector<Change>> decide_units(server::Node& node, const Plan& plan, const Cast& cast, std::int64_t first,
                                         std::int64_t count, const std::string& text) {
    std::vector<Change> out;
    out.reserve(static_cast<std::size_t>(count));
    const Instant now = node.tools().clock.now();
    for (std::int64_t n = 0; n < count; ++n) {
        TRY(const auto id, node.store().next_id(IdKind::incident));
        TRY(auto change, logged_unit(plan, cast, domain::IncidentId{id}, first + n, text, now));
        out.push_back(std::move(change));
    }
    return out;
}

Status write_in_bulk(const PartOptions& options, const std::vector<Change>& changes, Side& side) {
    const BulkOptions bulk_options{.is_seeding = false, .units_per_transaction = kBulkTransaction};
    TRY(const auto bulk, options.location.is_postgres() ? postgres_bulk(options.location.url, bulk_options)
                                                        : sqlite_bulk(options.location.directory, bulk_options));
    const CpuClock clock(options.postmaster);
    for (const Change& change : changes) CHECK_OK(bulk->add(change));
    CHECK_OK(bulk->finish());
    side = side_of(clock, static_cast<std::int64_t>(changes.size()));
    return {};
}

Status write_through_queue(Store& store, const PartOptions& options, std::vector<Change> changes, Side& side) {
    Waiting waiting;
    const auto count = static_cast<std::int64_t>(changes.size());
    const CpuClock clock(options.postmaster);
    for (Change& change : changes) {
        waiting.enter();
        store.submit(std::move(change), [&](const Committed& committed) { waiting.leave(committed); });
    }
    CHECK_OK(waiting.drain());
    side = side_of(clock, count);
    return {};
}

Result<std::unique_ptr<server::Node>> open_node(const PartOptions& options) {
    server::NodeOptions opening;
    opening.location = options.location;
    return server::Node::open(std::move(opening));
}

}  // namespace

Status run_units(const PartOptions& options) {
    const std::int64_t count = options.count > 0 ? options.count : std::min(kUnits, options.plan.size / 4);
    const std::string text = text_of(options.plan, 0, kTextBytes);
    std::vector<Change> for_bulk;
    Side deciding, bulk, queue;
    {
        TRY(auto node, open_node(options));
        TRY(const Cast cast, load_cast(node->tools(), options.plan));
        const CpuClock clock(0);
        TRY(for_bulk, decide_units(*node, options.plan, cast, 0, count, text));
        deciding = side_of(clock, count);
    }
    const std::size_t outbox = for_bulk.front().after_entries.size();
    print_note("a", fmt::format("a unit is a head, a text of {} bytes, {} entries, {} outbox rows, an idempotency row",
                                kTextBytes, for_bulk.front().entries.size(), outbox));
    CHECK_OK(write_in_bulk(options, for_bulk, bulk));
    {
        TRY(auto node, open_node(options));
        TRY(const Cast cast, load_cast(node->tools(), options.plan));
        TRY(auto changes, decide_units(*node, options.plan, cast, count, count, text));
        CHECK_OK(write_through_queue(node->store(), options, std::move(changes), queue));
    }
    print({"a", "unit decided", "us", deciding.wall_us, deciding.cpu_us, count});
    print({"a", "unit written in bulk", "us", bulk.wall_us, bulk.cpu_us, count});
    print({"a", "unit through the queue", "us", queue.wall_us, queue.cpu_us, count});
    print({"a", "CPU of a unit, decided and queued", "us", deciding.cpu_us + queue.cpu_us, -1, count});
    print({"a", "CPU of queue / CPU of bulk", "ratio", queue.cpu_us / bulk.cpu_us, -1, count});
    return {};
}

}  // namespace firstline::bench
