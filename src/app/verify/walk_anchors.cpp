// The chain of anchors against the hashes of the entries it covers: here a whole incident's removal shows (storage.md §5).
#include "app/feed/anchors.hpp"
#include "app/verify/walk.hpp"

namespace firstline::app::verify_parts {
namespace {

constexpr std::int64_t kAnchorsARead = 500;

std::string where(const Anchor& anchor) { return "anchor " + std::to_string(anchor.n); }

Status read_anchors(Store& store, std::int64_t after, std::vector<Anchor>& out) {
    out.clear();
    return store.read([&](Reader& reader) {
        return reader.query("verify.anchors", {after, kAnchorsARead}, [&](const Row& row) {
            out.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3), std::string(row.bytes(4))});
            return true;
        });
    });
}

void check_order(const Anchor& anchor, const Anchor& before, Report& report) {
    if (anchor.n != before.n + 1) {
        report.find(
            "anchor.missing", "anchor " + std::to_string(before.n + 1),
            "Anchors " + std::to_string(before.n + 1) + " to " + std::to_string(anchor.n - 1) + " are missing.");
        return;
    }
    if (anchor.pos_from != before.pos_to + 1 || anchor.pos_to < anchor.pos_from) {
        report.find("anchor.altered", where(anchor), "The anchor does not go on where the one before ends.");
    }
}

// Hashes the entries below an anchor, however many the row says they are.
Status check_entries(Store& store, std::int64_t slice, const Anchor& anchor, const Anchor& before, Report& report) {
    AnchorHash hash(before.hash, anchor.pos_from, anchor.pos_to, anchor.count);
    std::int64_t count = 0;
    std::int64_t pos = anchor.pos_from - 1;
    bool is_full = true;
    while (is_full) {
        std::int64_t read = 0;
        CHECK_OK(store.read([&](Reader& reader) {
            return reader.query("verify.hashes", {pos, anchor.pos_to, slice}, [&](const Row& row) {
                ++read;
                pos = row.integer(0);
                hash.add(row.bytes(1));
                return true;
            });
        }));
        count += read;
        is_full = read == slice;
        report.advance(read);
    }
    report.result.anchored_entries += count;
    const std::string range =
        "between positions " + std::to_string(anchor.pos_from) + " and " + std::to_string(anchor.pos_to);
    if (count < anchor.count) {
        report.find("anchor.entries_missing", where(anchor),
                    std::to_string(anchor.count - count) + " entries are missing " + range + ".");
    } else if (count > anchor.count) {
        report.find("anchor.entries_added", where(anchor),
                    std::to_string(count - anchor.count) + " entries were put in " + range + ".");
    } else if (hash.finish() != anchor.hash) {
        report.find("anchor.altered", where(anchor), "The anchor does not fit the entries " + range + ".");
    }
    return {};
}

}  // namespace

Status walk_anchors(Store& store, const VerifyOptions& options, Report& report) {
    Anchor before;
    bool is_kept_found = !options.kept;
    std::vector<Anchor> anchors;
    do {
        CHECK_OK(read_anchors(store, before.n, anchors));
        for (const Anchor& anchor : anchors) {
            ++report.result.anchors;
            check_order(anchor, before, report);
            // After a gap the hash before is not known; the gap itself is the finding.
            if (anchor.n == before.n + 1) CHECK_OK(check_entries(store, options.slice, anchor, before, report));
            if (options.kept && options.kept->n == anchor.n) {
                is_kept_found = true;
                if (options.kept->hash != anchor.hash) {
                    report.find("anchor.not_as_kept", where(anchor),
                                "The anchor is another one than was kept elsewhere: history was rewritten.");
                }
            }
            before = anchor;
        }
    } while (!anchors.empty());
    if (!is_kept_found) {
        report.find("anchor.not_as_kept", "anchor " + std::to_string(options.kept->n),
                    "The anchor that was kept elsewhere is not there.");
    }
    return {};
}

}  // namespace firstline::app::verify_parts
