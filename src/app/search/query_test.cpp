// What is typed into the search box, and the pieces that are shown of what was found.
#include "app/search/query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/search/document.hpp"
#include "app/search/snippet.hpp"

namespace firstline::app {
namespace {

using testing::ElementsAre;

std::string shown(std::string_view q) {
    std::string out;
    for (const auto& term : parse_query(q).terms)
        out += (out.empty() ? "" : " ") + term.word + (term.is_prefix ? "*" : "");
    return out;
}

TEST(Query, WordsPrefixesAndNumbers) {
    const std::pair<const char*, const char*> cases[]{
        {"mail", "mail"},
        {"  Mail  SERVER ", "mail server"},
        {"Müller", "muller"},
        {"prin*", "prin*"},
        {"prin* jam", "prin* jam"},
        {"VPN-Gate*", "vpn gate*"},
        {"p*", "p"},
        {"*", ""},
        {"!!!", ""},
        {"", ""},
        {"mail mail MAIL", "mail"},
        {"mail mail*", "mail mail*"},
        {"\"quoted\" OR NOT ~mail @a", "quoted or not mail a"},
        {"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16"},
    };
    for (const auto& [q, expected] : cases) EXPECT_EQ(shown(q), expected) << q;
    EXPECT_EQ(parse_query("INC-42").number, domain::IncidentId{42});
    EXPECT_EQ(parse_query(" inc42 ").number, domain::IncidentId{42});
    EXPECT_EQ(parse_query("42").number, domain::IncidentId{42});
    EXPECT_EQ(parse_query("").number, std::nullopt);
    EXPECT_EQ(parse_query("INC-42 printer").number, std::nullopt);
    EXPECT_EQ(parse_query(" REQ 0042 ").reference, "REQ 0042");
    EXPECT_FALSE(parse_query("プリンターが動かない").terms.empty());
    EXPECT_GT(parse_query("プリンターが動かない").terms.size(), 1U);
}

TEST(Query, WhoReadsWhichText) {
    EXPECT_EQ(reader_of_text("reply", true, "text"), TextReader::everybody);
    EXPECT_EQ(reader_of_text("message", true, "text"), TextReader::everybody);
    EXPECT_EQ(reader_of_text("note", false, "text"), TextReader::internal);
    EXPECT_EQ(reader_of_text("reply", false, "text"), TextReader::internal);
    EXPECT_EQ(reader_of_text("assign", false, "reason"), TextReader::internal);
    EXPECT_EQ(reader_of_text("confirm", true, "on_behalf"), TextReader::internal);
    EXPECT_EQ(reader_of_text("start", true, "text"), TextReader::internal);
    EXPECT_EQ(reader_of_text("of tomorrow", true, "text"), TextReader::internal);
    EXPECT_EQ(reader_of_text("log", true, "description"), TextReader::nobody);
    EXPECT_EQ(reader_of_text("edit", true, "title_before"), TextReader::nobody);
}

std::string marked(const Snippet& snippet) {
    std::string out;
    for (const auto& part : snippet) out += part.is_match ? "[" + part.text + "]" : part.text;
    return out;
}

TEST(Snippet, MarksWholeWordsAsTheyAreWritten) {
    EXPECT_EQ(marked(mark_matches("Mail, mailing and MAIL.", {{"mail", false}})), "[Mail], mailing and [MAIL].");
    EXPECT_EQ(marked(mark_matches("Mail, mailing", {{"mail", true}})), "[Mail], [mailing]");
    EXPECT_EQ(marked(mark_matches("Frau Müller (müller)", {{"muller", false}})), "Frau [Müller] ([müller])");
    // A dictionary may cut a word of a script without blanks in two, there as here.
    std::string japanese = marked(mark_matches("プリンターが動かない", parse_query("プリンター").terms));
    std::erase_if(japanese, [](char c) { return c == ']'; });
    EXPECT_EQ(japanese.find("[プリン"), 0U) << japanese;
    EXPECT_EQ(japanese.substr(japanese.size() - std::string("が動かない").size()), "が動かない");
    EXPECT_EQ(marked(mark_matches("", {{"mail", false}})), "");
    EXPECT_EQ(marked(mark_matches("nothing", {{"mail", false}})), "nothing");
}

TEST(Snippet, CutsAroundTheFirstMatch) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "filler\n\n";
    text += "needle ";
    for (int i = 0; i < 100; ++i) text += "after ";
    bool has_match = false;
    const std::string cut = marked(cut_snippet(text, {{"needle", false}}, 80, has_match));
    EXPECT_TRUE(has_match);
    EXPECT_NE(cut.find("filler [needle] after"), std::string::npos) << cut;
    EXPECT_LE(cut.size(), 84U);
    EXPECT_EQ(marked(cut_snippet(text, {{"absent", false}}, 20, has_match)), "filler filler filler");
    EXPECT_FALSE(has_match);
}

}  // namespace
}  // namespace firstline::app
