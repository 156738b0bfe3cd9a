// The storage contract on PostgreSQL, with one writer connection and with two.
#include "storage/contract/store_contract.hpp"
#include "storage/postgres/postgres_store.hpp"
#include "storage/postgres/test/test_database.hpp"

namespace firstline::storage::postgres {
namespace {

class PostgresDatabase final : public contract::TestDatabase {
public:
    explicit PostgresDatabase(std::size_t writers) : writers_(writers) {}
    Result<std::unique_ptr<app::Store>> open(const contract::OpenOptions& options) override {
        Options opened{.url = database_.url(), .readers_max = 8};
        opened.writers = writers_;
        opened.queue_max = options.queue_max;
        opened.read_max = std::chrono::milliseconds(250);
        opened.sql = options.sql;
        TRY(auto store, PostgresStore::open(std::move(opened)));
        return store;
    }

private:
    ScratchDatabase database_;
    std::size_t writers_;
};

contract::StoreFactory factory(std::string name, std::size_t writers) {
    return {.name = std::move(name),
            .make = [writers] { return std::make_unique<PostgresDatabase>(writers); },
            .allows_two_nodes = true,
            .limits_reads = true};
}

std::vector<contract::StoreFactory> factories() {
    if (server_url().empty()) return {};
    return {factory("one_writer", 1), factory("two_writers", 2)};
}

TEST(PostgresContract, HasAServer) { SKIP_WITHOUT_POSTGRES(); }

}  // namespace
}  // namespace firstline::storage::postgres

namespace firstline::storage::contract {
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreContract);
INSTANTIATE_TEST_SUITE_P(Postgres, StoreContract, testing::ValuesIn(postgres::factories()), contract_name);
}  // namespace firstline::storage::contract
