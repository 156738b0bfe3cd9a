// The import ended at ten moments, by a store that stops under it, and begun again each time: the same report.
#include <atomic>
#include <random>
#include <thread>

#include "import/import_support.hpp"

namespace firstline::import_test {
namespace {

constexpr int kEnds = 10;
constexpr std::int64_t kRowsMax = 290;  // of 298
constexpr std::uint64_t kSeed = 20'160'229;

// Gives the rows of another source; at one of them, the store stops.
class EndingSource final : public app::imports::RowSource {
public:
    EndingSource(app::imports::RowSource& inner, std::int64_t rows, std::function<void()> end)
        : inner_(inner), rows_(rows), end_(std::move(end)) {}
    [[nodiscard]] const std::vector<std::string>& columns() const override { return inner_.columns(); }
    Result<bool> next(app::imports::SourceRow& row) override {
        if (rows_-- == 0) end_();
        return inner_.next(row);
    }

private:
    app::imports::RowSource& inner_;
    std::int64_t rows_;
    std::function<void()> end_;
};

class Ended : public ImportTest {};
INSTANTIATE_TEST_SUITE_P(Engines, Ended, testing::ValuesIn(engines()), engine_name);

TEST_P(Ended, AtTenMomentsAndRepeatedGivesTheSame) {
    // Fifty copies of the excerpt, so that several chunks are under way.
    const std::string excerpt = text_of(in_source("examples/import/incident_event_log_excerpt.csv"));
    const auto body = excerpt.find('\n') + 1;
    std::string table = excerpt.substr(0, body);
    for (int copy = 0; copy < 50; ++copy) {
        for (std::size_t at = body; at < excerpt.size();) {
            const auto end = excerpt.find('\n', at);
            table += "C" + std::to_string(copy) + excerpt.substr(at, end + 1 - at);
            at = end + 1;
        }
    }
    std::mt19937_64 random(kSeed);
    std::uniform_int_distribution<std::int64_t> moment(1'000, 50 * kRowsMax);
    int ended = 0;
    for (int i = 0; i < kEnds; ++i) {
        auto csv = intake::table::Csv::open(memory_of(table), {});
        ASSERT_TRUE(csv);
        std::thread stopper;
        EndingSource source(**csv, moment(random), [&] { stopper = std::thread([&] { desk_.store().stop(); }); });
        const auto report =
            app::imports::import_incident_log(desk_.tools(), Desk::administrator(), source, built_in(), {});
        ended += report ? 0 : 1;
        if (stopper.joinable()) stopper.join();
        desk_.close();
        desk_.open();
    }
    EXPECT_GT(ended, kEnds / 2);
    const auto last = desk_.import(memory_of(table), built_in());
    EXPECT_EQ(last.incidents_made + last.incidents_there, 50 * 55);
    const auto report = desk_.overview();
    EXPECT_EQ(report.at("import").at("rows").to_number<int>(), 50 * 298);
    EXPECT_EQ(report.at("import").at("rows_not_understood").to_number<int>(), 50 * 5);

    Desk undisturbed(GetParam().make());
    undisturbed.import(memory_of(table), built_in());
    EXPECT_EQ(canonical(report), canonical(undisturbed.overview()));
}

}  // namespace
}  // namespace firstline::import_test
