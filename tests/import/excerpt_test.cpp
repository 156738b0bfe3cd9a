// The committed excerpt of the event log: the report against figures computed by expected_overview.py, repeats, packed files,
// a second desk's table, rows that break the form, and what is kept on the timeline.
#include <gmock/gmock.h>

#include "app/imports/recorded.hpp"
#include "app/incidents/use_cases.hpp"
#include "app/verify/verify.hpp"
#include "import/import_support.hpp"

namespace firstline::import_test {
namespace {

const std::string kExcerpt = in_source("examples/import/incident_event_log_excerpt.csv");

class Excerpt : public ImportTest {
protected:
    static std::string expected() {
        return canonical(boost::json::parse(text_of(in_source("tests/import/expected_overview.json"))));
    }

    // The incident that came from this reference, with its timeline.
    std::vector<app::StoredEntry> timeline(const std::string& ref, domain::Incident* incident = nullptr) {
        std::vector<app::StoredEntry> entries;
        const auto status = desk_.store().read([&](app::Reader& reader) -> Status {
            std::int64_t after = 0;
            for (std::int64_t id = 1; id < 1'000 && entries.empty(); ++id) {
                std::string found;
                CHECK_OK(reader.query("origin.of_incident", {id}, [&](const app::Row& row) {
                    found = row.text(0);
                    return false;
                }));
                if (found != ref) continue;
                TRY(entries, app::load_entries(reader, domain::IncidentId{id}, after, 1'000));
                TRY(const auto stored, app::find_incident(reader, domain::IncidentId{id}));
                if (incident != nullptr) *incident = *stored;
            }
            return {};
        });
        EXPECT_TRUE(status);
        EXPECT_FALSE(entries.empty()) << ref;
        return entries;
    }

    static std::string kinds(const std::vector<app::StoredEntry>& entries) {
        std::string out;
        for (const auto& stored : entries) {
            if (!out.empty()) out += " ";
            out += domain::to_string(stored.entry.kind);
            if (stored.entry.is_inferred) out += "*";
        }
        return out;
    }
};
INSTANTIATE_TEST_SUITE_P(Engines, Excerpt, testing::ValuesIn(engines()), engine_name);

// Nobody is told of what happened years ago; what happens now is told.
TEST_P(Excerpt, NotifiesNobody) {
    const auto report = desk_.import(file_of(kExcerpt), built_in());
    ASSERT_EQ(report.incidents_made, 55);
    EXPECT_EQ(desk_.outbox_rows(), 0);
    const auto commit = [&](const auto& decide) {
        return desk_.tools().runner.run_and_wait(0, [&](app::Reader& reader) -> Result<app::Runner::Decision> {
            TRY(auto decided, decide(reader));
            return std::move(decided.change);
        });
    };
    ASSERT_TRUE(commit([&](app::Reader& reader) -> Result<app::Decided<app::IncidentAnswer>> {
        TRY(const auto desk, desk_.tools().desks.current(reader));
        app::LogRequest request;
        request.title = "Nothing prints";
        request.team = desk->teams.begin()->second.key;
        return app::log_incident(reader, desk_.tools(), Desk::administrator(), request);
    }));
    const auto after_logging = desk_.outbox_rows();
    EXPECT_GT(after_logging, 0);
    // A second import of the same file adds nothing to that either.
    static_cast<void>(desk_.import(file_of(kExcerpt), built_in()));
    EXPECT_EQ(desk_.outbox_rows(), after_logging);
}

TEST_P(Excerpt, GivesTheComputedFigures) {
    const auto report = desk_.import(file_of(kExcerpt), built_in());
    EXPECT_EQ(report.rows, 298);
    EXPECT_EQ(report.rows_not_understood, 5);
    EXPECT_EQ(report.incidents_made, 55);
    EXPECT_TRUE(report.is_complete);
    ASSERT_EQ(report.problems.size(), 5U);
    for (const auto& problem : report.problems) {
        EXPECT_EQ(problem.column, "incident_state");
        EXPECT_EQ(problem.value, "-100");
        EXPECT_GT(problem.line, 1);
    }
    EXPECT_EQ(canonical(desk_.overview()), expected());
}

TEST_P(Excerpt, ARepeatedImportChangesNothing) {
    desk_.import(file_of(kExcerpt), built_in());
    const auto again = desk_.import(file_of(kExcerpt), built_in());
    EXPECT_EQ(again.incidents_made, 0);
    EXPECT_EQ(again.incidents_there, 55);
    EXPECT_EQ(again.rows_not_understood, 5);
    EXPECT_EQ(canonical(desk_.overview()), expected());
}

TEST_P(Excerpt, AStoppedImportGoesOn) {
    int asked = 0;
    app::imports::ImportOptions options;
    options.is_stopped = [&] { return ++asked > 100; };
    const auto part = desk_.import(file_of(kExcerpt), built_in(), options);
    EXPECT_FALSE(part.is_complete);
    EXPECT_GT(part.incidents_made, 0);
    EXPECT_LT(part.incidents_made, 55);
    const auto rest = desk_.import(file_of(kExcerpt), built_in());
    EXPECT_EQ(part.incidents_made + rest.incidents_made, 55);
    EXPECT_EQ(canonical(desk_.overview()), expected());
}

TEST_P(Excerpt, EveryChainIsWholeAndEveryRowIsItsFold) {
    desk_.import(file_of(kExcerpt), built_in());
    const auto report = app::verify(desk_.store(), {});
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_EQ(report->incidents, 55);
    for (const auto& finding : report->findings)
        ADD_FAILURE() << finding.what << " " << finding.where << ": " << finding.detail;
}

TEST_P(Excerpt, ReopeningByAPersonMovesDerivedFiguresAlone) {
    desk_.import(file_of(kExcerpt), built_in());
    const auto before = desk_.overview();
    domain::Incident incident;
    timeline("INC0000045", &incident);
    ASSERT_EQ(incident.state, domain::State::closed);
    desk_.clock().set(*incident.closed_at + days(1));
    app::ActionRequest request;
    request.action = domain::Action::reopen;
    request.input.reason = "It is broken again";
    const auto done =
        desk_.tools().runner.run_and_wait(incident.id.value, [&](app::Reader& reader) -> Result<app::Runner::Decision> {
            TRY(auto decided, app::act(reader, desk_.tools(), Desk::administrator(), incident.id, request));
            return std::move(decided.change);
        });
    ASSERT_TRUE(done) << done.error().detail;
    const auto after = desk_.overview();
    EXPECT_EQ(canonical(before.at("recorded")), canonical(after.at("recorded")));
    EXPECT_EQ(canonical(before.at("import")), canonical(after.at("import")));
    const auto& derived = after.at("derived");
    const auto count = [](const boost::json::value& value, const char* name) {
        return value.at("reopens").at(name).to_number<int>();
    };
    EXPECT_EQ(count(derived, "sum"), count(before.at("derived"), "sum") + 1);
    EXPECT_EQ(count(derived, "incidents"), count(before.at("derived"), "incidents") + 1);
    EXPECT_EQ(derived.at("hours_to_resolve").at("all").at("n").to_number<int>(), 54);
}

TEST_P(Excerpt, RowsBecomeStepsAndKeepTheirWords) {
    desk_.import(file_of(kExcerpt), built_in());
    domain::Incident incident;
    const auto entries = timeline("INC0000045", &incident);
    EXPECT_EQ(kinds(entries), "log triage assign resolve note auto_close");
    EXPECT_EQ(incident.title, "Category 55 · Subcategory 170 · Symptom 72");
    EXPECT_EQ(to_rfc3339(incident.created_at), "2016-02-29T01:16:00Z");
    EXPECT_EQ(to_rfc3339(*incident.resolved_at), "2016-02-29T08:53:00Z");
    EXPECT_EQ(incident.resolution_code, domain::ResolutionCode::not_recorded);
    std::string words;
    for (const auto& text : entries.front().entry.texts) {
        if (text.field == "recorded") words = text.text;
    }
    EXPECT_THAT(words, testing::HasSubstr("opened_by: Opened by  8"));
    EXPECT_THAT(words, testing::Not(testing::HasSubstr("vendor")));
}

}  // namespace
}  // namespace firstline::import_test
