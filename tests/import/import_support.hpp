// What the import's tests share: a desk of their own on each engine, files of the repository, one import, one report.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "app/core/toolbox.hpp"
#include "app/identity/init_desk.hpp"
#include "app/imports/import.hpp"
#include "app/reports/overview.hpp"
#include "intake/mapping/mapping_file.hpp"
#include "intake/table/csv.hpp"
#include "storage/postgres/postgres_store.hpp"
#include "storage/postgres/test/test_database.hpp"
#include "storage/sqlite/blob/blob_files.hpp"
#include "storage/sqlite/sqlite_store.hpp"
#include "storage/sqlite/test/temporary_directory.hpp"
#include "support/source_dir.hpp"

namespace firstline::import_test {

// No test of imports touches attachments.
class NoBlobs final : public app::BlobStore {
public:
    Result<std::unique_ptr<app::BlobUpload>> begin(std::int64_t) override { return none(); }
    Result<std::unique_ptr<app::BlobReader>> open(const Sha256&) override { return none(); }
    Status remove(const Sha256&) override { return none(); }
    [[nodiscard]] std::string_view place() const override { return "file"; }

private:
    static tl::unexpected<Error> none() {
        return fail(ErrorKind::not_found, "attachment.not_found", "There are none.");
    }
};

// The product's statements and what these tests ask besides.
[[nodiscard]] inline std::span<const storage::EmbeddedFile> test_sql() {
    static constexpr std::string_view kStatements = R"sql(
-- name: test.outbox_rows
-- Messages that wait to be sent, or were.
SELECT COUNT(*) FROM outbox;
)sql";
    static const std::vector<storage::EmbeddedFile> kFiles = [] {
        std::vector<storage::EmbeddedFile> files(storage::sql_files().begin(), storage::sql_files().end());
        files.push_back({"import_test.sql", kStatements});
        return files;
    }();
    return kFiles;
}

// A database of one test; opened, closed and opened again it is the same.
class Database {
public:
    virtual ~Database() = default;
    virtual std::unique_ptr<app::Store> open() = 0;
};

class SqliteDatabase final : public Database {
public:
    std::unique_ptr<app::Store> open() override {
        storage::sqlite::Options options;
        options.directory = directory_ / "desk";
        options.sql = test_sql();
        auto store = storage::sqlite::SqliteStore::open(std::move(options));
        if (!store) ADD_FAILURE() << store.error().code << ": " << store.error().detail;
        return store ? std::move(*store) : nullptr;
    }

private:
    storage::sqlite::TemporaryDirectory directory_;
};

class PostgresDatabase final : public Database {
public:
    std::unique_ptr<app::Store> open() override {
        auto store = storage::postgres::PostgresStore::open({.url = database_.url(), .sql = test_sql()});
        if (!store) ADD_FAILURE() << store.error().code << ": " << store.error().detail;
        return store ? std::move(*store) : nullptr;
    }

private:
    storage::postgres::ScratchDatabase database_;
};

// A fresh desk without the demo, and its administrator.
class Desk {
public:
    explicit Desk(std::unique_ptr<Database> database) : database_(std::move(database)) {
        open();
        app::InitRequest request;
        request.admin_password = "a long enough password 47";
        const auto made = app::init_desk(*store_, clock_, request);
        EXPECT_TRUE(made) << made.error().code << ": " << made.error().detail;
    }
    ~Desk() { close(); }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    void open() {
        store_ = database_->open();
        runner_ = std::make_unique<app::Runner>(*store_, app::Runner::Options{.workers = 2});
        desks_ = std::make_unique<app::DeskCache>();
        tools_ = std::make_unique<app::Toolbox>(app::Toolbox{*store_, blobs_, clock_, *desks_, *runner_});
    }
    void close() {
        if (runner_) runner_->stop();
        if (store_) store_->stop();
        tools_.reset();
        runner_.reset();
        store_.reset();
    }

    [[nodiscard]] app::Store& store() { return *store_; }
    [[nodiscard]] app::Toolbox& tools() { return *tools_; }
    [[nodiscard]] app::ManualClock& clock() { return clock_; }
    [[nodiscard]] static app::Session administrator() {
        app::Session session;
        session.caller.user = domain::UserId{1};
        session.caller.roles = domain::Roles(domain::Role::admin);
        session.caller.roles.add(domain::Role::agent);
        session.key = "admin";
        session.name = "Administrator";
        session.via = "cli";
        return session;
    }

