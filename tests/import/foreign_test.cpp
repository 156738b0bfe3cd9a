// Tables of other desks with what tables really hold: other orders, zones, encodings, sizes and placeholders. Nothing of it may
// become a silent wrong figure, and each refusal says what to do. Both engines.
#include <gmock/gmock.h>
#include <malloc.h>

#include <algorithm>

#include "app/incidents/use_cases.hpp"
#include "base/text.hpp"
#include "import/import_support.hpp"

namespace firstline::import_test {
namespace {

using testing::HasSubstr;

constexpr std::string_view kEvents = R"(
source = "foreign"
title = ["What"]
[time]
format = "%d.%m.%Y %H:%M"
zone = "Europe/Berlin"
[columns]
number = "No"
state = "State"
opened_at = "Opened"
updated_at = "Updated"
team = "Team"
requester = "Caller"
[values.state]
"new" = "new"
"work" = "in_progress"
"done" = "resolved"
)";
constexpr std::string_view kEventsHead = "No,State,Opened,Updated,What,Team,Caller\n";

constexpr std::string_view kIncidents = R"(
source = "foreign"
shape = "incidents"
title = ["What"]
[time]
format = "rfc3339"
[columns]
number = "No"
state = "State"
opened_at = "Opened"
resolved_at = "Resolved"
closed_at = "Closed"
[values.state]
"new" = "new"
"done" = "resolved"
"closed" = "closed"
)";
constexpr std::string_view kIncidentsHead = "No,State,Opened,Resolved,Closed,What\n";

app::imports::Mapping mapping_of(std::string_view text) {
    auto mapping = intake::mapping::parse_mapping(text);
    if (!mapping) ADD_FAILURE() << mapping.error().detail;
    return mapping ? *mapping : app::imports::Mapping{};
}

class Foreign : public ImportTest {
protected:
    app::imports::ImportReport events(const std::string& rows, Error* error = nullptr) {
        return desk_.import(memory_of(std::string(kEventsHead) + rows), mapping_of(kEvents), {}, error);
    }
    app::imports::ImportReport incidents(const std::string& rows) {
        return desk_.import(memory_of(std::string(kIncidentsHead) + rows), mapping_of(kIncidents));
    }
    Error refused(const std::string& table) {
        Error error;
        desk_.import(memory_of(table), mapping_of(kEvents), {}, &error);
        return error;
    }
    // The incident that came from this reference.
    domain::Incident incident(const std::string& ref) {
        domain::Incident out;
        const auto status = desk_.store().read([&](app::Reader& reader) -> Status {
            for (std::int64_t id = 1; id < 2'000; ++id) {
                std::string found;
                CHECK_OK(reader.query("origin.of_incident", {id}, [&](const app::Row& row) {
                    found = row.text(0);
                    return false;
                }));
                if (found != ref) continue;
                TRY(const auto stored, app::find_incident(reader, domain::IncidentId{id}));
                if (stored) out = *stored;
                break;
            }
            return {};
        });
        EXPECT_TRUE(status);
        EXPECT_TRUE(out.id.is_set()) << ref;
        return out;
    }
    static std::string told(const app::imports::ImportReport& report) {
        std::string out;
        for (const auto& problem : report.problems)
            out += std::to_string(problem.line) + " " + problem.column + ": " + problem.reason + "\n";
        return out;
    }
};
INSTANTIATE_TEST_SUITE_P(Engines, Foreign, testing::ValuesIn(engines()), engine_name);

TEST_P(Foreign, TimesThatAreNoneAreNamed) {
    const auto report = incidents(
        "A,closed,2026-01-05T08:00:00Z,2026-01-05T09:00:00Z,0001-01-01T00:00:00Z,x\n"
        "B,closed,2026-01-05T08:00:00Z,1970-01-01T00:00:00Z,9999-12-31T23:59:59Z,x\n");
    EXPECT_THAT(told(report), HasSubstr("2 Closed: No time of a desk: it lies before 1970."));
    EXPECT_THAT(told(report), HasSubstr("3 Resolved: No time of a desk: it lies before 1970."));
    EXPECT_THAT(told(report), HasSubstr("3 Closed: It lies in the future"));
    EXPECT_EQ(report.rows_not_understood, 2);
    EXPECT_EQ(report.incidents_made, 2);
    const auto years = events("C,new,05.01.26 08:00,05.01.26 08:00,x,,\n");
    EXPECT_THAT(told(years), HasSubstr("2 Opened: No time of the form %d.%m.%Y %H:%M."));
    EXPECT_EQ(years.incidents_made, 0);
}

