// The storage port's contract (app/port/store.hpp): the same cases on every engine. An engine's test joins with
//   INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(sqlite_databases()), contract_name);
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "app/port/store.hpp"
#include "storage/embedded.hpp"

namespace firstline::storage::contract {

// The program's statements and those that only the contract's cases use.
[[nodiscard]] std::span<const EmbeddedFile> contract_sql();

struct OpenOptions {
    std::span<const EmbeddedFile> sql;
    std::size_t queue_max = 4096;
};

// One database of its own for one test: empty when made, gone when destroyed.
class TestDatabase {
public:
    virtual ~TestDatabase() = default;
    // Migrates and opens. Closing the store and opening again finds what was committed.
    virtual Result<std::unique_ptr<app::Store>> open(const OpenOptions& options) = 0;
};

struct StoreFactory {
    std::string name;
    std::function<std::unique_ptr<TestDatabase>()> make;
    bool allows_two_nodes = false;  // two stores on one database at the same time
    bool limits_reads = false;      // a read is ended after 250 ms
};
inline std::ostream& operator<<(std::ostream& out, const StoreFactory& factory) { return out << factory.name; }
[[nodiscard]] inline std::string contract_name(const testing::TestParamInfo<StoreFactory>& info) {
    return info.param.name;
}

class StoreContract : public testing::TestWithParam<StoreFactory> {
protected:
    void SetUp() override;
    void TearDown() override;
    void reopen(std::size_t queue_max = 4096);
    [[nodiscard]] std::unique_ptr<app::Store> open_another();  // another node on the same database

    // Submits and waits for the answer.
    app::Committed commit(app::Change change);
    static app::Committed commit_on(app::Store& store, app::Change change);
    // The rows of a statement, columns joined by '|', NULL as "null".
    [[nodiscard]] std::vector<std::string> rows(std::string_view statement, std::vector<app::Value> params = {});
    [[nodiscard]] std::string setting(const std::string& name);  // "" where missing

    std::unique_ptr<TestDatabase> database_;
    std::unique_ptr<app::Store> store_;
};

[[nodiscard]] std::future<app::Committed> submit(app::Store& store, app::Change change);

// A write of setting (name, value): the cases' plainest row; a taken name is a conflict.
[[nodiscard]] app::Write put_setting(const std::string& name, const std::string& value);
[[nodiscard]] app::NewEntry entry_of(std::int64_t subject_id, std::int64_t seq, const std::string& data = "{}");
// A change of one entry.
[[nodiscard]] app::Change change_of(std::int64_t subject_id, std::int64_t seq, const std::string& data = "{}");

}  // namespace firstline::storage::contract
