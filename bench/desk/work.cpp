// Asking each scenario once and counting every query of it again on a connection of its own.
#include "desk/work.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "storage/postgres/connection/connection.hpp"
#include "storage/sqlite/connection/connection.hpp"

namespace firstline::bench {

using namespace app;
using storage::Catalogue;

namespace {

class Counter {
public:
    virtual ~Counter() = default;
    virtual Result<std::int64_t> count(const Asked& asked) = 0;
};

class SqliteCounter final : public Counter {
public:
    static Result<std::unique_ptr<Counter>> open(const std::string& directory) {
        auto out = std::make_unique<SqliteCounter>();
        TRY(out->catalogue_, Catalogue::load(DatabaseKind::sqlite));
        TRY(out->connection_,
            storage::sqlite::Connection::open({.path = directory + "/firstline.db", .is_read_only = true}));
        return std::unique_ptr<Counter>(std::move(out));
    }
    Result<std::int64_t> count(const Asked& asked) override {
        TRY(const auto* statement, storage::sqlite::find_statement(*catalogue_, asked.statement, asked.params.size()));
        TRY(auto execution, connection_->execution(*statement));
        execution.bind_all(asked.params);
        sqlite3_stmt_status(execution.raw(), SQLITE_STMTSTATUS_VM_STEP, 1);
        std::int64_t rows = 0;
        int code = SQLITE_ROW;
        while (code == SQLITE_ROW && !(asked.is_ended_early && rows == asked.rows)) {
            code = execution.step();
            if (code == SQLITE_ROW) ++rows;
        }
        if (code != SQLITE_ROW && code != SQLITE_DONE) return fail(connection_->error(asked.statement));
        return std::int64_t{sqlite3_stmt_status(execution.raw(), SQLITE_STMTSTATUS_VM_STEP, 0)};
    }

private:
    std::shared_ptr<const Catalogue> catalogue_;
    std::unique_ptr<storage::sqlite::Connection> connection_;
};

// EXPLAIN (ANALYZE, BUFFERS) counts each page that the plan asks for, wherever it comes from.
class PostgresCounter final : public Counter {
public:
    static Result<std::unique_ptr<Counter>> open(const std::string& url) {
        auto out = std::make_unique<PostgresCounter>();
        TRY(out->catalogue_, Catalogue::load(DatabaseKind::postgres));
        TRY(out->connection_, storage::postgres::Connection::open({.url = url}));
        // A table of a few pages is read whole, which says nothing of how the work grows.
        if (const auto failure = out->connection_->run_script("SET enable_seqscan = off"))
            return fail(storage::postgres::to_error(*failure));
        return std::unique_ptr<Counter>(std::move(out));
    }
    Result<std::int64_t> count(const Asked& asked) override {
        const auto* statement = catalogue_->find(asked.statement);
        if (statement == nullptr) return fail(ErrorKind::internal, "bench.work", "no statement " + asked.statement);
        storage::postgres::Parameters parameters;
        parameters.add_all(asked.params);
        const std::string sql = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + statement->text;
        const auto reply = connection_->run(sql, parameters);
        if (reply.failure) return fail(storage::postgres::to_error(*reply.failure));
        const storage::postgres::ResultRow row(reply.result.get(), 0);
        boost::system::error_code broken;
        const auto told = boost::json::parse(boost::json::string_view(row.text(0).data(), row.text(0).size()), broken);
        if (broken) return fail(ErrorKind::internal, "bench.work", "EXPLAIN of " + asked.statement);
        const auto& plan = told.at(0).at("Plan").as_object();
        return plan.at("Shared Hit Blocks").to_number<std::int64_t>() +
               plan.at("Shared Read Blocks").to_number<std::int64_t>();
    }

private:
    std::shared_ptr<const Catalogue> catalogue_;
    std::unique_ptr<storage::postgres::Connection> connection_;
};

}  // namespace

Status NotingReader::query(std::string_view statement, std::span<const Value> params, const EachRow& each) {
    Asked asked{std::string(statement), {params.begin(), params.end()}};
    CHECK_OK(inner_.query(statement, params, [&](const Row& row) {
        ++asked.rows;
        const bool goes_on = each(row);
        asked.is_ended_early = !goes_on;
        return goes_on;
    }));
    asked_.push_back(std::move(asked));
    return {};
}

Result<std::vector<Work>> measure_work(const server::Location& location, const Plan& plan) {
    server::NodeOptions options;
    options.location = location;
    TRY(auto node, server::Node::open(std::move(options)));
    TRY(const auto counter,
        location.is_postgres() ? PostgresCounter::open(location.url) : SqliteCounter::open(location.directory));
    TRY(const auto all, scenarios(node->tools(), plan));
    std::vector<Work> out;
    for (const Scenario& scenario : all) {
        std::vector<Asked> asked;
        CHECK_OK(node->store().read([&](Reader& reader) -> Status {
            NotingReader noting(reader);
            TRY([[maybe_unused]] const auto rows, ask(noting, node->tools(), scenario));
            asked = noting.asked();
            return {};
        }));
        for (const Asked& one : asked) {
            TRY(const std::int64_t amount, counter->count(one));
            auto found = std::find_if(out.begin(), out.end(), [&](const Work& work) {
                return work.scenario == scenario.name && work.statement == one.statement;
            });
            if (found == out.end()) found = out.insert(out.end(), {scenario.name, one.statement});
            found->amount += amount;
            ++found->queries;
        }
    }
    return out;
}

}  // namespace firstline::bench