TEST_P(Foreign, TimesInWrongOrderAndEndsWithoutATimeAreNamed) {
    const auto report = incidents(
        "A,done,2026-01-05T08:00:00Z,2026-01-05T07:00:00Z,,x\n"
        "B,closed,2026-01-05T08:00:00Z,2026-01-05T09:00:00Z,2026-01-05T08:30:00Z,x\n"
        "C,closed,2026-01-05T08:00:00Z,,,x\n"
        "D,closed,2026-01-05T08:00:00Z,,2026-01-06T08:00:00Z,x\n");
    EXPECT_EQ(told(report),
              "2 Resolved: It lies before \"Opened\"; its step is told at that time.\n"
              "3 Closed: It lies before \"Resolved\"; its step is told at that time.\n"
              "4 State: No time says when; the step is told at the last time that the row names.\n");
    EXPECT_EQ(report.rows_not_understood, 3);
    EXPECT_EQ(to_rfc3339(*incident("D").closed_at), "2026-01-06T08:00:00Z");
}

TEST_P(Foreign, ATableWithTheNewestRowFirstIsNotToldFromItsEnd) {
    const auto report = events(
        "A,done,05.01.2026 08:00,07.01.2026 08:00,x,,\n"
        "A,work,05.01.2026 08:00,06.01.2026 08:00,x,,\n"
        "A,new,05.01.2026 08:00,05.01.2026 08:00,x,,\n"
        "B,new,05.01.2026 08:00,05.01.2026 08:00,x,,\n"
        "B,work,05.01.2026 08:00,05.01.2026 10:00,x,,\n"
        "B,work,05.01.2026 08:00,05.01.2026 09:30,x,,\n");
    EXPECT_EQ(report.incidents_made, 1);
    EXPECT_EQ(report.rows_not_understood, 3);
    EXPECT_THAT(told(report), HasSubstr("2 Updated: The rows of this incident run back in time"));
    EXPECT_THAT(told(report), testing::Not(HasSubstr("\n5 ")));
}

TEST_P(Foreign, TheSecondRowOfOneIncidentIsNamed) {
    const auto report =
        incidents("A,new,2026-01-05T08:00:00Z,,,x\nB,new,2026-01-05T08:00:00Z,,,x\nA,new,2026-01-05T08:00:00Z,,,y\n");
    EXPECT_EQ(told(report), "4 No: This is a second row of this incident; the first was taken.\n");
    EXPECT_EQ(report.incidents_made, 2);
}

TEST_P(Foreign, HoursThatTheClockChangeSkipsOrRepeats) {
    events(
        "A,new,30.03.2025 02:30,30.03.2025 02:30,skipped,,\n"
        "B,new,26.10.2025 02:30,26.10.2025 02:30,twice,,\n"
        "C,new,01.07.2025 02:30,01.07.2025 02:30,summer,,\n");
    EXPECT_EQ(to_rfc3339(incident("A").created_at), "2025-03-30T01:00:00Z");
    EXPECT_EQ(to_rfc3339(incident("B").created_at), "2025-10-26T00:30:00Z");
    EXPECT_EQ(to_rfc3339(incident("C").created_at), "2025-07-01T00:30:00Z");
}

TEST_P(Foreign, OtherScriptsAndLineBreaksInFields) {
    const auto report = events(
        "一〇一,new,05.01.2026 08:00,05.01.2026 08:00,\"プリンター\n三階\",東京サービスデスク,\"田中 太郎\"\n"
        "一〇二,new,05.01.2026 08:00,05.01.2026 08:00,x,大阪,\"佐藤\r\n花子\"\n");
    EXPECT_EQ(told(report), "");
    EXPECT_EQ(incident("一〇一").title, "プリンター 三階");
    EXPECT_NE(incident("一〇一").team, incident("一〇二").team);
    EXPECT_NE(incident("一〇一").requester, incident("一〇二").requester);
    // Found again by name, in another incident of another run.
    EXPECT_EQ(events("一〇三,new,05.01.2026 08:00,05.01.2026 08:00,x,大阪,佐藤 花子\n").incidents_made, 1);
    EXPECT_EQ(incident("一〇三").requester, incident("一〇二").requester);
    EXPECT_EQ(incident("一〇三").team, incident("一〇二").team);
}

