// What a whole node asks of its database at the start (storage.md §3).
#include "server/node.hpp"

#include <gtest/gtest.h>

#include "app/test_desk.hpp"
#include "storage/postgres/test/test_database.hpp"

namespace firstline::test {
namespace {

using namespace storage::postgres;

TEST(Node, CountsTheConnectionsOfItsSearchToo) {
    SKIP_WITHOUT_POSTGRES();
    const ScratchDatabase database;
    Admin admin(database.url());
    const auto granted =
        static_cast<std::size_t>(admin.ask("SELECT CAST(current_setting('max_connections') AS BIGINT)"
                                           " - CAST(current_setting('superuser_reserved_connections') AS BIGINT)"));
    // Beside the workers: 2 readers, a writer, numbers, the feed, 2 searches and the indexer.
    constexpr std::size_t kBeside = 8;
    server::NodeOptions options;
    options.location.url = database.url();
    options.workers = granted - kBeside + 1;
    const auto node = server::Node::open(std::move(options));
    ASSERT_FALSE(node);
    EXPECT_EQ(node.error().code, "storage.too_few_connections");
    EXPECT_NE(node.error().detail.find("needs " + std::to_string(granted + 1) + " connections"), std::string::npos)
        << node.error().detail;
}

}  // namespace
}  // namespace firstline::test