    // Imports a table; a failure of the import is the test's, unless `error` takes it.
    app::imports::ImportReport import(std::unique_ptr<intake::table::Bytes> bytes, const app::imports::Mapping& mapping,
                                      const app::imports::ImportOptions& options = {}, Error* error = nullptr) {
        intake::table::CsvOptions csv_options;
        csv_options.separator = mapping.separator;
        auto csv = intake::table::Csv::open(std::move(bytes), csv_options);
        if (!csv) {
            if (error == nullptr) ADD_FAILURE() << csv.error().code << ": " << csv.error().detail;
            if (error != nullptr) *error = csv.error();
            return {};
        }
        auto report = app::imports::import_incident_log(*tools_, administrator(), **csv, mapping, options);
        if (report) return std::move(*report);
        if (error == nullptr) ADD_FAILURE() << report.error().code << ": " << report.error().detail;
        if (error != nullptr) *error = report.error();
        return {};
    }

    [[nodiscard]] std::int64_t outbox_rows() {
        std::int64_t rows = -1;
        const auto status = store_->read([&](app::Reader& reader) {
            return reader.query("test.outbox_rows", {}, [&](const app::Row& row) {
                rows = row.integer(0);
                return false;
            });
        });
        EXPECT_TRUE(status);
        return rows;
    }

    [[nodiscard]] boost::json::value overview() {
        const auto report = app::reports::overview(*store_);
        if (!report) {
            ADD_FAILURE() << report.error().code << ": " << report.error().detail;
            return nullptr;
        }
        return boost::json::parse(app::reports::to_json(*report));
    }

private:
    std::unique_ptr<Database> database_;
    app::ManualClock clock_{Instant{1'780'000'000'000'000}};
    NoBlobs blobs_;
    std::unique_ptr<app::Store> store_;
    std::unique_ptr<app::Runner> runner_;
    std::unique_ptr<app::DeskCache> desks_;
    std::unique_ptr<app::Toolbox> tools_;
};

[[nodiscard]] inline std::string in_source(const std::string& path) { return source_dir() + "/" + path; }

[[nodiscard]] inline std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file) << path << " is missing";
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
}

[[nodiscard]] inline std::unique_ptr<intake::table::Bytes> file_of(const std::string& path) {
    auto bytes = intake::table::open_file(path);
    if (!bytes) ADD_FAILURE() << bytes.error().detail;
    return bytes ? std::move(*bytes) : *intake::table::from_memory("");
}
[[nodiscard]] inline std::unique_ptr<intake::table::Bytes> memory_of(std::string text) {
    return std::move(*intake::table::from_memory(std::move(text)));
}

[[nodiscard]] inline app::imports::Mapping built_in() {
    auto mapping = intake::mapping::parse_mapping(intake::mapping::built_in_mapping());
    if (!mapping) ADD_FAILURE() << mapping.error().detail;
    return mapping ? *mapping : app::imports::Mapping{};
}

// Objects as text with sorted keys: members' order is no difference.
[[nodiscard]] inline std::string canonical(const boost::json::value& value) {
    if (const auto* object = value.if_object()) {
        std::map<std::string, std::string> members;
        for (const auto& [key, member] : *object) members.emplace(std::string(key), canonical(member));
        std::string out = "{";
        for (const auto& [key, member] : members) out += (out.size() > 1 ? ", \"" : "\"") + key + "\": " + member;
        return out + "}";
    }
    if (value.is_number()) {
        // 0 and 0.0 are the same figure; four decimals are exact in this form.
        char text[32];
        std::snprintf(text, sizeof text, "%.4f", value.to_number<double>());
        return text;
    }
    return boost::json::serialize(value);
}

// The engines that a test runs on: SQLite always, PostgreSQL where FIRSTLINE_TEST_POSTGRES names a server.
struct Engine {
    std::string name;
    std::function<std::unique_ptr<Database>()> make;
};
[[nodiscard]] inline std::vector<Engine> engines() {
    std::vector<Engine> out{{"sqlite", [] { return std::make_unique<SqliteDatabase>(); }}};
    if (!storage::postgres::server_url().empty())
        out.push_back({"postgres", [] { return std::make_unique<PostgresDatabase>(); }});
    return out;
}
[[nodiscard]] inline std::string engine_name(const testing::TestParamInfo<Engine>& info) { return info.param.name; }
inline std::ostream& operator<<(std::ostream& out, const Engine& engine) { return out << engine.name; }

class ImportTest : public testing::TestWithParam<Engine> {
protected:
    Desk desk_{GetParam().make()};
};

}  // namespace firstline::import_test
