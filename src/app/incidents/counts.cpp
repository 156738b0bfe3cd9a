#include "app/incidents/counts.hpp"

#include <optional>

namespace firstline::app {

namespace {

constexpr std::size_t kPeopleMax = 10'000;
// Entries since the count among which the person's own are looked for; beyond it counting anew costs no more.
constexpr std::int64_t kEntriesMax = 2'000;

// Whatever decides which incidents the caller sees and which views they have, in a text of its own.
std::string sight_key(const domain::Desk& desk, const domain::Caller& caller) {
    std::string out = std::to_string(desk.config_version) + "/" + domain::to_text(caller.roles) + "/" +
                      std::to_string(caller.organization.value) + (caller.organization_shares ? "+" : "-");
    for (const domain::TeamId team : caller.teams) out += "/" + std::to_string(team.value);
    return out;
}

Result<std::int64_t> feed_head(Reader& reader) {
    std::int64_t pos = 0;
    CHECK_OK(reader.query("store.last_pos", {}, [&](const Row& row) {
        pos = row.integer(0);
        return false;
    }));
    return pos;
}

}  // namespace

Result<bool> CountsCache::still_holds(Reader& reader, const Session& session, const Counted& counted, Instant now) {
    if (now < counted.at || now - counted.at >= kCountsKept) return false;
    bool holds = false;
    CHECK_OK(reader.query("list.written_after", {counted.pos, session.user().value, kEntriesMax}, [&](const Row& row) {
        holds = row.integer(0) < kEntriesMax && row.integer(1) == 0;
        return false;
    }));
    return holds;
}

Result<ViewCounts> CountsCache::counts(Reader& reader, Toolbox& tools, const Session& session) {
    TRY(const domain::DeskPtr desk, tools.desks.current(reader));
    const std::int64_t person = session.user().value;
    const Instant now = real_time_->now();
    std::string sight = sight_key(*desk, session.caller);
    std::optional<Counted> last;
    {
        const std::lock_guard lock(mutex_);
        const auto found = by_person_.find(person);
        if (found != by_person_.end() && found->second.sight == sight) last = found->second;
    }
    if (last) {
        TRY(const bool holds, still_holds(reader, session, *last, now));
        if (holds) return *last->counts;
    }
    TRY(const std::int64_t pos, feed_head(reader));
    TRY(auto counts, count_views(reader, tools, session));
    auto shared = std::make_shared<const ViewCounts>(std::move(counts));
    keep(person, {now, pos, std::move(sight), shared});
    return *shared;
}

void CountsCache::keep(std::int64_t person, Counted counted) {
    const std::lock_guard lock(mutex_);
    if (by_person_.size() >= kPeopleMax) {
        std::erase_if(by_person_, [&](const auto& one) { return counted.at - one.second.at >= kCountsKept; });
        if (by_person_.size() >= kPeopleMax) by_person_.clear();
    }
    by_person_.insert_or_assign(person, std::move(counted));
}

}  // namespace firstline::app
