// A small desk on a real database, worked through the use cases: the ground of the tests in this folder.
//   teams: desk (anna), network (bo); requesters: ida and olle of acme, kim of nobody; tea audits
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "app/incidents/use_cases.hpp"

namespace firstline::test {

enum class Engine : std::uint8_t { sqlite, postgres };
inline std::ostream& operator<<(std::ostream& out, Engine engine) {
    return out << (engine == Engine::sqlite ? "sqlite" : "postgres");
}
[[nodiscard]] inline std::string engine_name(const testing::TestParamInfo<Engine>& info) {
    return info.param == Engine::sqlite ? "sqlite" : "postgres";
}
// Whether the engine can be had here: PostgreSQL only where FIRSTLINE_TEST_POSTGRES names a server.
[[nodiscard]] bool is_available(Engine engine);

// A directory below the system's, gone at the end.
class ScratchDirectory {
public:
    ScratchDirectory();
    ~ScratchDirectory();
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

class TestDesk {
public:
    explicit TestDesk(Engine engine);
    ~TestDesk();
    TestDesk(const TestDesk&) = delete;
    TestDesk& operator=(const TestDesk&) = delete;

    [[nodiscard]] app::Store& store() { return *store_; }
    [[nodiscard]] app::Toolbox& tools() { return *tools_; }
    [[nodiscard]] app::ManualClock& clock() { return clock_; }
    [[nodiscard]] app::DeskCache& desks() { return desks_; }
    [[nodiscard]] const std::string& directory() const { return directory_.path(); }  // of the SQLite files
    [[nodiscard]] std::string postgres_url() const;

    // Another node on the same database (PostgreSQL).
    [[nodiscard]] std::unique_ptr<app::Store> open_another_node();
    // Closes the store, lets `tamper` at the database file by plain SQLite, opens it again.
    void tamper(const std::function<void(const std::function<void(const std::string&)>& run)>& body);

    [[nodiscard]] app::Session session(const std::string& key);
    // Use cases; they must succeed.
    std::int64_t log(const std::string& who, const std::string& title, const std::string& description = "",
                     const std::function<void(app::LogRequest&)>& more = nullptr);
    void note(const std::string& who, std::int64_t id, const std::string& text);
    void reply(const std::string& who, std::int64_t id, const std::string& text);
    void act(const std::string& who, std::int64_t id, domain::Action action,
             const std::function<void(app::ActionRequest&)>& more = nullptr);
    void edit(const std::string& who, std::int64_t id, const std::function<void(app::EditRequest&)>& fill);
    // Takes a text out of an entry as a redaction does: the text, what stands of it in the row, and an entry of its own.
    void redact(std::int64_t id, std::int64_t seq, const std::string& field, bool is_standing_text);

    // A statement alone; it must succeed.
    void write(const app::Write& write);
    // A change without an incident.
    app::Committed commit(app::Change change);
    // Changes the configuration: the writes, and an entry about `subject`.
    void configure(std::vector<app::Write> writes, std::string_view subject, std::int64_t subject_id);
    [[nodiscard]] std::int64_t number_of(std::string_view statement, std::vector<app::Value> params = {});

private:
    struct Database;
    void open();
    void close();
    void make_desk();
    void run(std::int64_t key, const std::function<Result<std::optional<app::Change>>(app::Reader&)>& decide);

    ScratchDirectory directory_;
    Engine engine_;
    std::unique_ptr<Database> database_;
    app::ManualClock clock_{Instant{1'770'000'000'000'000}};
    app::DeskCache desks_;
    std::unique_ptr<app::BlobStore> blobs_;
    std::unique_ptr<app::Store> store_;
    std::unique_ptr<app::Runner> runner_;
    std::unique_ptr<app::Toolbox> tools_;
    std::int64_t configurations_ = 0;
};

// The fixture of every test of this folder.
class OnBothEngines : public testing::TestWithParam<Engine> {
protected:
    void SetUp() override {
        if (!is_available(GetParam())) GTEST_SKIP() << "skipped: FIRSTLINE_TEST_POSTGRES not set";
        desk_ = std::make_unique<TestDesk>(GetParam());
    }
    [[nodiscard]] TestDesk& desk() { return *desk_; }
    std::unique_ptr<TestDesk> desk_;
};

// Waits until `holds`; fails the test after ten seconds.
void await(const std::function<bool()>& holds, const char* what);

}  // namespace firstline::test
