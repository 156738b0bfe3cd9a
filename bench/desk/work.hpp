// How much an engine does for a statement, counted exactly: SQLite's virtual machine steps, PostgreSQL's buffers. Not a time:
// the same on any machine, so that growth with the history shows where it begins (storage.md §5 "Lists").
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "desk/scenarios.hpp"
#include "server/node.hpp"

namespace firstline::bench {

// One query as the program asked it.
struct Asked {
    std::string statement;
    std::vector<app::Value> params;
    std::int64_t rows = 0;        // taken
    bool is_ended_early = false;  // the program wanted no more
};

// Passes everything on and notes what was asked.
class NotingReader final : public app::Reader {
public:
    explicit NotingReader(app::Reader& inner) : inner_(inner) {}
    Status query(std::string_view statement, std::span<const app::Value> params, const app::EachRow& each) override;
    [[nodiscard]] bool has_time_left() const override { return inner_.has_time_left(); }
    [[nodiscard]] const std::vector<Asked>& asked() const { return asked_; }

private:
    app::Reader& inner_;
    std::vector<Asked> asked_;
};

struct Work {
    std::string scenario, statement;
    std::int64_t amount = 0;  // steps or buffers, over all of the scenario's queries of this statement
    std::int64_t queries = 0;
};

// What each scenario costs by statement, in the order in which they are first asked. The desk is opened and closed.
[[nodiscard]] Result<std::vector<Work>> measure_work(const server::Location& location, const Plan& plan);

}  // namespace firstline::bench
