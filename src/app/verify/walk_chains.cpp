// All chains in the order of (subject, id, seq), all incidents in the order of their numbers, side by side.
#include <algorithm>
#include <deque>
#include <optional>

#include "app/incidents/workspace.hpp"
#include "app/verify/walk.hpp"

namespace firstline::app::verify_parts {

using namespace domain;

namespace {

constexpr std::int64_t kLastId = std::numeric_limits<std::int64_t>::max();

struct StoredIncident {
    Incident incident;
    bool is_open = false, is_paused = false;
};

// A slice of chains is read together with the incidents that it closes, in one snapshot: nothing moves between the two.
class ChainWalk {
public:
    ChainWalk(Store& store, const VerifyOptions& options, Report& report)
        : store_(store), slice_(options.slice), report_(report) {}

    Status run() {
        CHECK_OK(store_.read([&](Reader& reader) {
            return reader.query("store.desk", {}, [&](const Row& row) {
                desk_id_ = row.text(0);
                return false;
            });
        }));
        bool is_over = false;
        while (!is_over) {
            CHECK_OK(store_.read([&](Reader& reader) -> Status {
                TRY(is_over, read_slice(reader));
                return {};
            }));
        }
        return walk_rest();
    }

private:
    Result<bool> read_slice(Reader& reader);
    Result<std::vector<EntryRow>> read_entries(Reader& reader);
    Status close_chain(Reader& reader);
    Status load_incidents(Reader& reader, std::int64_t last_id);
    Status compare_until(Reader& reader, std::int64_t last_id, Chain* chain);
    Status walk_rest();
    void find_orphan(std::int64_t id) {
        report_.find("incident.without_timeline", to_number(IncidentId{id}), "There is an incident without any entry.");
    }

