#include "app/reports/overview.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "app/imports/recorded.hpp"
#include "app/reports/tally.hpp"

namespace firstline::app::reports {
namespace {

using namespace domain;
using imports::Recorded;

constexpr std::int64_t kSlice = 1'000;  // rows a read: far below the 250 ms that one may last

// In the order of the lifecycle.
constexpr std::array<std::string_view, 12> kRowStates{"new",
                                                      "assigned",
                                                      "in_progress",
                                                      "on_hold.awaiting_requester",
                                                      "on_hold.awaiting_vendor",
                                                      "on_hold.awaiting_change",
                                                      "on_hold.awaiting_problem",
                                                      "on_hold.awaiting_evidence",
                                                      "on_hold.scheduled",
                                                      "resolved",
                                                      "closed",
                                                      "canceled"};

using CountsByName = std::map<std::string, std::int64_t>;

// The names of a vocabulary in its order, those that occur.
template <class Names>
Counts in_order(const CountsByName& counts, const Names& names, bool with_zeros = false) {
    Counts out;
    for (const std::string_view name : names) {
        const auto it = counts.find(std::string(name));
        if (it != counts.end() || with_zeros) out.emplace_back(std::string(name), it == counts.end() ? 0 : it->second);
    }
    return out;
}

Counts by_frequency(const CountsByName& counts) {
    Counts out(counts.begin(), counts.end());
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    return out;
}

// Reads a keyset slice after slice; `take` gets each row and returns its key.
template <class Take>
Status read_slices(Store& store, std::string_view statement, const Take& take) {
    std::int64_t after = 0;
    for (bool is_more = true; is_more;) {
        std::int64_t count = 0;
        CHECK_OK(store.read([&](Reader& reader) {
            return reader.query(statement, {after, kSlice}, [&](const Row& row) {
                after = take(row);
                ++count;
                return true;
            });
        }));
        is_more = count == kSlice;
    }
    return {};
}

class RecordedTally {
public:
    void add(const Recorded& one) {
        events_ += one.events;
        not_understood_ += one.rows_not_understood;
        ++incidents_;
        if (!one.state.empty()) ++state_[one.state];
        for (const auto& state : one.states) ++ever_[state];
        const auto priority = parse_word<Priority>(one.priority);
        if (priority) ++priority_[one.priority];
        if (!one.contact_type.empty()) ++contact_type_[one.contact_type];
        if (!one.channel.empty()) ++channel_[one.channel];
        if (one.made_sla) ++(*one.made_sla ? made_ : missed_);
        if (!one.problem_id.empty()) {
            ++with_problem_;
            problems_.insert(one.problem_id);
        }
        problems_ever_.insert(one.problem_ids.begin(), one.problem_ids.end());
        std::optional<Duration> span;
        if (one.opened_at && one.resolved_at) span = *one.resolved_at - *one.opened_at;
        figures_.add(one.reassignment_count, one.reopen_count, span, priority);
    }

    void write(Overview& out) {
        out.rows += events_;
        out.rows_not_understood += not_understood_;
        auto& r = out.recorded;
        r.events = events_;
        r.incidents = incidents_;
        r.state = in_order(state_, Words<State>::kWords);
        r.priority = in_order(priority_, Words<Priority>::kWords, true);
        r.ever_in_state = in_order(ever_, kRowStates);
        r.figures = figures_.figures();
        r.made_sla_true = made_;
        r.made_sla_false = missed_;
        r.made_sla_share = ratio(made_, made_ + missed_);
        r.contact_type = by_frequency(contact_type_);
        r.channel = by_frequency(channel_);
        r.problems_incidents = with_problem_;
        r.problems_distinct = static_cast<std::int64_t>(problems_.size());
        r.problems_distinct_ever = static_cast<std::int64_t>(problems_ever_.size());
    }

private:
    std::int64_t events_ = 0, not_understood_ = 0, incidents_ = 0, made_ = 0, missed_ = 0, with_problem_ = 0;
    CountsByName state_, ever_, priority_, contact_type_, channel_;
    std::unordered_set<std::string> problems_, problems_ever_;
    FiguresTally figures_;
};

Status read_recorded(Store& store, Overview& out) {
    RecordedTally tally;
    bool is_readable = true;
    CHECK_OK(read_slices(store, "report.recorded", [&](const Row& row) {
        const auto recorded = imports::recorded_from_json(row.text(1));
        if (recorded) tally.add(*recorded);
        is_readable = is_readable && recorded.has_value();
        return row.integer(0);
    }));
    if (!is_readable)
        return fail(ErrorKind::internal, "origin.unreadable", "What an import recorded of an incident cannot be read.");
    tally.write(out);
    return {};
}

Status read_derived(Store& store, Overview& out) {
    FiguresTally tally;
    CHECK_OK(read_slices(store, "report.incidents", [&](const Row& row) {
        const auto priority = row.flag(2) ? parse_word<Priority>(row.text(1)) : std::nullopt;
        std::optional<Duration> span;
        if (const auto resolved_at = row.instant_or_none(6)) span = *resolved_at - row.instant(5);
        tally.add(row.integer(3), row.integer(4), span, priority);
        return row.integer(0);
    }));
    out.derived = tally.figures();
    return {};
}

}  // namespace

Result<Overview> overview(Store& store) {
    Overview out;
    CHECK_OK(store.read([&](Reader& reader) {
        return reader.query("report.stray_rows", {}, [&](const Row& row) {
            out.rows = row.integer(0);
            out.rows_not_understood = row.integer(1);
            return false;
        });
    }));
    CHECK_OK(read_recorded(store, out));
    CHECK_OK(read_derived(store, out));
    return out;
}

}  // namespace firstline::app::reports
