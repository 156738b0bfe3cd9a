// How full the caller's views are, remembered for a moment: people look at them all day (storage.md §5 "Counts").
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/core/clock.hpp"
#include "app/incidents/list/list.hpp"

namespace firstline::app {

using ViewCounts = std::vector<std::pair<View, std::int64_t>>;

// Each person's counts as their last pass over the open set gave them, for at most kCountsKept of real time. Counted anew
// at once after something the person wrote themselves, after a change of configuration, and where their roles, teams or
// organization are others than those it was counted for. Any thread.
inline constexpr Duration kCountsKept = seconds(1);

class CountsCache {
public:
    explicit CountsCache(std::shared_ptr<const Clock> real_time = std::make_shared<SystemClock>())
        : real_time_(std::move(real_time)) {}

    // As count_views; costs one short query where the counts are remembered. Errors: those of count_views.
    [[nodiscard]] Result<ViewCounts> counts(Reader& reader, Toolbox& tools, const Session& session);

private:
    struct Counted {
        Instant at{};          // real time
        std::int64_t pos = 0;  // of the feed
        std::string sight;     // what decides what the person sees
        std::shared_ptr<const ViewCounts> counts;
    };
    Result<bool> still_holds(Reader& reader, const Session& session, const Counted& counted, Instant now);
    void keep(std::int64_t person, Counted counted);

    const std::shared_ptr<const Clock> real_time_;
    std::mutex mutex_;
    std::unordered_map<std::int64_t, Counted> by_person_;
};

}  // namespace firstline::app
