// `verify` on a desk with a life behind it, and on the same desk after somebody laid hands on the file (storage.md §5).
#include "app/verify/verify.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "app/feed/anchors.hpp"
#include "app/test_desk.hpp"
#include "base/crypto.hpp"

namespace firstline::test {
namespace {

using namespace app;
using namespace domain;

// Whether `what` was found at `where`; a name of the first finding where not.
testing::AssertionResult found(const VerifyReport& report, const std::string& what, const std::string& where) {
    for (const Finding& finding : report.findings) {
        if (finding.what == what && finding.where == where) return testing::AssertionSuccess();
    }
    auto out = testing::AssertionFailure() << what << " at " << where << " is not among the findings:";
    for (const Finding& finding : report.findings)
        out << "\n  " << finding.what << " at " << finding.where << ": " << finding.detail;
    return out;
}

class VerifyTest : public OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (IsSkipped()) return;
        first_ = desk().log("ida", "Mail does not arrive", "Since this morning");
        desk().act("anna", first_, Action::triage, [](ActionRequest& request) {
            request.input.impact = 2;
            request.input.urgency = 1;
        });
        desk().act("anna", first_, Action::start);
        desk().note("anna", first_, "the quota is full");
        desk().reply("anna", first_, "We are on it");
        desk().reply("ida", first_, "Thank you, my password is hunter2");
        second_ = desk().log("anna", "Printer jams", "", [](LogRequest& request) { request.team = "network"; });
        for (int i = 0; i < 6; ++i) desk().note("bo", second_, "looked again " + std::to_string(i));
        third_ = desk().log("olle", "No sound");
        anchor();
    }

    void anchor() {
        Feed feed(desk().store());
        ASSERT_TRUE(feed.start());
        AnchorJob job(desk().store(), feed, desk().clock(),
                      {.entries_max = 7, .written = [&](const Anchor& one) { anchors_.push_back(one); }});
        ASSERT_TRUE(job.run_once());
        feed.stop();
    }

    VerifyReport verified(std::int64_t slice = 1'000, std::optional<KeptAnchor> kept = {}) {
        VerifyOptions options;
        options.slice = slice;
        options.kept = std::move(kept);
        options.progress = [&](const VerifyProgress& progress) {
            EXPECT_GE(progress.done, last_progress_.done);
            EXPECT_LE(progress.done, progress.total);
            last_progress_ = progress;
        };
        last_progress_ = {};
        auto report = verify(desk().store(), options);
        EXPECT_TRUE(report) << report.error().detail;
        return std::move(*report);
    }
    static std::string number(std::int64_t id) { return "INC-" + std::to_string(id); }

    std::int64_t first_ = 0, second_ = 0, third_ = 0;
    std::vector<Anchor> anchors_;
    VerifyProgress last_progress_;
};

TEST_P(VerifyTest, CleanHoweverItIsSliced) {
    const VerifyReport whole = verified();
    EXPECT_TRUE(whole.is_clean()) << whole.findings.front().what << " " << whole.findings.front().where
                                  << whole.findings.front().detail;
    EXPECT_EQ(whole.incidents, 3);
    EXPECT_EQ(whole.chains, 4);  // three incidents and the desk
    EXPECT_GE(whole.anchors, 2);
    EXPECT_EQ(whole.anchored_entries, whole.entries);
    EXPECT_GT(whole.texts, 8);
    EXPECT_EQ(last_progress_.done, last_progress_.total);
    for (const std::int64_t slice : {1, 2, 3, 5}) {
        const VerifyReport sliced = verified(slice);
        EXPECT_TRUE(sliced.is_clean()) << "slice " << slice << ": " << sliced.findings.front().what << " "
                                       << sliced.findings.front().where;
        EXPECT_EQ(sliced.entries, whole.entries);
        EXPECT_EQ(sliced.incidents, whole.incidents);
        EXPECT_EQ(sliced.texts, whole.texts);
    }
}

