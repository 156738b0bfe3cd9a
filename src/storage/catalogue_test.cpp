// The catalogue's rules (storage.md §4), a row for each.
#include "storage/catalogue.hpp"

#include <gmock/gmock.h>

namespace firstline::storage {
namespace {

using app::DatabaseKind;
using testing::HasSubstr;

Result<std::shared_ptr<const Catalogue>> load(DatabaseKind engine, std::string_view text) {
    const std::array<EmbeddedFile, 1> files{EmbeddedFile{"test.sql", text}};
    return Catalogue::load(engine, files);
}

TEST(Catalogue, OneTextServesBothEngines) {
    constexpr std::string_view kText =
        "-- About the file.\n\n-- name: incident.load\n-- The head of one incident,\n-- by number.\n-- index: q_team\n"
        "SELECT '$9 -- not a comment', \"a\" FROM incident -- a remark with $7\n"
        "WHERE id = $2 AND CAST($1 AS BIGINT) = $2;\n\n"
        "-- name: incident.purge\n-- For people only.\n-- alone\nDELETE FROM incident\n";
    const auto sqlite = load(DatabaseKind::sqlite, kText);
    ASSERT_TRUE(sqlite) << sqlite.error().detail;
    const Statement* statement = (*sqlite)->find("incident.load");
    ASSERT_NE(statement, nullptr);
    EXPECT_EQ(statement->text,
              "SELECT '$9 -- not a comment', \"a\" FROM incident WHERE id = ?2 AND CAST(?1 AS BIGINT) = ?2");
    EXPECT_EQ(statement->about, "The head of one incident, by number.");
    EXPECT_EQ(statement->index, "q_team");
    EXPECT_EQ(statement->parameter_count, 2);
    EXPECT_FALSE(statement->is_alone);
    EXPECT_TRUE((*sqlite)->find("incident.purge")->is_alone);
    EXPECT_EQ((*sqlite)->find("incident.purge")->number, 1U);
    EXPECT_EQ((*sqlite)->find("incident.unknown"), nullptr);
    const auto postgres = load(DatabaseKind::postgres, kText);
    ASSERT_TRUE(postgres);
    EXPECT_THAT((*postgres)->find("incident.load")->text, HasSubstr("id = $2 AND CAST($1 AS BIGINT)"));
}

TEST(Catalogue, TwinsGoToTheirEngine) {
    constexpr std::string_view kText =
        "-- name: a.b\n-- One.\n-- engine: sqlite\nSELECT value FROM json_each($1);\n"
        "-- name: a.b\n-- One.\n-- engine: postgres\nSELECT now(), $1;\n";
    EXPECT_EQ((*load(DatabaseKind::sqlite, kText))->find("a.b")->text, "SELECT value FROM json_each(?1)");
    EXPECT_EQ((*load(DatabaseKind::postgres, kText))->find("a.b")->text, "SELECT now(), $1");
}

TEST(Catalogue, TheProgramsOwnStatementsAreInOrder) {
    for (const auto engine : {DatabaseKind::sqlite, DatabaseKind::postgres}) {
        const auto catalogue = Catalogue::load(engine);
        ASSERT_TRUE(catalogue) << catalogue.error().detail;
        EXPECT_NE((*catalogue)->find("store.config_version"), nullptr);
    }
}

struct Refusal {
    std::string_view text, code, says;
};

TEST(Catalogue, RefusesWhatTheEnginesUnderstandDifferently) {
    constexpr std::string_view kHead = "-- name: a.b\n-- One.\n";
    const std::array refusals{
        Refusal{"SELECT $1::bigint", "storage.sql_refused", "::"},
        Refusal{"SELECT now()", "storage.sql_refused", "now"},
        Refusal{"SELECT NOW ( )", "storage.sql_refused", "NOW"},
        Refusal{"SELECT CURRENT_TIMESTAMP", "storage.sql_refused", "CURRENT_TIMESTAMP"},
        Refusal{"SELECT current_date", "storage.sql_refused", "current_date"},
        Refusal{"SELECT random()", "storage.sql_refused", "random"},
        Refusal{"SELECT 1 WHERE 'a' LIKE $1", "storage.sql_refused", "LIKE"},
        Refusal{"SELECT Lower(name) FROM person", "storage.sql_refused", "Lower"},
        Refusal{"SELECT {int}", "storage.sql_malformed", "{int}"},
        Refusal{"SELECT ?", "storage.sql_malformed", "?"},
        Refusal{"SELECT ?1", "storage.sql_malformed", "?"},
        Refusal{"SELECT :name", "storage.sql_malformed", ":name"},
        Refusal{"SELECT @name", "storage.sql_malformed", "@"},
        Refusal{"SELECT $name", "storage.sql_malformed", "$name"},
        Refusal{"SELECT $0", "storage.sql_malformed", "$0"},
        Refusal{"SELECT $1, $3", "storage.sql_malformed", "$3"},
        Refusal{"SELECT 'open", "storage.sql_malformed", "'open"},
        Refusal{"SELECT 1; SELECT 2;", "storage.sql_malformed", "more than one"},
        Refusal{"", "storage.sql_malformed", "no SQL"},
    };
    for (const auto& row : refusals) {
        const std::string text = std::string(kHead) + std::string(row.text);
        const auto loaded = load(DatabaseKind::sqlite, text);
        ASSERT_FALSE(loaded) << row.text;
        EXPECT_EQ(loaded.error().code, row.code) << row.text;
        EXPECT_THAT(loaded.error().detail, HasSubstr(row.says));
        EXPECT_THAT(loaded.error().detail, HasSubstr("test.sql: a.b"));
    }
}

TEST(Catalogue, ColumnsMayHaveTheNamesOfRefusedFunctions) {
    EXPECT_TRUE(
        load(DatabaseKind::sqlite, "-- name: a.b\n-- One.\nSELECT now, random, 'LIKE', \"lower\" FROM t -- now()\n"));
}

TEST(Catalogue, RefusesWrongHeads) {
    const std::array refusals{
        Refusal{"-- name: plain\n-- One.\nSELECT 1;", "storage.sql_malformed", "the name"},
        Refusal{"-- name: A.b\n-- One.\nSELECT 1;", "storage.sql_malformed", "the name"},
        Refusal{"-- name: a.b\nSELECT 1;", "storage.sql_malformed", "sentence"},
        Refusal{"-- name: a.b\n-- One.\n-- engine: oracle\nSELECT 1;", "storage.sql_malformed", "oracle"},
        Refusal{"SELECT 1;\n-- name: a.b\n-- One.\nSELECT 1;", "storage.sql_malformed", "before the first"},
        Refusal{"-- name: a.b\n-- One.\nSELECT 1;\n-- name: a.b\n-- One.\nSELECT 2;", "storage.sql_twice", "twice"},
        Refusal{"-- name: a.b\n-- One.\nSELECT 1;\n-- name: a.b\n-- One.\n-- engine: postgres\nSELECT 2;",
                "storage.sql_twice", "twice"},
    };
    for (const auto& row : refusals) {
        // The other engine's text is checked too.
        const auto loaded = load(DatabaseKind::sqlite, row.text);
        ASSERT_FALSE(loaded) << row.text;
        EXPECT_EQ(loaded.error().code, row.code) << row.text;
        EXPECT_THAT(loaded.error().detail, HasSubstr(row.says));
    }
}

}  // namespace
}  // namespace firstline::storage
