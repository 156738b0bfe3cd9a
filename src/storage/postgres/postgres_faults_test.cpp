// Lost lines, ended sessions, servers that would lose what was acknowledged (storage.md §3).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <thread>

#include "storage/postgres/test/tcp_proxy.hpp"
#include "storage/postgres/test/test_database.hpp"
#include "support/source_dir.hpp"

namespace firstline::storage::postgres {
namespace {

using app::Outcome;

// The port in the server's URL; the line to it is cut on the way.
std::uint16_t port_of(const std::string& url) {
    const auto colon = url.rfind(':');
    return static_cast<std::uint16_t>(std::stoi(url.substr(colon + 1)));
}
std::string with_port(const std::string& url, std::uint16_t port) {
    const auto colon = url.rfind(':');
    return url.substr(0, colon + 1) + std::to_string(port) + url.substr(url.find('/', colon));
}

class PostgresFaults : public testing::Test {
protected:
    void SetUp() override {
        SKIP_WITHOUT_POSTGRES();
        database_ = std::make_unique<ScratchDatabase>();
        url_ = database_->url();
        admin_ = std::make_unique<Admin>(url_);
    }
    void TearDown() override {
        admin_.reset();
        database_.reset();
    }
    // Five changes at once while `disturb` runs before the first COMMIT; all must be there once, at the positions
    // answered.
    void expect_each_once(const std::string& url, const std::function<void()>& disturb, std::int64_t transactions) {
        std::atomic<int> commits{0};
        auto node = open_node({.url = url, .before_commit = [&] {
                                   if (commits++ == 0) disturb();
                               }});
        std::vector<std::future<app::Committed>> answers;
        ASSERT_TRUE(node->read([&](app::Reader&) -> Status {
            for (std::int64_t i = 1; i <= 5; ++i) answers.push_back(submit(*node, note(i, 1)));
            return {};
        }));
        std::map<std::int64_t, std::int64_t> answered;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const auto committed = answers[i].get();
            ASSERT_EQ(committed.outcome, Outcome::committed) << committed.detail;
            answered[static_cast<std::int64_t>(i) + 1] = committed.first_pos;
        }
        std::map<std::int64_t, std::int64_t> stored;
        for (const auto& row : feed_after(*node, 0)) EXPECT_TRUE(stored.emplace(row.subject_id, row.pos).second);
        EXPECT_EQ(stored, answered);
        EXPECT_GE(commits, transactions);
    }

    std::unique_ptr<ScratchDatabase> database_;
    std::string url_;
    std::unique_ptr<Admin> admin_;
};

TEST_F(PostgresFaults, ASessionEndedBeforeCommitIsRepeated) {
    expect_each_once(url_, [this] { EXPECT_EQ(admin_->end_sessions("writer"), 1); }, 2);
}

TEST_F(PostgresFaults, ALineCutBeforeCommitArrivesIsRepeated) {
    TcpProxy proxy(port_of(server_url()));
    expect_each_once(with_port(url_, proxy.port()), [&] { proxy.cut(); }, 2);
}

TEST_F(PostgresFaults, ALineCutAfterCommitWasDoneMakesNoDuplicate) {
    TcpProxy proxy(port_of(server_url()));
    expect_each_once(with_port(url_, proxy.port()), [&] { proxy.cut_at_next_reply(); }, 1);
    // One row of each transaction that was committed: none was repeated beside its first run.
    EXPECT_EQ(admin_->ask("SELECT count(*) FROM entry"), 5);
}

TEST_F(PostgresFaults, NothingIsLostOrDoubledOnALineThatIsCutAgainAndAgain) {
    TcpProxy proxy(port_of(server_url()));
    std::atomic<int> commits{0};
    auto node = open_node({.url = with_port(url_, proxy.port()), .batch_max = 8, .before_commit = [&] {
                               const int n = commits++;
                               if (n % 3 == 1) proxy.cut();
                               if (n % 3 == 2) proxy.cut_at_next_reply();
                           }});
    std::vector<std::future<app::Committed>> answers;
    constexpr std::int64_t kChanges = 200;
    for (std::int64_t i = 1; i <= kChanges; ++i) answers.push_back(submit(*node, note(i, 1)));
    for (auto& answer : answers) {
        const auto committed = answer.get();
        EXPECT_EQ(committed.outcome, Outcome::committed) << committed.detail;
    }
    EXPECT_EQ(admin_->ask("SELECT count(*) FROM entry"), kChanges);
    EXPECT_EQ(admin_->ask("SELECT count(DISTINCT subject_id) FROM entry"), kChanges);
    EXPECT_GT(commits, 35);  // of each three the second is repeated and the third, done already, is not
}

TEST_F(PostgresFaults, WithoutAServerChangesAreAnsweredUnavailable) {
    auto proxy = std::make_unique<TcpProxy>(port_of(server_url()));
    auto node = open_node({.url = with_port(url_, proxy->port()), .reconnect_max = std::chrono::milliseconds(50)});
    proxy.reset();
    EXPECT_EQ(submit(*node, note(1, 1)).get().outcome, Outcome::unavailable);
    EXPECT_FALSE(node->is_healthy());
    const auto status = node->read(
        [](app::Reader& reader) { return reader.query("test.settings", {}, [](const app::Row&) { return true; }); });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "storage.unavailable");
    EXPECT_EQ(admin_->ask("SELECT count(*) FROM entry"), 0);
}

