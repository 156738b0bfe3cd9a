// Text as people write it, in several scripts, case by case.
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/utf8.hpp"

namespace firstline {
namespace {

using namespace std::string_view_literals;
using Words = std::vector<std::string>;

TEST(utf8, is_told_clean_or_not) {
    struct Row {
        const char* name;
        std::string_view bytes;
        bool expected;
    };
    const Row rows[]{{"empty", "", true},
                     {"ascii", "plain text\t\r\n", true},
                     {"delete", "\x7F", true},
                     {"NUL", "a\0b"sv, false},
                     {"two bytes, first", "\xC2\x80", true},
                     {"two bytes, last", "\xDF\xBF", true},
                     {"overlong slash in two", "\xC0\xAF", false},
                     {"overlong in two, last", "\xC1\xBF", false},
                     {"overlong NUL", "\xC0\x80", false},
                     {"three bytes, first", "\xE0\xA0\x80", true},
                     {"overlong in three", "\xE0\x9F\xBF", false},
                     {"before the surrogates", "\xED\x9F\xBF", true},
                     {"first surrogate", "\xED\xA0\x80", false},
                     {"last surrogate", "\xED\xBF\xBF", false},
                     {"after the surrogates", "\xEE\x80\x80", true},
                     {"last of three", "\xEF\xBF\xBF", true},
                     {"four bytes, first", "\xF0\x90\x80\x80", true},
                     {"overlong in four", "\xF0\x8F\xBF\xBF", false},
                     {"last code point", "\xF4\x8F\xBF\xBF", true},
                     {"beyond the last", "\xF4\x90\x80\x80", false},
                     {"no such lead", "\xF5\x80\x80\x80", false},
                     {"five bytes", "\xF8\x88\x80\x80\x80", false},
                     {"FE", "\xFE", false},
                     {"FF", "\xFF", false},
                     {"a lone continuation", "a\x80", false},
                     {"cut in two", "\xC3", false},
                     {"cut in three", "\xE2\x82", false},
                     {"cut in four", "\xF0\x9F\x98", false},
                     {"second no continuation", "\xC3(", false},
                     {"third no continuation", "\xE2\x82(", false},
                     {"fourth no continuation", "\xF0\x9F\x98(", false},
                     {"cut, then goes on", "\xE2\x82ok", false},
                     {"latin-1", "M\xFCller", false},
                     {"german, japanese, emoji", "Müller 障害 😀", true}};
    for (const Row& row : rows) EXPECT_EQ(is_clean_utf8(row.bytes), row.expected) << row.name;
}

TEST(characters, are_code_points) {
    EXPECT_EQ(count_characters(""), 0U);
    EXPECT_EQ(count_characters("abc"), 3U);
    EXPECT_EQ(count_characters("Müller"), 6U);
    EXPECT_EQ(count_characters("障害"), 2U);
    EXPECT_EQ(count_characters("😀"), 1U);
}

TEST(utf8, broken_bytes_become_one_mark) {
    EXPECT_EQ(to_clean_utf8("plain \u4e8b text"), "plain \u4e8b text");
    EXPECT_EQ(to_clean_utf8("cut \xE4\xBA\" is quoted"), "cut \uFFFD\" is quoted");
    EXPECT_EQ(to_clean_utf8("\xFF\xFE\xE4"), "\uFFFD");
    EXPECT_EQ(to_clean_utf8("a\0b"sv), "a\uFFFDb");
    EXPECT_EQ(to_clean_utf8(""), "");
}

TEST(trim, takes_blanks_of_both_ends) {
    EXPECT_EQ(trim(" \t\r\n\v\fa b\n "), "a b");
    EXPECT_EQ(trim("\xC2\xA0\xE3\x80\x80 a \xE2\x80\x8B\xEF\xBB\xBF"), "a");
    EXPECT_EQ(trim("a\xC2\xA0"
                   "b"),
              "a\xC2\xA0"
              "b");
    EXPECT_EQ(trim(""), "");
    EXPECT_EQ(trim("a "), "a");
    EXPECT_EQ(trim(" a"), "a");
    EXPECT_EQ(trim("a"), "a");
    for (const char* blank : {"", " ", " \t\n", "\xC2\xA0", "\xE3\x80\x80 \xE2\x80\x8B"})
        EXPECT_TRUE(is_blank(blank)) << blank;
    for (const char* text : {"a", " . ", "\xC2\xA1", "0"}) EXPECT_FALSE(is_blank(text)) << text;
}

TEST(fold, makes_what_people_take_for_the_same_equal) {
    struct Row {
        const char* text;
        const char* folded;
    };
    const Row rows[]{{"", ""},
                     {"VPN-Gateway 2", "vpn-gateway 2"},
                     {"MÜLLER", "muller"},
                     {"Mu\xCC\x88ller", "muller"},
                     {"Straße", "strasse"},
                     {"STRASSE", "strasse"},
                     {"ÅNGSTRÖM", "angstrom"},
                     {"ＶＰＮ", "vpn"},
                     {"ﬁle", "file"},
                     {"İstanbul", "istanbul"},
                     {"ISTANBUL", "istanbul"},
                     {"ısı", "ısı"},
                     {"ΆΣ", "ασ"},
                     {"Йод Ёлка", "иод елка"},
                     {"①", "1"}};
    for (const Row& row : rows) EXPECT_EQ(fold(row.text), row.folded) << row.text;
    EXPECT_EQ(fold("ｶﾞｲﾄﾞ"), fold("ガイド")) << "half and full width";
    EXPECT_NE(fold("か"), fold("が")) << "voicing tells words apart";
    EXPECT_NE(fold("เสีย"), fold("เสย")) << "so do Thai vowels";
    for (const Row& row : rows) EXPECT_EQ(fold(fold(row.text)), row.folded) << row.text;
}

TEST(words, are_split_and_folded) {
    struct Row {
        const char* text;
        Words words;
    };
    const Row rows[]{
        {"", {}},
        {" -- ", {}},
        {"The VPN, again!", {"the", "vpn", "again"}},
        {"mail.example.com can't", {"mail", "example", "com", "can", "t"}},
        {"für mail.example.com can't", {"fur", "mail", "example", "com", "can", "t"}},
        {"Drucker in München: Papierstau (Straße 5)", {"drucker", "in", "munchen", "papierstau", "strasse", "5"}},
        {"Büro_2 ERR-500", {"buro", "2", "err", "500"}},
        {"İSTANBUL Yazıcı", {"istanbul", "yazıcı"}},
        {"Сервер недоступен", {"сервер", "недоступен"}},
        {"😀 ok", {"ok"}}};
    for (const Row& row : rows) EXPECT_EQ(words_of(row.text, 100), row.words) << row.text;
}

TEST(words, of_scripts_without_blanks_come_from_a_dictionary) {
    const auto has = [](const Words& words, const std::string& word) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    const Words japanese = words_of("メールが届かない", 100);
    EXPECT_GT(japanese.size(), 1U);
    EXPECT_TRUE(has(japanese, fold("メール")));
    EXPECT_TRUE(has(words_of("今日は東京のメールが届かない", 100), "東京"));
    const Words thai = words_of("ระบบอีเมลไม่ทำงาน", 100);
    EXPECT_GT(thai.size(), 1U);
    EXPECT_TRUE(has(thai, fold("ระบบ")));
}

TEST(words, are_bounded_in_number_and_length) {
    for (const std::string suffix : {"", " ü"}) {
        EXPECT_EQ(words_of("a b c d" + suffix, 2), (Words{"a", "b"})) << suffix;
        EXPECT_TRUE(words_of("a b" + suffix, 0).empty());
        EXPECT_EQ(words_of(std::string(200, 'x') + suffix, 1).front().size(), 64U);
        EXPECT_EQ(words_of("a.b.c" + suffix, 2), (Words{"a", "b"})) << "one word of ICU's may be several of ours";
    }
    std::string many;
    for (int i = 0; i < 100; ++i) many += "я";
    EXPECT_TRUE(words_of(many, 10).empty()) << "nobody searches for a word that long";
}

TEST(keys, are_made_of_names) {
    struct Row {
        std::string name, key;
    };
    const Row rows[]{{"Müller, Anna", "muller-anna"},
                     {"Straße 5", "strasse-5"},
                     {"  --A  b--", "a-b"},
                     {"E-Mail & Kalender", "e-mail-kalender"},
                     {"日本", ""},
                     {"", ""},
                     {"!!!", ""},
                     {"日本 Tokyo", "tokyo"},
                     {"ＶＰＮ", "vpn"},
                     {"İzmir", "izmir"},
                     {std::string(100, 'a'), std::string(64, 'a')},
                     {std::string(63, 'a') + " b", std::string(63, 'a')}};
    for (const Row& row : rows) {
        EXPECT_EQ(to_key(row.name), row.key) << row.name;
        EXPECT_TRUE(row.key.empty() || is_key(row.key)) << row.key;
    }
}

TEST(keys, are_checked) {
    for (const std::string& key : {std::string("a"), std::string("0"), std::string("a-b"), std::string("a-"),
                                   std::string("a--b"), std::string(64, 'a')}) {
        EXPECT_TRUE(is_key(key)) << key;
    }
    for (const std::string& key : {std::string(), std::string("-a"), std::string("A"), std::string("a b"),
                                   std::string("a_b"), std::string("ü"), std::string("a\0", 2), std::string(65, 'a')}) {
        EXPECT_FALSE(is_key(key)) << key;
    }
}

}  // namespace
}  // namespace firstline
