#include "app/verify/verify.hpp"

#include <algorithm>
#include <charconv>

#include "app/verify/walk.hpp"
#include "base/crypto.hpp"

namespace firstline::app {
namespace verify_parts {

void Report::find(std::string what, std::string where, std::string detail) {
    ++result.findings_count;
    if (result.findings.size() < options_.findings_max)
        result.findings.push_back({std::move(what), std::move(where), std::move(detail)});
}

void Report::advance(std::int64_t entries) {
    done_ += entries;
    total = std::max(total, done_);
    options_.progress({done_, total});
}

}  // namespace verify_parts

Result<KeptAnchor> parse_kept_anchor(std::string_view text) {
    KeptAnchor kept;
    const auto colon = text.find(':');
    const auto number = text.substr(0, colon);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), kept.n);
    const auto hash = colon == std::string_view::npos ? std::nullopt : from_hex(text.substr(colon + 1));
    const bool is_number = error == std::errc{} && end == number.data() + number.size() && kept.n > 0;
    if (!is_number || !hash || hash->size() != std::tuple_size_v<Sha256>) {
        return fail(ErrorKind::malformed, "verify.anchor_malformed",
                    "An anchor is written as its number, a colon and 64 hexadecimal digits.");
    }
    kept.hash = *hash;
    return kept;
}

Result<VerifyReport> verify(Store& store, const VerifyOptions& options) {
    verify_parts::Report report(options);
    std::int64_t entries = 0;
    // Counting a big desk may take longer than one read may: then the total grows with the walk.
    static_cast<void>(store.read([&](Reader& reader) {
        return reader.query("verify.count", {}, [&](const Row& row) {
            entries = row.integer(0);
            return false;
        });
    }));
    report.total = 2 * entries;
    CHECK_OK(verify_parts::walk_chains(store, options, report));
    CHECK_OK(verify_parts::walk_anchors(store, options, report));
    return std::move(report.result);
}

}  // namespace firstline::app
