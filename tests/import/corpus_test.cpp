// The whole event log of a real desk: where the corpus is there, the report must be its figures exactly, on both engines.
#include "import/import_support.hpp"

namespace firstline::import_test {
namespace {

std::string corpus() {
    const char* folder = std::getenv("FIRSTLINE_CORPUS");
    return (folder != nullptr ? std::string(folder) : in_source("../shared")) +
           "/data/incidents/incident_event_log.csv.zst";
}

#define SKIP_WITHOUT_CORPUS() \
    if (!std::filesystem::exists(corpus())) GTEST_SKIP() << "skipped: corpus not found"

class Corpus : public ImportTest {};
INSTANTIATE_TEST_SUITE_P(Engines, Corpus, testing::ValuesIn(engines()), engine_name);

TEST_P(Corpus, GivesThePublishedFigures) {
    SKIP_WITHOUT_CORPUS();
    const auto report = desk_.import(file_of(corpus()), built_in());
    EXPECT_EQ(report.rows, 141'712);
    EXPECT_EQ(report.rows_not_understood, 5);
    EXPECT_EQ(report.incidents_made, 24'918);
    EXPECT_EQ(report.problems_count, 5);
    RecordProperty("rows_per_second", static_cast<int>(static_cast<double>(report.rows) / report.seconds));
    std::printf("  %s: %.2f s, %.0f rows/s\n", GetParam().name.c_str(), report.seconds,
                static_cast<double>(report.rows) / report.seconds);
    const auto expected = boost::json::parse(text_of(in_source("tests/import/expected_corpus.json")));
    EXPECT_EQ(canonical(desk_.overview()), canonical(expected));
}

}  // namespace
}  // namespace firstline::import_test
