// firstline-bench search and visible: (e) what looking for words costs, and how soon a new incident is found.
#include <fmt/format.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#include "app/search/search_incidents.hpp"
#include "desk/cast.hpp"
#include "desk/history.hpp"
#include "desk/texts.hpp"
#include "program/figures.hpp"
#include "program/parts.hpp"

namespace firstline::bench {

using namespace app;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr std::int64_t kWarm = 10;
constexpr std::int64_t kSearches = 300;
constexpr std::int64_t kPerSecond = 1'000;
constexpr std::int64_t kCreates = 10'000;
constexpr std::int64_t kProbeEvery = 100;  // creates
constexpr std::chrono::milliseconds kLook{5};
constexpr std::chrono::seconds kPatience{30};

double ms_since(SteadyClock::time_point begun) {
    return 1e3 * std::chrono::duration<double>(SteadyClock::now() - begun).count();
}

Result<std::size_t> search_once(server::Node& node, const Session& session, const std::string& words) {
    std::size_t found = 0;
    CHECK_OK(node.store().read([&](Reader& reader) -> Status {
        SearchInput input;
        input.q = words;
        TRY(const SearchPage page, search_incidents(reader, node.tools(), node.search(), session, input));
        found = page.items.size();
        return {};
    }));
    return found;
}

Status run_word(server::Node& node, const PartOptions& options, const Session& session, std::string_view who,
                std::string_view kind, std::string_view word) {
    const std::int64_t count = options.count > 0 ? options.count : kSearches;
    std::size_t found = 0;
    for (std::int64_t n = 0; n < kWarm; ++n) {
        TRY(found, search_once(node, session, std::string(word)));
    }
    std::vector<double> wall_ms;
    const CpuClock clock(options.postmaster);
    for (std::int64_t n = 0; n < count; ++n) {
        const auto begun = SteadyClock::now();
        TRY(found, search_once(node, session, std::string(word)));
        wall_ms.push_back(ms_since(begun));
    }
    const double cpu_us = 1e6 * clock.seconds() / static_cast<double>(count);
    const std::string what = fmt::format("{} word as {}", kind, who);
    print({"e", what + ", p50", "ms", percentile(wall_ms, 50), cpu_us, count});
    print({"e", what + ", p99", "ms", percentile(wall_ms, 99), cpu_us, count});
    const bool is_absent = word == kAbsentWord;
    if (is_absent == (found == 0)) return {};
    return fail(ErrorKind::internal, "bench.search", what + " finds " + std::to_string(found));
}

Result<std::unique_ptr<server::Node>> open_node(const PartOptions& options) {
    server::NodeOptions opening;
    opening.location = options.location;
    return server::Node::open(std::move(opening));
}

struct Probe {
    std::string word;
    SteadyClock::time_point committed_at;
};

// Words that are committed and not found yet.
class Probes {
public:
    void add(std::string word) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back({std::move(word), SteadyClock::now()});
    }
    [[nodiscard]] std::optional<Probe> next() {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty()) return std::nullopt;
        Probe out = std::move(waiting_.front());
        waiting_.pop_front();
        return out;
    }

private:
    std::mutex mutex_;
    std::deque<Probe> waiting_;
};

// Open loop: each create at its own time, whatever became of the one before.
Status create_steadily(server::Node& node, const Plan& plan, const Cast& cast, std::int64_t count, Probes& probes) {
    std::atomic<std::int64_t> landed{0}, failed{0};
    const auto begun = SteadyClock::now();
    for (std::int64_t n = 0; n < count; ++n) {
        std::this_thread::sleep_until(begun + std::chrono::microseconds(n * 1'000'000 / kPerSecond));
        TRY(const auto id, node.store().next_id(IdKind::incident));
        std::string text = text_of(plan, n, 1'000);
        std::string word;
        if (n % kProbeEvery == 0) {
            word = fmt::format("probe{}x{}", id, n);
            text += " " + word;
        }
        TRY(auto change,
            logged_unit(plan, cast, domain::IncidentId{id}, 1'000'000 + n, text, node.tools().clock.now()));
        node.store().submit(std::move(change), [&, word](const Committed& committed) {
            if (committed.outcome != Outcome::committed) ++failed;
            if (!word.empty()) probes.add(word);
            ++landed;
        });
    }
    while (landed < count) std::this_thread::sleep_for(kLook);
    if (failed > 0) return fail(ErrorKind::unavailable, "bench.visible", "Creates were not committed.");
    return {};
}

}  // namespace

Status run_search(const PartOptions& options) {
    TRY(auto node, open_node(options));
    TRY(const Session agent, session_of(node->tools(), agent_key(0)));
    TRY(const Session requester, session_of(node->tools(), five_key(1)));
    for (const auto& [who, session] : {std::pair("agent", &agent), std::pair("requester", &requester)}) {
        CHECK_OK(run_word(*node, options, *session, who, "rare", kRareWord));
        CHECK_OK(run_word(*node, options, *session, who, "absent", kAbsentWord));
        CHECK_OK(run_word(*node, options, *session, who, "middling", kMiddlingWord));
        CHECK_OK(run_word(*node, options, *session, who, "common", kCommonWord));
    }
    return {};
}

Status run_visible(const PartOptions& options) {
    const std::int64_t count = options.count > 0 ? options.count : kCreates;
    TRY(auto node, open_node(options));
    TRY(const Cast cast, load_cast(node->tools(), options.plan));
    TRY(const Session agent, session_of(node->tools(), agent_key(0)));
    CHECK_OK(node->start());
    Probes probes;
    Status created;
    std::atomic<bool> is_over{false};
    const CpuClock clock(options.postmaster);
    std::thread creator([&] {
        created = create_steadily(*node, options.plan, cast, count, probes);
        is_over = true;
    });
    std::vector<double> wall_ms;
    Status looked;
    for (auto probe = probes.next(); looked && (probe || !is_over); probe = probes.next()) {
        if (!probe) {
            std::this_thread::sleep_for(kLook);
            continue;
        }
        for (bool is_found = false; looked && !is_found;) {
            const auto found = search_once(*node, agent, probe->word);
            if (!found) {
                looked = fail(found.error());
            } else if (*found > 0) {
                is_found = true;
                wall_ms.push_back(ms_since(probe->committed_at));
            } else if (SteadyClock::now() - probe->committed_at > kPatience) {
                looked = fail(ErrorKind::unavailable, "bench.visible", "A new incident is not found.");
            } else {
                std::this_thread::sleep_for(kLook);
            }
        }
    }
    creator.join();
    CHECK_OK(created);
    CHECK_OK(looked);
    const double cpu_us = 1e6 * clock.seconds() / static_cast<double>(count);
    print({"e", "found after the commit at 1,000 creates/s, p50", "ms", percentile(wall_ms, 50), cpu_us, count});
    print({"e", "found after the commit at 1,000 creates/s, slowest", "ms", percentile(wall_ms, 100), cpu_us, count});
    return {};
}

}  // namespace firstline::bench
