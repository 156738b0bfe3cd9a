#include "storage/sqlite/write/id_counters.hpp"

#include <algorithm>
#include <string>

namespace firstline::storage::sqlite {
namespace {

using app::IdKind;

struct KindRow {
    IdKind kind;
    std::string_view table;
    bool can_be_deleted;  // rows go, so the highest one left does not tell what was given
};
constexpr std::array<KindRow, app::kIdKindCount> kKinds{{
    {IdKind::incident, "incident", false},
    {IdKind::user, "person", false},
    {IdKind::team, "team", false},
    {IdKind::organization, "organization", false},
    {IdKind::category, "category", false},
    {IdKind::service, "service", false},
    {IdKind::tag, "tag", true},
    {IdKind::attachment, "attachment", true},
    {IdKind::token, "token", true},
    {IdKind::view, "view", true},
    {IdKind::job, "job", true},
    {IdKind::outbox, "outbox", true},
}};
constexpr std::int64_t kAhead = 1'024;

Result<std::int64_t> recorded_floor(Connection& connection, const Catalogue& catalogue, const KindRow& row) {
    std::int64_t floor = 1;
    const std::array<app::Value, 1> params{std::string(row.table)};
    CHECK_OK(run_query(connection, catalogue, "store.id_floor", params, [&](const app::Row& found) {
        floor = found.integer(0);
        return false;
    }));
    return floor;
}

}  // namespace

Status IdCounters::load(Connection& connection, const Catalogue& catalogue) {
    for (const KindRow& row : kKinds) {
        TRY(const std::string highest,
            connection.value_of("SELECT COALESCE(MAX(id), 0) FROM " + std::string(row.table)));
        TRY(const std::int64_t floor, recorded_floor(connection, catalogue, row));
        floors_[place(row.kind)] = raised_[place(row.kind)] = floor;
        const std::int64_t next = std::max(std::stoll(highest) + 1, static_cast<long long>(floor));
        std::atomic<std::int64_t>& counter = next_[place(row.kind)];
        std::int64_t current = counter.load();
        while (current < next && !counter.compare_exchange_weak(current, next)) {}
    }
    return {};
}

int IdCounters::raise_floors(Connection& connection, const Catalogue& catalogue) {
    for (const KindRow& row : kKinds) {
        const std::int64_t next = next_[place(row.kind)].load(std::memory_order_relaxed);
        if (!row.can_be_deleted || next <= raised_[place(row.kind)]) continue;
        auto execution = connection.execution(*catalogue.find("store.raise_id_floor"));
        if (!execution) return connection.error_code();
        execution->bind_text(1, row.table);
        execution->bind(2, next + kAhead);
        if (const int code = execution->finish(); code != SQLITE_OK) return code;
        raised_[place(row.kind)] = next + kAhead;
    }
    return SQLITE_OK;
}

}  // namespace firstline::storage::sqlite
