// report.overview, verify, reindex, backup
#include "app/reports/overview.hpp"
#include "app/search/indexer.hpp"
#include "app/verify/verify.hpp"
#include "base/crypto.hpp"
#include "server/admin/table.hpp"

namespace firstline::server::admin {
namespace {

constexpr std::chrono::seconds kInChargeWait{10};
constexpr std::chrono::milliseconds kPoll{50};

// "12:9f…", as `verify --anchor` takes it; "" where nothing is anchored yet.
Result<std::string> last_anchor(Node& node) {
    std::string out;
    CHECK_OK(node.store().read([&](app::Reader& reader) {
        return reader.query("store.last_anchor", {}, [&](const app::Row& row) {
            out = std::to_string(row.integer(0)) + ":" + to_hex(row.bytes(2));
            return false;
        });
    }));
    return out;
}

}  // namespace

Result<json::object> report_overview(Call& call) {
    CHECK_OK(call.args.check());
    TRY(const auto overview, app::reports::overview(call.node.store()));
    boost::system::error_code broken;
    json::value value = json::parse(app::reports::to_json(overview), broken);
    if (broken || !value.is_object())
        return fail(ErrorKind::internal, "report.malformed", "The report could not be written.");
    return std::move(value.as_object());
}

Result<json::object> verify(Call& call) {
    app::VerifyOptions options;
    const auto kept = call.args.maybe_text("anchor");
    CHECK_OK(call.args.check());
    if (kept) {
        TRY(options.kept, app::parse_kept_anchor(*kept));
    }
    options.progress = [&](const app::VerifyProgress& at) { call.progress("Verifying", at.done, at.total); };
    TRY(const app::VerifyReport report, app::verify(call.node.store(), options));
    TRY(const std::string last, last_anchor(call.node));
    json::array findings;
    for (const app::Finding& finding : report.findings) {
        findings.emplace_back(
            json::object{{"what", finding.what}, {"where", finding.where}, {"detail", finding.detail}});
    }
    return json::object{{"clean", report.is_clean()},
                        {"chains", report.chains},
                        {"entries", report.entries},
                        {"texts", report.texts},
                        {"incidents", report.incidents},
                        {"anchors", report.anchors},
                        {"anchored_entries", report.anchored_entries},
                        {"redacted_texts", report.redacted_texts},
                        {"last_anchor", last.empty() ? json::value(nullptr) : json::value(last)},
                        {"findings_count", report.findings_count},
                        {"findings", std::move(findings)}};
}

// The indexer of this node does it: it alone may write to the index, and follows the feed again afterwards.
Result<json::object> reindex(Call& call) {
    CHECK_OK(call.args.check());
    app::Indexer& indexer = call.node.indexer();
    const auto until = std::chrono::steady_clock::now() + kInChargeWait;
    const auto count_incidents = [&]() -> Result<std::int64_t> {
        std::int64_t count = 0;
        CHECK_OK(call.node.store().read([&](app::Reader& reader) {
            return reader.query("demo.counts", {}, [&](const app::Row& row) {
                count = row.integer(0);
                return false;
            });
        }));
        return count;
    };
    while (indexer.position() < 0) {
        // On SQLite this node alone has the index: it is building it just now.
        if (call.node.location().is_postgres() && std::chrono::steady_clock::now() > until) {
            return fail(ErrorKind::unavailable, "search.elsewhere",
                        "Another node keeps the search index of this desk: stop it, or wait, and try again.");
        }
        std::this_thread::sleep_for(kPoll);
        TRY([[maybe_unused]] const std::int64_t still_there, count_incidents());
    }
    TRY(const std::int64_t incidents, count_incidents());
    const std::uint64_t before = indexer.documents();
    const auto written = [&] { return static_cast<std::int64_t>(indexer.documents() - before); };
    indexer.ask_for_reindex();
    while (written() < incidents) {
        std::this_thread::sleep_for(kPoll);
        call.progress("Indexing", 0, 0);
        TRY([[maybe_unused]] const std::int64_t still_there, count_incidents());  // fails once the node stops
    }
    return json::object{{"incidents", incidents}};
}

Result<json::object> back_up(Call& call) {
    const std::string directory = call.args.needed_text("directory");
    CHECK_OK(call.args.check());
    TRY(const std::string target, call.node.back_up(directory));
    return json::object{{"directory", target}};
}

}  // namespace firstline::server::admin
