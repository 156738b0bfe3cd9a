// Backup of a running desk and restore (storage.md §2).
#include "storage/sqlite/backup/backup.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <future>
#include <thread>

#include "storage/contract/store_contract.hpp"
#include "storage/sqlite/durable_file.hpp"
#include "storage/sqlite/sqlite_store.hpp"
#include "storage/sqlite/test/temporary_directory.hpp"

namespace firstline::storage::sqlite {
namespace {

namespace fs = std::filesystem;
using contract::change_of;

class Backup : public testing::Test {
protected:
    std::unique_ptr<SqliteStore> open(const std::string& name) {
        Options options;
        options.directory = directory_ / name;
        options.sql = contract::contract_sql();
        auto opened = SqliteStore::open(std::move(options));
        if (!opened) ADD_FAILURE() << opened.error().code << ": " << opened.error().detail;
        return opened ? std::move(*opened) : nullptr;
    }
    static void set_up_desk(app::Store& store) {
        EXPECT_TRUE(store.write_alone([](app::Writer& writer) -> Status {
            TRY([[maybe_unused]] const auto count, writer.execute({"test.desk_insert", {app::Blob{"s"}}}));
            return {};
        }));
    }
    static app::Outcome commit(app::Store& store, app::Change change) {
        std::promise<app::Outcome> answer;
        auto answered = answer.get_future();
        store.submit(std::move(change), [&](const app::Committed& committed) { answer.set_value(committed.outcome); });
        return answered.get();
    }
    static std::int64_t number(app::Store& store, std::string_view statement) {
        std::int64_t found = -1;
        EXPECT_TRUE(store.read([&](app::Reader& reader) {
            return reader.query(statement, {}, [&](const app::Row& row) {
                found = row.integer(0);
                return true;
            });
        }));
        return found;
    }
    static std::string epoch(app::Store& store) {
        std::string found;
        EXPECT_TRUE(store.read([&](app::Reader& reader) {
            return reader.query("store.desk", {}, [&](const app::Row& row) {
                found = row.text(1);
                return true;
            });
        }));
        return found;
    }
    static Sha256 put_blob(BlobFiles& blobs, std::string_view bytes) {
        auto upload = blobs.begin(1'000);
        EXPECT_TRUE(upload);
        EXPECT_TRUE((*upload)->append(bytes));
        return (*upload)->finish()->sha256;
    }
    static void spoil(const std::string& path) {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(5'000);
        file.put('\x5a');
        ASSERT_TRUE(file.good()) << path;
    }
    TemporaryDirectory directory_;
};

TEST_F(Backup, RoundTripBesideAWriter) {
    auto store = open("desk");
    set_up_desk(*store);
    auto blobs = BlobFiles::open(directory_ / "desk");
    ASSERT_TRUE(blobs);
    const auto blob = put_blob(**blobs, "attached");
    for (int i = 1; i <= 50; ++i)
        ASSERT_EQ(commit(*store, change_of(i, 1, std::string(3'000, 'x'))), app::Outcome::committed);

    std::atomic<bool> is_over{false};
    std::thread writer([&] {
        for (int i = 51; !is_over; ++i) EXPECT_EQ(commit(*store, change_of(i, 1)), app::Outcome::committed);
    });
    const auto manifest = store->back_up(directory_ / "copy", blobs->get());
    is_over = true;
    writer.join();
    ASSERT_TRUE(manifest) << manifest.error().detail;
    EXPECT_GE(manifest->position, 50);
    EXPECT_EQ(manifest->desk_id, "desk");
    EXPECT_EQ(manifest->files.size(), 2U);

    const auto restored = restore(directory_ / "copy", directory_ / "again");
    ASSERT_TRUE(restored) << restored.error().code << restored.error().detail;
    auto second = open("again");
    EXPECT_EQ(number(*second, "store.last_pos"), manifest->position);
    EXPECT_EQ(epoch(*store), "first");
    EXPECT_EQ(epoch(*second), restored->epoch);
    EXPECT_NE(epoch(*second), "first");
    auto second_blobs = BlobFiles::open(directory_ / "again");
    EXPECT_TRUE((*second_blobs)->open(blob));
    EXPECT_EQ(commit(*second, change_of(1, 2)), app::Outcome::committed);
}

TEST_F(Backup, ADamagedOrUnfinishedBackupIsNotRestored) {
    auto store = open("desk");
    set_up_desk(*store);
    ASSERT_TRUE(store->back_up(directory_ / "copy", nullptr));
    const auto code_of = [&](const std::string& target) {
        const auto restored = restore(directory_ / "copy", directory_ / target);
        return restored ? std::string("restored") : restored.error().code;
    };
    spoil(directory_ / "copy/firstline.db");
    EXPECT_EQ(code_of("a"), "storage.backup_damaged");
    // What was begun is not taken for a desk.
    Options options;
    options.directory = directory_ / "a";
    EXPECT_EQ(SqliteStore::open(options).error().code, "storage.restore_unfinished");
    fs::remove(directory_ / "copy/manifest.json");
    EXPECT_EQ(code_of("b"), "storage.no_backup");
    EXPECT_FALSE(fs::exists(directory_ / "b"));
}

TEST_F(Backup, NothingIsOverwritten) {
    auto store = open("desk");
    set_up_desk(*store);
    ASSERT_TRUE(store->back_up(directory_ / "copy", nullptr));
    EXPECT_EQ(store->back_up(directory_ / "copy", nullptr).error().code, "storage.not_empty");
    EXPECT_EQ(restore(directory_ / "copy", directory_ / "desk").error().code, "storage.not_empty");
}

TEST_F(Backup, AManifestThatNamesOtherPlacesIsRefused) {
    auto store = open("desk");
    set_up_desk(*store);
    auto manifest = store->back_up(directory_ / "copy", nullptr);
    ASSERT_TRUE(manifest);
    int number_of_target = 0;
    for (const char* path : {"../firstline.db", "/etc/passwd", "blobs/../../x", "blobs/short"}) {
        auto changed = *manifest;
        changed.files.push_back({path, std::string(64, '0'), 1});
        fs::remove(directory_ / "copy/manifest.json");
        ASSERT_TRUE(write_manifest(directory_ / "copy", changed));
        const std::string target = directory_ / ("target" + std::to_string(++number_of_target));
        EXPECT_EQ(restore(directory_ / "copy", target).error().code, "storage.backup_damaged") << path;
    }
}

TEST_F(Backup, ABackupOfANewerProgramIsNotRestored) {
    auto store = open("desk");
    set_up_desk(*store);
    const auto copied = store->back_up(directory_ / "copy", nullptr);
    ASSERT_TRUE(copied);
    ASSERT_GT(copied->min_program, 0);
    EXPECT_EQ(restore(directory_ / "copy", directory_ / "old", {}).error().code, "storage.schema_too_new");
}

TEST_F(Backup, BeforeAMigrationTheDatabaseIsCopied) {
    Options options;
    options.directory = directory_ / "desk";
    options.sql = contract::contract_sql();
    {
        auto store = SqliteStore::open(options);
        ASSERT_TRUE(store);
        set_up_desk(**store);
        EXPECT_EQ(commit(**store, change_of(1, 1)), app::Outcome::committed);
    }
    EXPECT_FALSE(fs::exists(directory_ / "desk/backups"));
    std::vector<EmbeddedFile> migrations(migration_files().begin(), migration_files().end());
    const int next = load_migrations(app::DatabaseKind::sqlite)->back().version + 1;
    const std::string digits = std::to_string(10'000 + next).substr(1);
    const std::string bad = digits + "_bad.sql", good = digits + "_good.sql";
    options.migrations = migrations;
    migrations.push_back({bad, "CREATE TABLE more (a {int}) {strict}; INSERT INTO no_such VALUES (1);"});
    options.migrations = migrations;
    const auto failed = SqliteStore::open(options);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, "storage.migration_failed");
    migrations.back() = {good, "CREATE TABLE more (a {int}) {strict};"};
    {
        auto store = SqliteStore::open(options);
        ASSERT_TRUE(store) << store.error().detail;
        EXPECT_EQ(number(**store, "store.last_pos"), 1);
    }
    const auto manifest = read_manifest(directory_ / ("desk/backups/before-" + digits));
    ASSERT_TRUE(manifest) << manifest.error().detail;
    EXPECT_EQ(manifest->position, 1);
    EXPECT_EQ(manifest->schema_version, next - 1);
    EXPECT_TRUE(restore(directory_ / ("desk/backups/before-" + digits), directory_ / "back"));
    // The older program still runs on the next schema.
    options.migrations = migration_files();
    EXPECT_TRUE(SqliteStore::open(options));
}

}  // namespace
}  // namespace firstline::storage::sqlite