TEST_P(Foreign, NumbersAndNamesThatAreTooLongStopNothing) {
    std::string number, name;
    for (int i = 0; i < 4'000; ++i) number += std::to_string(i);
    for (int i = 0; i < 2'000; ++i) name += "名" + std::to_string(i);
    const auto report =
        events(number + ",new,05.01.2026 08:00,05.01.2026 08:00,x,,\n" + "A,new,05.01.2026 08:00,05.01.2026 08:00,x," +
               name + "," + name + "\n" + "B,new,05.01.2026 08:00,05.01.2026 08:00," + name + ",Net,Ann\n");
    EXPECT_EQ(told(report),
              "2 No: An incident's number has at most 200 characters.\n"
              "3 Team: A name has at most 250 characters.\n"
              "3 Caller: A name has at most 250 characters.\n");
    EXPECT_EQ(report.incidents_made, 2);
    EXPECT_FALSE(incident("A").team.is_set());
    EXPECT_TRUE(incident("B").team.is_set());
    EXPECT_EQ(count_characters(incident("B").title), 250U);
}

TEST_P(Foreign, AnAtSignMakesNoAddress) {
    const std::string row = ",new,05.01.2026 08:00,05.01.2026 08:00,x,,Jon @ HQ\n";
    events("A" + row);
    events("B" + row);
    EXPECT_EQ(incident("A").requester, incident("B").requester);
    EXPECT_TRUE(incident("A").requester.is_set());
}

TEST_P(Foreign, AFieldThatIsTooLongIsLeftOutAsAWhole) {
    // A pasted table within a quoted field: none of its lines is a row.
    std::string pasted = "\"";
    while (pasted.size() < 2U * 1024 * 1024) pasted += "P,new,05.01.2026 08:00,05.01.2026 08:00,pasted,Net,Ann\n";
    const auto lines = std::count(pasted.begin(), pasted.end(), '\n');
    const auto report = events("A,new,05.01.2026 08:00,05.01.2026 08:00," + pasted + "\",\"Net\nwork\",Ann\n" +
                               "B,new,05.01.2026 08:00,05.01.2026 08:00,x,Net,Ann\n");
    EXPECT_EQ(report.incidents_made, 1);
    EXPECT_EQ(report.rows, 2);
    EXPECT_EQ(told(report), "2 : It has a field that is longer than a field may be. It goes to line " +
                                std::to_string(2 + lines + 1) + ", and nothing of it was taken.\n");
    EXPECT_EQ(incident("B").title, "x");
}

TEST_P(Foreign, AQuoteThatIsNeverClosedSaysHowMuchIsLost) {
    const std::string row = ",new,05.01.2026 08:00,05.01.2026 08:00,x,,\n";
    const auto report = events("A" + row + "B,new,05.01.2026 08:00,05.01.2026 08:00,\"x,,\n" + "C" + row + "D" + row);
    EXPECT_EQ(report.incidents_made, 1);
    EXPECT_EQ(told(report),
              "3 : A quote that opens in it is never closed. It goes to line 5, and nothing of it was taken.\n");
}

TEST_P(Foreign, WhatIsNoTableOfThisMappingIsSaidWithWhatToDo) {
    EXPECT_THAT(
        refused("No;State;Opened\nA;new;x\n").detail,
        HasSubstr("no column \"No\" that the mapping names; it has: \"No;State;Opened\". Is it another `separator`?"));
    EXPECT_THAT(refused("Nr,State\n").detail, HasSubstr("it has: \"Nr\", \"State\"."));
    EXPECT_THAT(refused(std::string("\xff\xfeN\0o\0,\0", 8)).detail, HasSubstr("UTF-16: save it as UTF-8"));
    EXPECT_THAT(refused("No,Gel\xf6st\nA,x\n").detail, HasSubstr("save the file as UTF-8"));
    EXPECT_THAT(refused("No,State\rA,new\rB,new\r").detail, HasSubstr("CR alone"));
    EXPECT_EQ(refused("No,State,No\n").code, "import.header_malformed");
}

// A header, then one field without an end; notes the most memory that anybody held while it was read.
class OneLongField final : public intake::table::Bytes {
public:
    explicit OneLongField(std::int64_t bytes) : left_(bytes) {}
    Result<std::size_t> read(std::span<char> buffer) override {
        const auto memory = ::mallinfo2();
        held_max_ = std::max(held_max_, memory.hblkhd + memory.uordblks);
        const std::string_view head = kEventsHead.substr(head_at_);
        if (!head.empty()) {
            const std::size_t count = std::min(buffer.size(), head.size());
            std::copy_n(head.begin(), count, buffer.begin());
            head_at_ += count;
            return count;
        }
        const auto count = std::min(buffer.size(), static_cast<std::size_t>(left_));
        std::fill_n(buffer.begin(), count, 'x');
        left_ -= static_cast<std::int64_t>(count);
        return count;
    }
    [[nodiscard]] std::int64_t bytes_read() const override { return 0; }
    [[nodiscard]] std::int64_t bytes_total() const override { return 0; }
    [[nodiscard]] std::size_t held_max() const { return held_max_; }

private:
    std::int64_t left_;
    std::size_t head_at_ = 0, held_max_ = 0;
};

TEST(Csv, AFieldWithoutAnEndTakesNoMemory) {
    constexpr std::size_t kMegabyte = 1024 * 1024;
    auto bytes = std::make_unique<OneLongField>(100 * static_cast<std::int64_t>(kMegabyte));
    const auto* const watched = bytes.get();
    const auto before = ::mallinfo2();
    auto csv = intake::table::Csv::open(std::move(bytes), {});
    ASSERT_TRUE(csv) << csv.error().detail;
    app::imports::SourceRow row;
    const auto is_there = (*csv)->next(row);
    ASSERT_TRUE(is_there && *is_there);
    EXPECT_THAT(row.problem, HasSubstr("longer than a field may be"));
    EXPECT_LE(row.text.size(), 200U);
    EXPECT_LT(watched->held_max(), before.hblkhd + before.uordblks + 16 * kMegabyte);
    const auto is_more = (*csv)->next(row);
    EXPECT_TRUE(is_more && !*is_more);
}

}  // namespace
}  // namespace firstline::import_test
