// The parts of `verify` (app/verify/verify.hpp): the walk along the chains and the walk along the anchors.
#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/incidents/record.hpp"
#include "app/verify/verify.hpp"

namespace firstline::app::verify_parts {

class Report {
public:
    explicit Report(const VerifyOptions& options) : options_(options) {}
    void find(std::string what, std::string where, std::string detail);
    void advance(std::int64_t entries);
    VerifyReport result;
    std::int64_t total = 0;

private:
    const VerifyOptions& options_;
    std::int64_t done_ = 0;
};

// A row of `entry` with its texts.
struct EntryRow {
    std::string subject;
    std::int64_t subject_id = 0, seq = 0, pos = 0;
    Instant at{}, recorded_at{};
    std::int64_t actor_id = 0;
    std::string kind;
    bool is_public = false, is_inferred = false;
    std::string data, hash;
    std::vector<EntryText> texts;
};

// One chain, entry by entry in order of `seq`.
class Chain {
public:
    Chain(const std::string& desk_id, const EntryRow& first, Report& report);
    [[nodiscard]] bool is_of(const EntryRow& row) const { return row.subject == subject_ && row.subject_id == id_; }
    [[nodiscard]] bool is_incident() const { return subject_ == "incident"; }
    [[nodiscard]] std::int64_t id() const { return id_; }
    [[nodiscard]] std::int64_t seq() const { return seq_; }
    [[nodiscard]] const std::string& subject() const { return subject_; }
    void add(const EntryRow& row);
    // After the last entry: texts that are missing without a reason.
    void finish();
    // The row must be what the timeline gives.
    void compare(const domain::Incident& stored, bool is_open, bool is_paused);
    void miss_row();

private:
    [[nodiscard]] std::string where(std::int64_t seq) const;
    void check_hash(const EntryRow& row);
    void check_texts(const EntryRow& row);
    void fold(const EntryRow& row);

    const std::string& desk_id_;
    std::string subject_;
    std::int64_t id_;
    std::int64_t seq_ = 0;
    std::string hash_;
    bool is_hash_known_ = true;
    domain::Incident incident_;
    bool is_readable_ = true;
    std::map<std::pair<std::int64_t, std::string>, bool> missing_;  // (seq, field) → taken out by a later entry
    Report& report_;
};

// Walks all chains and all incidents.
[[nodiscard]] Status walk_chains(Store& store, const VerifyOptions& options, Report& report);
// Walks all anchors.
[[nodiscard]] Status walk_anchors(Store& store, const VerifyOptions& options, Report& report);

}  // namespace firstline::app::verify_parts