TEST_P(VerifyTest, ARedactedTextIsNoFinding) {
    desk().redact(first_, 7, "text", false);
    desk().redact(first_, 1, "description", true);
    const VerifyReport report = verified(2);
    EXPECT_TRUE(report.is_clean()) << report.findings.front().what << " " << report.findings.front().detail;
    EXPECT_EQ(report.redacted_texts, 2);
}

TEST_P(VerifyTest, AnAnchorKeptElsewhere) {
    const Anchor& kept = anchors_.front();
    EXPECT_TRUE(verified(1'000, KeptAnchor{kept.n, kept.hash}).is_clean());
    const auto other = parse_kept_anchor("1:" + std::string(64, '0'));
    ASSERT_TRUE(other);
    EXPECT_TRUE(found(verified(1'000, *other), "anchor.not_as_kept", "anchor 1"));
    EXPECT_TRUE(found(verified(1'000, KeptAnchor{99, kept.hash}), "anchor.not_as_kept", "anchor 99"));
    for (const char* text : {"", "1", "1:", "x:", "1:zz", "0:aa", "-1:aa"})
        EXPECT_EQ(parse_kept_anchor(text).error().code, "verify.anchor_malformed") << text;
}

INSTANTIATE_TEST_SUITE_P(Engines, VerifyTest, testing::Values(Engine::sqlite, Engine::postgres), engine_name);

// Hands on the file: each is found, and found where it was done.
class TamperTest : public VerifyTest {
protected:
    void tamper(const std::vector<std::string>& statements) {
        desk().tamper([&](const auto& run) {
            for (const std::string& sql : statements) run(sql);
        });
    }
    [[nodiscard]] std::string of(std::int64_t id, int seq) const {
        return "subject = 'incident' AND subject_id = " + std::to_string(id) + " AND seq = " + std::to_string(seq);
    }
    [[nodiscard]] std::string text_of(std::int64_t id, int seq) const {
        return "pos = (SELECT pos FROM entry WHERE " + of(id, seq) + ")";
    }
};

TEST_P(TamperTest, EditedEntry) {
    tamper({"UPDATE entry SET data = replace(data, '\"impact\",null,2', '\"impact\",null,3') WHERE " + of(first_, 2)});
    const auto report = verified(3);
    EXPECT_TRUE(found(report, "entry.altered", number(first_) + " seq 2"));
    EXPECT_TRUE(found(report, "incident.differs", number(first_)));
}

TEST_P(TamperTest, EditedActorTimeOrVisibility) {
    for (const char* change : {"actor_id = 2", "at = at + 1", "public = 1", "kind = 'edit'"}) {
        tamper({"UPDATE entry SET " + std::string(change) + " WHERE " + of(first_, 5)});
        EXPECT_TRUE(found(verified(), "entry.altered", number(first_) + " seq 5")) << change;
    }
}

TEST_P(TamperTest, RehashedEntryBreaksTheAnchor) {
    // Whoever recomputes a chain's last hash is caught by the anchor.
    tamper({"UPDATE entry SET hash = zeroblob(32) WHERE " + of(third_, 1)});
    const auto report = verified();
    EXPECT_TRUE(found(report, "entry.altered", number(third_) + " seq 1"));
    EXPECT_TRUE(found(report, "anchor.altered", "anchor " + std::to_string(anchors_.back().n)));
}

TEST_P(TamperTest, EditedText) {
    tamper({"UPDATE entry_text SET text = 'all is well' WHERE field = 'text' AND " + text_of(first_, 5)});
    const auto report = verified(2);
    EXPECT_TRUE(found(report, "text.altered", number(first_) + " seq 5"));
    EXPECT_EQ(report.findings_count, 1);
}

TEST_P(TamperTest, RemovedText) {
    tamper({"DELETE FROM entry_text WHERE field = 'text' AND " + text_of(first_, 5)});
    EXPECT_TRUE(found(verified(), "text.missing", number(first_) + " seq 5"));
}

TEST_P(TamperTest, AddedText) {
    tamper({"INSERT INTO entry_text SELECT pos, 'more', x'00', 'never said' FROM entry WHERE " + of(first_, 3)});
    EXPECT_TRUE(found(verified(), "text.unexpected", number(first_) + " seq 3"));
}

TEST_P(TamperTest, RemovedEntry) {
    tamper({"DELETE FROM entry WHERE " + of(first_, 5)});
    const auto report = verified(2);
    EXPECT_TRUE(found(report, "entry.missing", number(first_) + " seq 5"));
    const bool is_anchor_short = std::any_of(report.findings.begin(), report.findings.end(),
                                             [](const Finding& one) { return one.what == "anchor.entries_missing"; });
    EXPECT_TRUE(is_anchor_short);
}

TEST_P(TamperTest, RemovedLastEntry) {
    tamper({"DELETE FROM entry WHERE " + of(second_, 8)});
    EXPECT_TRUE(found(verified(), "incident.differs", number(second_)));
}

TEST_P(TamperTest, RemovedIncidentWithItsTimeline) {
    const std::string id = std::to_string(second_);
    tamper({"DELETE FROM entry_text WHERE pos IN (SELECT pos FROM entry WHERE subject = 'incident' AND subject_id = " +
                id + ")",
            "DELETE FROM entry WHERE subject = 'incident' AND subject_id = " + id,
            "DELETE FROM incident_text WHERE incident_id = " + id, "DELETE FROM incident WHERE id = " + id});
    const auto report = verified(3);
    ASSERT_FALSE(report.is_clean());
    for (const Finding& finding : report.findings) EXPECT_EQ(finding.what, "anchor.entries_missing") << finding.where;
}

TEST_P(TamperTest, RemovedIncidentAlone) {
    tamper({"DELETE FROM incident WHERE id = " + std::to_string(second_)});
    EXPECT_TRUE(found(verified(2), "timeline.without_incident", number(second_)));
}

TEST_P(TamperTest, IncidentWithoutTimeline) {
    for (const std::int64_t id : {first_, third_})
        tamper({"DELETE FROM entry WHERE subject = 'incident' AND subject_id = " + std::to_string(id)});
    for (const std::int64_t slice : {1, 2, 1'000}) {
        const auto report = verified(slice);
        EXPECT_TRUE(found(report, "incident.without_timeline", number(first_))) << slice;
        EXPECT_TRUE(found(report, "incident.without_timeline", number(third_))) << slice;
        EXPECT_EQ(report.incidents, 3);
    }
}

TEST_P(TamperTest, ChangedRow) {
    for (const char* change :
         {"state = 'closed', is_open = 0", "priority = 'P5'", "title = 'Nothing'", "is_open = 0", "requester_id = 5",
          "public_version = public_version + 1", "created_at = created_at - 1"}) {
        tamper({"UPDATE incident SET " + std::string(change) + " WHERE id = " + std::to_string(first_)});
        EXPECT_TRUE(found(verified(), "incident.differs", number(first_))) << change;
    }
    tamper({"UPDATE incident_text SET description = 'Since ever' WHERE incident_id = " + std::to_string(first_)});
    EXPECT_TRUE(found(verified(), "incident.differs", number(first_)));
}

TEST_P(TamperTest, ChangedAnchor) {
    tamper({"UPDATE anchor SET hash = zeroblob(32) WHERE n = 2"});
    EXPECT_TRUE(found(verified(), "anchor.altered", "anchor 2"));
}

TEST_P(TamperTest, ShortenedAndRemovedAnchors) {
    tamper({"UPDATE anchor SET count = count - 1 WHERE n = 1"});
    EXPECT_TRUE(found(verified(), "anchor.entries_added", "anchor 1"));
    tamper({"DELETE FROM anchor WHERE n = 1"});
    EXPECT_TRUE(found(verified(), "anchor.missing", "anchor 1"));
}

INSTANTIATE_TEST_SUITE_P(Engines, TamperTest, testing::Values(Engine::sqlite), engine_name);

}  // namespace
}  // namespace firstline::test
