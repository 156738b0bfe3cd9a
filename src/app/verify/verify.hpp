// Proves the timelines (storage.md §5): walks every chain and every anchor, compares each incident with the fold of its
// entries, and says what does not fit. It reads in slices, so that it may run beside a busy desk.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/port/store.hpp"

namespace firstline::app {

struct Finding {
    std::string what;    // stable: entry.altered, entry.missing, incident.differs, anchor.entries_missing, …
    std::string where;   // "INC-7 seq 3", "anchor 12"
    std::string detail;  // one sentence for a person, without anybody's text
};

// An anchor kept elsewhere.
struct KeptAnchor {
    std::int64_t n = 0;
    std::string hash;  // 32 bytes
};
// "12:9f…": number and 64 hex digits. Error `verify.anchor_malformed`.
[[nodiscard]] Result<KeptAnchor> parse_kept_anchor(std::string_view text);

struct VerifyProgress {
    std::int64_t done = 0, total = 0;  // entries, each counted twice: in its chain and under its anchor
};

struct VerifyOptions {
    std::int64_t slice = 1'000;        // entries a read
    std::size_t findings_max = 1'000;  // more are counted only
    std::optional<KeptAnchor> kept{};
    std::function<void(const VerifyProgress&)> progress = [](const VerifyProgress&) {};
};

struct VerifyReport {
    std::int64_t chains = 0, entries = 0, texts = 0, incidents = 0, anchors = 0;
    std::int64_t anchored_entries = 0;
    std::int64_t redacted_texts = 0;  // missing as their timelines say
    std::int64_t findings_count = 0;
    std::vector<Finding> findings;
    [[nodiscard]] bool is_clean() const { return findings_count == 0; }
};

// What was written while it ran may be left out, never reported falsely. Errors: the store's; a finding is no error.
[[nodiscard]] Result<VerifyReport> verify(Store& store, const VerifyOptions& options);

}  // namespace firstline::app
