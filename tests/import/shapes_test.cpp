// Other tables: one row per incident, packed files, rows that break the form.
#include <gmock/gmock.h>
#include <zlib.h>
#include <zstd.h>

#include "import/import_support.hpp"

namespace firstline::import_test {
namespace {

class Shapes : public ImportTest {};
INSTANTIATE_TEST_SUITE_P(Engines, Shapes, testing::ValuesIn(engines()), engine_name);

std::string gzip(const std::string& text) {
    z_stream stream{};
    EXPECT_EQ(::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(::deflateBound(&stream, text.size()) + 64, '\0');
    std::string in = text;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    ::deflateEnd(&stream);
    return out;
}

std::string zstd(const std::string& text) {
    std::string out(::ZSTD_compressBound(text.size()), '\0');
    out.resize(::ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return out;
}

TEST_P(Shapes, PackedAndCrLfAndByteOrderMarkGiveTheSame) {
    const std::string plain = text_of(in_source("examples/import/incident_event_log_excerpt.csv"));
    std::string windows = "\xef\xbb\xbf";
    for (const char c : plain) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
    const std::string half = plain.substr(0, plain.size() / 2), rest = plain.substr(plain.size() / 2);
    std::int64_t made = 0;
    app::imports::Mapping mapping = built_in();
    // Each under a source of its own: the same references again are then new incidents.
    for (const std::string& bytes :
         {gzip(plain), gzip(half) + gzip(rest), zstd(plain), zstd(half) + zstd(rest), windows}) {
        mapping.source = "copy " + std::to_string(made);
        const auto report = desk_.import(memory_of(bytes), mapping);
        EXPECT_EQ(report.rows, 298);
        EXPECT_EQ(report.rows_not_understood, 5);
        made += report.incidents_made;
    }
    EXPECT_EQ(made, 5 * 55);
    EXPECT_EQ(desk_.overview().at("derived").at("hours_to_resolve").at("all").at("median").to_number<double>(), 43.75);
}

TEST_P(Shapes, ACutOffPackedFileIsSaidAndWhatWasReadStays) {
    const std::string packed = zstd(text_of(in_source("examples/import/incident_event_log_excerpt.csv")));
    Error error;
    desk_.import(memory_of(packed.substr(0, packed.size() - 20)), built_in(), {}, &error);
    EXPECT_EQ(error.code, "import.unreadable");
}

TEST_P(Shapes, OneRowPerIncident) {
    auto mapping = intake::mapping::load_mapping(in_source("examples/import/helpdesk_export.toml"));
    ASSERT_TRUE(mapping) << mapping.error().detail;
    const auto report = desk_.import(file_of(in_source("examples/import/helpdesk_export.csv")), *mapping);
    EXPECT_EQ(report.incidents_made, 5);
    EXPECT_EQ(report.rows_not_understood, 0);
    const auto expected = boost::json::parse(R"({
      "import": {"rows": 5, "rows_not_understood": 0},
      "recorded": {"events": 5, "incidents": 5, "state": {"new": 1, "in_progress": 1, "on_hold": 1, "resolved": 1, "closed": 1},
        "priority": {"P1": 1, "P2": 1, "P3": 2, "P4": 0, "P5": 0},
        "ever_in_state": {"new": 1, "in_progress": 4, "on_hold.awaiting_requester": 1, "resolved": 3, "closed": 1},
        "reassignments": {"incidents_by_count": {"0": 3, "1": 1, "2": 1}, "mean": 0.6, "max": 2},
        "reopens": {"incidents": 0, "share": 0, "sum": 0},
        "made_sla": {"true": 1, "false": 1, "share": 0.5},
        "hours_to_resolve": {"all": {"n": 3, "median": 2.5}, "P1": {"n": 1, "median": 0.5}, "P2": {"n": 1, "median": 24},
          "P3": {"n": 1, "median": 2.5}},
        "contact_type": {"Portal": 2, "Telefon": 2, "E-Mail": 1}, "channel": {"phone": 2, "portal": 2, "email": 1},
        "problems": {"incidents": 0, "distinct": 0, "distinct_ever": 0}},
      "derived": {"reassignments": {"incidents_by_count": {"0": 5}, "mean": 0, "max": 0},
        "reopens": {"incidents": 1, "share": 0.2, "sum": 1},
        "hours_to_resolve": {"all": {"n": 2, "median": 13.25}, "P2": {"n": 1, "median": 24}, "P3": {"n": 1, "median": 2.5}}}})");
    EXPECT_EQ(canonical(desk_.overview()), canonical(expected));
}

TEST_P(Shapes, RowsThatBreakTheFormAreNamedAndTheRestIsTaken) {
    app::imports::Mapping mapping = built_in();
    const std::string excerpt = text_of(in_source("examples/import/incident_event_log_excerpt.csv"));
    const auto end_of_header = excerpt.find('\n');
    const std::string header = excerpt.substr(0, end_of_header + 1);
    std::vector<std::string> rows;
    for (std::size_t at = end_of_header + 1; rows.size() < 4;) {
        const auto end = excerpt.find('\n', at);
        rows.push_back(excerpt.substr(at, end - at));
        at = end + 1;
    }
    const auto with = [](std::string row, const std::string& what, const std::string& by) {
        const auto at = row.find(what);
        EXPECT_NE(at, std::string::npos) << what;
        return row.replace(at, what.size(), by);
    };
    // Rows 2 to 5 are one incident; what is wrong stands between its good rows or belongs to incidents of its own.
    const std::string table = header + rows[0] + "\n" +                                     // line 2
                              with(rows[1], "29/2/2016 08:53", "30/2/2016 08:53") + "\n" +  // 3: no such day
                              with(rows[2], "Resolved", "Abandoned") + "\n" +               // 4: unknown state
                              rows[3] + "\n" +                                              // 5
                              "INC1,New\n" +                                                // 6: too few columns
                              with(rows[0], "INC0000045", "INC\xff") + "\n" +               // 7: no UTF-8
                              with(rows[0], "INC0000045", "?") + "\n" +                     // 8: names no incident
                              with(rows[0], "INC0000045", "\"INC2\"x") + "\n" +  // 9: something after the quote
                              with(rows[0], "INC0000045", "INC3") + "\n" +       // 10: good
                              rows[3] + "\n" +                                   // 11: does not follow its incident
                              with(with(rows[0], "INC0000045", "INC4"), "2 - Medium", "9 - ?") +
                              "\n" +                                  // 12: no such impact
                              with(rows[0], "INC0000045", "\"INC5");  // 13: never closed
    const auto report = desk_.import(memory_of(table), mapping);
    EXPECT_EQ(report.incidents_made, 3);
    EXPECT_EQ(report.rows, 12);
    std::vector<std::pair<std::int64_t, std::string>> places;
    for (const auto& problem : report.problems) places.emplace_back(problem.line, problem.column);
    std::sort(places.begin(), places.end());
    const std::vector<std::pair<std::int64_t, std::string>> expected{
        {3, "sys_updated_at"}, {4, "incident_state"}, {6, ""}, {7, ""}, {8, "number"}, {9, ""},
        {11, "number"},        {12, "impact"},        {13, ""}};
    EXPECT_EQ(places, expected);
    EXPECT_EQ(report.rows_not_understood, 9);
    const auto overview = desk_.overview();
    EXPECT_EQ(overview.at("import").at("rows").to_number<int>(), 12);
    EXPECT_EQ(overview.at("import").at("rows_not_understood").to_number<int>(), 9);
    // The same file again: the same counts.
    desk_.import(memory_of(table), mapping);
    EXPECT_EQ(canonical(desk_.overview()), canonical(overview));
}

TEST(MappingFile, TheExampleIsTheBuiltInOne) {
    EXPECT_EQ(text_of(in_source("examples/import/servicenow_event_log.toml")), intake::mapping::built_in_mapping());
}

TEST(MappingFile, WhatIsWrongIsNamed) {
    const std::string good(intake::mapping::built_in_mapping());
    const auto refused = [&](const std::string& what, const std::string& by) {
        std::string text = good;
        const auto at = text.find(what);
        EXPECT_NE(at, std::string::npos) << what;
        const auto mapping = intake::mapping::parse_mapping(text.replace(at, what.size(), by));
        EXPECT_FALSE(mapping) << by;
        if (mapping) return std::string();
        EXPECT_EQ(mapping.error().code, "import.mapping_invalid");
        return mapping.error().detail;
    };
    EXPECT_THAT(refused("shape = \"events\"", "shape = \"rows\""), testing::HasSubstr("`shape`"));
    EXPECT_THAT(refused("\"New\" = \"new\"", "\"New\" = \"fresh\""), testing::HasSubstr("values.state.\"New\""));
    EXPECT_THAT(refused("zone = \"UTC\"", "zone = \"Mars/Olympus\""), testing::HasSubstr("time.zone"));
    EXPECT_THAT(refused("%d/%m/%Y %H:%M", "%d.%m"), testing::HasSubstr("time.format"));
    EXPECT_THAT(refused("team = ", "squad = "), testing::HasSubstr("columns.squad"));
    EXPECT_THAT(refused("[columns]", "[columns"), testing::HasSubstr("no TOML"));
}

}  // namespace
}  // namespace firstline::import_test
