// One interactive transaction on the writer's connection (storage.md §1, `write_alone`).
#pragma once

#include <functional>

#include "app/port/store.hpp"
#include "storage/sqlite/connection/connection.hpp"

namespace firstline::storage::sqlite {

// For the turn's holder; used once.
class AloneWriter final : public app::Writer {
public:
    AloneWriter(Connection& connection, const Catalogue& catalogue) : connection_(connection), catalogue_(catalogue) {}
    ~AloneWriter() override { roll_back(); }  // also where `body` throws
    AloneWriter(const AloneWriter&) = delete;
    AloneWriter& operator=(const AloneWriter&) = delete;

    // Begins, runs `body`, commits; rolled back where either fails. What is deleted is overwritten on the disk.
    [[nodiscard]] Status run(const std::function<Status(app::Writer&)>& body);
    [[nodiscard]] int engine_failure() const { return engine_failure_; }

    Status query(std::string_view statement, std::span<const app::Value> params, const app::EachRow& each) override;
    [[nodiscard]] bool has_time_left() const override { return true; }
    Result<std::int64_t> execute(const app::Write& write) override;

private:
    Status run_own(const char* sql);
    void roll_back();
    void note_failure();
    Connection& connection_;
    const Catalogue& catalogue_;
    int engine_failure_ = SQLITE_OK;
};

}  // namespace firstline::storage::sqlite