    Store& store_;
    const std::int64_t slice_;
    Report& report_;
    std::string desk_id_;
    // Where the walk stands: the last entry seen, the chain it belongs to, the last incident compared.
    std::string subject_;
    std::int64_t subject_id_ = 0, seq_ = 0;
    std::optional<Chain> chain_;
    std::int64_t incident_id_ = 0;
    // Incidents of this slice's snapshot up to `loaded_until_`, read in one go as far as the slice's chains reach.
    std::deque<StoredIncident> loaded_;
    std::int64_t loaded_until_ = 0, wanted_until_ = 0;
};

Result<std::vector<EntryRow>> ChainWalk::read_entries(Reader& reader) {
    std::vector<EntryRow> rows;
    CHECK_OK(reader.query("verify.entries", {subject_, subject_id_, seq_, slice_}, [&](const Row& row) {
        EntryRow entry;
        entry.subject = row.text(0);
        entry.subject_id = row.integer(1);
        entry.seq = row.integer(2);
        entry.pos = row.integer(3);
        entry.at = row.instant(4);
        entry.recorded_at = row.instant(5);
        entry.actor_id = row.integer(6);
        entry.kind = row.text(7);
        entry.is_public = row.flag(8);
        entry.is_inferred = row.flag(9);
        entry.data = row.text(10);
        entry.hash = row.bytes(11);
        rows.push_back(std::move(entry));
        return true;
    }));
    if (rows.empty()) return rows;
    const EntryRow& last = rows.back();
    std::unordered_map<std::int64_t, std::size_t> places;
    for (std::size_t i = 0; i < rows.size(); ++i) places.emplace(rows[i].pos, i);
    CHECK_OK(reader.query("verify.texts", {subject_, subject_id_, seq_, last.subject, last.subject_id, last.seq},
                          [&](const Row& row) {
                              const auto place = places.find(row.integer(0));
                              if (place != places.end()) {
                                  rows[place->second].texts.push_back(
                                      {std::string(row.text(1)), std::string(row.bytes(2)), std::string(row.text(3))});
                              }
                              return true;
                          }));
    return rows;
}

// True after the last entry.
Result<bool> ChainWalk::read_slice(Reader& reader) {
    TRY(const auto rows, read_entries(reader));
    loaded_.clear();
    loaded_until_ = wanted_until_ = incident_id_;
    for (const EntryRow& row : rows) {
        if (row.subject == "incident") wanted_until_ = row.subject_id;
    }
    for (const EntryRow& row : rows) {
        if (chain_ && !chain_->is_of(row)) CHECK_OK(close_chain(reader));
        if (!chain_) chain_.emplace(desk_id_, row, report_);
        chain_->add(row);
    }
    report_.advance(static_cast<std::int64_t>(rows.size()));
    if (!rows.empty()) {
        subject_ = rows.back().subject;
        subject_id_ = rows.back().subject_id;
        seq_ = rows.back().seq;
    }
    const bool is_over = static_cast<std::int64_t>(rows.size()) < slice_;
    if (is_over && chain_) CHECK_OK(close_chain(reader));
    // Numbers below the open chain's are settled in this snapshot; one that comes later has a later timeline.
    if (!is_over && chain_ && chain_->is_incident()) CHECK_OK(compare_until(reader, chain_->id() - 1, nullptr));
    return is_over;
}

Status ChainWalk::close_chain(Reader& reader) {
    chain_->finish();
    if (chain_->is_incident()) CHECK_OK(compare_until(reader, chain_->id(), &*chain_));
    chain_.reset();
    return {};
}

Status ChainWalk::load_incidents(Reader& reader, std::int64_t last_id) {
    const std::int64_t until = std::max(last_id, wanted_until_);
    std::int64_t count = 0;
    CHECK_OK(reader.query("verify.incidents", {loaded_until_, until, slice_}, [&](const Row& row) {
        ++count;
        loaded_.push_back({incident_from_row(row), row.flag(50), row.flag(51)});
        return true;
    }));
    loaded_until_ = count == slice_ ? loaded_.back().incident.id.value : until;
    return {};
}

// Incidents up to `last_id`, the last of them being that of `chain`; any other one has no timeline.
Status ChainWalk::compare_until(Reader& reader, std::int64_t last_id, Chain* chain) {
    bool has_row = false;
    while (incident_id_ < last_id) {
        if (loaded_.empty() && loaded_until_ < last_id) CHECK_OK(load_incidents(reader, last_id));
        if (loaded_.empty() || loaded_.front().incident.id.value > last_id) {
            if (!loaded_.empty() || loaded_until_ >= last_id) incident_id_ = last_id;
            continue;
        }
        const StoredIncident& stored = loaded_.front();
        incident_id_ = stored.incident.id.value;
        ++report_.result.incidents;
        if (chain != nullptr && incident_id_ == chain->id()) {
            has_row = true;
            chain->compare(stored.incident, stored.is_open, stored.is_paused);
        } else {
            find_orphan(incident_id_);
        }
        loaded_.pop_front();
    }
    if (chain != nullptr && !has_row) chain->miss_row();
    return {};
}

// Incidents behind the last chain: without a timeline, unless they came while this ran.
Status ChainWalk::walk_rest() {
    bool is_full = true;
    while (is_full) {
        CHECK_OK(store_.read([&](Reader& reader) -> Status {
            std::vector<std::int64_t> ids;
            CHECK_OK(reader.query("verify.incidents", {incident_id_, kLastId, slice_}, [&](const Row& row) {
                ids.push_back(row.integer(0));
                return true;
            }));
            is_full = static_cast<std::int64_t>(ids.size()) == slice_;
            for (const std::int64_t id : ids) {
                bool has_timeline = false;
                CHECK_OK(reader.query("verify.has_timeline", {id}, [&](const Row&) {
                    has_timeline = true;
                    return false;
                }));
                incident_id_ = id;
                if (has_timeline) continue;
                ++report_.result.incidents;
                find_orphan(id);
            }
            return {};
        }));
    }
    return {};
}

}  // namespace

Status walk_chains(Store& store, const VerifyOptions& options, Report& report) {
    return ChainWalk(store, options, report).run();
}

}  // namespace firstline::app::verify_parts