TEST_F(PostgresFaults, AReadWhoseSessionEndedIsAskedAgainUnseen) {
    auto node = open_node({.url = url_, .read_max = std::chrono::milliseconds(60'000)});
    admin_->ask("SELECT 1, pg_advisory_lock(42)");
    std::atomic<int> rows{0};
    Status status;
    std::thread reader([&] {
        status = node->read([&](app::Reader& reader_of) {
            return reader_of.query("test.wait_for_lock", {std::int64_t{42}}, [&](const app::Row& row) {
                rows += static_cast<int>(row.integer(0));
                return true;
            });
        });
    });
    const std::string waiting =
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 42";
    EXPECT_TRUE(admin_->wait_until(waiting));
    EXPECT_EQ(admin_->end_sessions("reader"), 1);
    EXPECT_TRUE(admin_->wait_until(waiting));  // the repeated read
    admin_->ask("SELECT CAST(pg_advisory_unlock(42) AS INTEGER)");
    reader.join();
    EXPECT_TRUE(status) << status.error().detail;
    EXPECT_EQ(rows, 1);
}

TEST_F(PostgresFaults, AnIdleSessionThatEndedIsReplacedUnseen) {
    auto node = open_node({.url = url_});
    EXPECT_EQ(feed_after(*node, 0).size(), 0U);
    EXPECT_EQ(admin_->end_sessions("reader"), 1);
    EXPECT_EQ(feed_after(*node, 0).size(), 0U);
}

TEST_F(PostgresFaults, ASnapshotIsNotContinuedOnAnotherSession) {
    auto node = open_node({.url = url_});
    const auto nothing = [](const app::Row&) { return true; };
    const auto status = node->read([&](app::Reader& reader) -> Status {
        CHECK_OK(reader.query("test.settings", {}, nothing));
        EXPECT_EQ(admin_->end_sessions("reader"), 1);
        return reader.query("test.settings", {}, nothing);
    });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "storage.unavailable");
    EXPECT_EQ(feed_after(*node, 0).size(), 0U);
}

TEST_F(PostgresFaults, NumbersAndFeedComeBackAfterTheirSessionsEnded) {
    auto node = open_node({.url = url_, .probe_every = std::chrono::milliseconds(50)});
    EXPECT_EQ(admin_->end_sessions("(ids|feed)"), 2);
    EXPECT_TRUE(node->next_id(app::IdKind::incident));
    const std::string listening =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name ~ ' feed$' AND"
        " datname = current_database()";
    EXPECT_TRUE(admin_->wait_until(listening));
    admin_->ask(
        "INSERT INTO entry (pos, subject, subject_id, seq, at, recorded_at, actor_id, via, kind, public, inferred,"
        " data,"
        " scope_before, scope_after, hash) VALUES (9, 'incident', 1, 1, 0, 0, 0, 'api', 'x', 0, 0, '', '', '', '')");
    EXPECT_TRUE(admin_->wait_until("SELECT 0 FROM (SELECT pg_notify('firstline_feed', '9')) AS sent",
                                   [&] { return node->wait_for_feed(8, 0); }));
}

TEST_F(PostgresFaults, PositionsGoOnBehindRowsThatCameOtherwise) {
    auto node = open_node({.url = url_});
    admin_->ask(
        "INSERT INTO entry (pos, subject, subject_id, seq, at, recorded_at, actor_id, via, kind, public, inferred,"
        " data,"
        " scope_before, scope_after, hash) SELECT n, 'incident', n, 1, 0, 0, 0, 'api', 'x', 0, 0, '', '', '', ''"
        " FROM generate_series(1, 50) AS n");
    const auto committed = submit(*node, note(100, 1)).get();
    EXPECT_EQ(committed.outcome, Outcome::committed) << committed.detail;
    EXPECT_EQ(committed.first_pos, 51);
}

std::string open_code(const std::string& url, std::size_t beside = 0) {
    Options options{.url = url, .beside = beside};
    const auto store = PostgresStore::open(std::move(options));
    return store ? "opened" : store.error().code;
}

TEST_F(PostgresFaults, ADatabaseThatSortsOrEncodesOtherwiseIsRefused) {
    const std::string name = "firstline_test_" + to_hex(random_bytes(6));
    for (const auto& [how, code] :
         {std::pair{"LC_COLLATE 'C.UTF-8' LC_CTYPE 'C' ENCODING 'UTF8'", "storage.wrong_collation"},
          std::pair{"LC_COLLATE 'C' LC_CTYPE 'C' ENCODING 'LATIN1'", "storage.wrong_encoding"}}) {
        admin_->ask("CREATE DATABASE " + name + " TEMPLATE template0 " + how);
        EXPECT_EQ(open_code(with_database(server_url(), name)), code);
        ASSERT_TRUE(drop_database(server_url(), name));
    }
    EXPECT_EQ(create_database(server_url(), "postgres").error().code, "storage.database_exists");
}

// Runs the support script; what it prints.
std::string cluster(const std::string& arguments) {
    const std::string command = source_dir() + "/tests/support/postgres.sh " + arguments;
    std::string output;
    std::array<char, 256> buffer{};
    std::FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return {};
    while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr) output += buffer.data();
    pclose(pipe);
    while (!output.empty() && output.back() == '\n') output.pop_back();
    return output;
}

TEST(PostgresServer, OneThatWouldLoseDataIsRefused) {
    if (!std::filesystem::exists("/usr/lib/postgresql/15/bin/initdb"))
        GTEST_SKIP() << "skipped: no PostgreSQL 15 installed";
    const std::string directory =
        std::filesystem::temp_directory_path() / ("firstline-refused-" + to_hex(random_bytes(6)));
    for (const auto& [setting, code] :
         {std::pair{"fsync=off", "storage.not_durable"}, std::pair{"full_page_writes=off", "storage.not_durable"},
          std::pair{"max_connections=12", "storage.too_few_connections"}, std::pair{"max_connections=20", "opened"}}) {
        const std::string url = cluster("start " + directory + " " + setting);
        EXPECT_EQ(open_code(url), code) << setting;
        if (std::string_view(code) == "opened") {
            // 20 less the 3 for superusers; 11 are the store's own.
            EXPECT_EQ(open_code(url, 6), "opened");
            EXPECT_EQ(open_code(url, 7), "storage.too_few_connections");
        }
        cluster("stop " + directory);
    }
    cluster("remove " + directory);
    EXPECT_FALSE(std::filesystem::exists(directory));
}

}  // namespace
}  // namespace firstline::storage::postgres
