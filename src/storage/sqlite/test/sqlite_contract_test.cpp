// The storage contract on SQLite.
#include "storage/contract/store_contract.hpp"
#include "storage/sqlite/sqlite_store.hpp"
#include "storage/sqlite/test/temporary_directory.hpp"

namespace firstline::storage::contract {
namespace {

class SqliteDatabase final : public TestDatabase {
public:
    Result<std::unique_ptr<app::Store>> open(const OpenOptions& options) override {
        sqlite::Options own;
        own.directory = directory_ / "desk";
        own.queue_max = options.queue_max;
        own.sql = options.sql;
        TRY(auto store, sqlite::SqliteStore::open(std::move(own)));
        return store;
    }

private:
    sqlite::TemporaryDirectory directory_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract,
                         testing::Values(StoreFactory{.name = "files",
                                                      .make = [] { return std::make_unique<SqliteDatabase>(); },
                                                      .limits_reads = true}),
                         contract_name);

}  // namespace
}  // namespace firstline::storage::contract
