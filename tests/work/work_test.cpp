// The work of each list statement does not grow with the history (storage.md §5 "Lists", §6): the same open incidents, four
// times the closed ones, counted exactly in the engine. bench/README.md has the same at real sizes.
#include "desk/work.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "desk/seed.hpp"
#include "storage/catalogue.hpp"
#include "storage/postgres/test/test_database.hpp"

namespace firstline::bench {
namespace {

constexpr double kGrowthMax = 1.2;
// Between these no B-tree of PostgreSQL grows by a level, which would be one more page for each row that is looked up.
constexpr Plan kShort{.size = 2'000, .open = 1'000};
constexpr Plan kLong{.size = 5'000, .open = 1'000};
// Large enough that a plan over a whole table is not the cheapest for any list.
constexpr Plan kPlanned{.size = 20'000, .open = 1'000};

class Place {
public:
    virtual ~Place() = default;
    [[nodiscard]] virtual server::Location location() const = 0;
};

class SqlitePlace final : public Place {
public:
    SqlitePlace() {
        std::string path = (std::filesystem::temp_directory_path() / "firstline-work-XXXXXX").string();
        path_ = ::mkdtemp(path.data());
    }
    ~SqlitePlace() override {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] server::Location location() const override { return {path_ + "/desk", ""}; }

private:
    std::string path_;
};

class PostgresPlace final : public Place {
public:
    [[nodiscard]] server::Location location() const override { return {"", database_.url()}; }

private:
    storage::postgres::ScratchDatabase database_;
};

using Amounts = std::map<std::pair<std::string, std::string>, Work>;

Amounts work_of(const server::Location& location, const Plan& plan) {
    const auto seeded = seed(location, plan, {.follows = false});
    EXPECT_TRUE(seeded) << seeded.error().code << ": " << seeded.error().detail;
    if (!seeded) return {};
    const auto measured = measure_work(location, plan);
    EXPECT_TRUE(measured) << measured.error().code << ": " << measured.error().detail;
    Amounts out;
    if (!measured) return out;
    for (const Work& one : *measured) out.emplace(std::pair(one.scenario, one.statement), one);
    return out;
}

// What each list is asked, as SQL; a new list statement needs a line here.
const std::map<std::string, std::string, std::less<>> kListArguments{
    {"list.team_by_priority", "'P3', 0, 0, 0, 51, 1"},
    {"list.open_by_priority", "'P3', 0, 0, 0, 51, -1"},
    {"list.open_heads", "500000"},
    {"list.open_scan", "500000"},
    {"list.newest", "20000, 51"},
    {"list.one", "20000"},
    {"list.head", "20000"},
    {"list.by_requester", "200, 20000, 51"},
    {"list.by_requester_full", "200, 20000, 51"},
    {"list.watched_full", "200, 20000, 51"},
    {"list.by_service", "999, 20000, 51"},  // a rare one: the newest of one in twenty are found by number as well
    {"list.by_tag", "1, 20000, 51"},
    {"list.by_ref", "'a'"},
    {"list.written_after", "20000, 1, 2000"},
};
// Stops at the first incident that is none of the example desk's.
constexpr std::string_view kStopsEarly = "demo.foreign_incident";

// With these arguments; none: as a connection plans that has asked often and knows no parameter.
std::string plan_of(storage::postgres::Connection& connection, const storage::Statement& statement,
                    const std::string& arguments) {
    std::string list = arguments;
    for (int i = 0; arguments.empty() && i < statement.parameter_count; ++i) list += i == 0 ? "NULL" : ", NULL";
    const std::string mode = arguments.empty() ? "force_generic_plan" : "force_custom_plan";
    const auto failure =
        connection.run_script("SET plan_cache_mode = " + mode + "; PREPARE looked_at AS " + statement.text);
    if (failure) return "cannot prepare: " + failure->message;
    const auto reply =
        connection.run("EXPLAIN (COSTS OFF) EXECUTE looked_at" + (list.empty() ? list : "(" + list + ")"));
    std::string plan = reply.failure ? "cannot explain: " + reply.failure->message : "";
    for (int row = 0; reply.result && row < PQntuples(reply.result.get()); ++row)
        plan += std::string(PQgetvalue(reply.result.get(), row, 0)) + " \n";
    EXPECT_FALSE(connection.run_script("DEALLOCATE looked_at"));
    return plan;
}

// No statement passes over all incidents or all entries, and each list takes the index that it names.
void expect_plans_with_indexes(const std::string& url) {
    auto connection = storage::postgres::Connection::open({.url = url});
    ASSERT_TRUE(connection) << connection.error().detail;
    const auto catalogue = storage::Catalogue::load(app::DatabaseKind::postgres);
    ASSERT_TRUE(catalogue);
    std::size_t lists = 0;
    for (const storage::Statement& statement : (*catalogue)->all()) {
        if (!statement.text.starts_with("SELECT") || statement.name == kStopsEarly) continue;
        const auto arguments = kListArguments.find(statement.name);
        const bool is_list = arguments != kListArguments.end();
        EXPECT_EQ(is_list, statement.name.starts_with("list.")) << statement.name;
        const std::string plan = plan_of(**connection, statement, is_list ? arguments->second : "");
        EXPECT_EQ(plan.find("cannot "), std::string::npos) << statement.name << ": " << plan;
        EXPECT_EQ(plan.find("Seq Scan on incident "), std::string::npos) << statement.name << ":\n" << plan;
        EXPECT_EQ(plan.find("Seq Scan on entry "), std::string::npos) << statement.name << ":\n" << plan;
        if (!is_list) continue;
        ++lists;
        // Tags and references are none here: their tables are empty.
        const bool is_empty = statement.name == "list.by_tag" || statement.name == "list.by_ref";
        if (!statement.index.empty() && !is_empty) {
            EXPECT_NE(plan.find(statement.index), std::string::npos) << statement.name << ":\n" << plan;
        }
    }
    EXPECT_EQ(lists, kListArguments.size());
}

void expect_no_growth(const Place& shorter, const Place& longer) {
    const Amounts before = work_of(shorter.location(), kShort);
    const Amounts after = work_of(longer.location(), kLong);
    EXPECT_GE(before.size(), 20U) << "the scenarios ask too little to show anything";
    for (const auto& [key, work] : before) {
        const auto found = after.find(key);
        ASSERT_NE(found, after.end()) << key.first << ": " << key.second;
        EXPECT_LE(static_cast<double>(found->second.amount), kGrowthMax * static_cast<double>(work.amount))
            << key.first << ": " << key.second << ": " << work.amount << " in " << work.queries << " queries with "
            << kShort.size << " incidents, " << found->second.amount << " in " << found->second.queries << " with "
            << kLong.size;
    }
    EXPECT_EQ(before.size(), after.size());
}

TEST(ListWork, DoesNotGrowWithTheHistoryOnSqlite) { expect_no_growth(SqlitePlace(), SqlitePlace()); }

TEST(ListWork, DoesNotGrowWithTheHistoryOnPostgres) {
    SKIP_WITHOUT_POSTGRES();
    expect_no_growth(PostgresPlace(), PostgresPlace());
}

TEST(ListPlans, TakeAnIndexOnPostgres) {
    SKIP_WITHOUT_POSTGRES();
    const PostgresPlace place;
    const auto seeded = seed(place.location(), kPlanned, {.follows = false});
    ASSERT_TRUE(seeded) << seeded.error().code << ": " << seeded.error().detail;
    expect_plans_with_indexes(place.location().url);
}

}  // namespace
}  // namespace firstline::bench
