#include "storage/sqlite/write/alone_writer.hpp"

namespace firstline::storage::sqlite {

Status AloneWriter::run(const std::function<Status(app::Writer&)>& body) {
    CHECK_OK(run_own("PRAGMA secure_delete = ON"));
    CHECK_OK(run_own("BEGIN IMMEDIATE"));
    Status status = body(*this);
    if (status && engine_failure_ == SQLITE_OK) status = run_own("COMMIT");
    if (status && engine_failure_ != SQLITE_OK) {
        status = fail(ErrorKind::unavailable, "storage.unavailable", "the database failed within the transaction");
    }
    roll_back();
    return status;
}

void AloneWriter::roll_back() {
    if (connection_.is_in_transaction()) static_cast<void>(connection_.run("ROLLBACK"));
    static_cast<void>(connection_.run("PRAGMA secure_delete = FAST"));
}

Status AloneWriter::run_own(const char* sql) {
    if (connection_.run(sql) == SQLITE_OK) return {};
    note_failure();
    return fail(connection_.error(sql));
}

void AloneWriter::note_failure() {
    const int code = connection_.error_code();
    if (is_engine_failure(code)) engine_failure_ = code;
}

Status AloneWriter::query(std::string_view statement, std::span<const app::Value> params, const app::EachRow& each) {
    auto status = run_query(connection_, catalogue_, statement, params, each);
    if (!status && status.error().code == "storage.unavailable") note_failure();
    return status;
}

Result<std::int64_t> AloneWriter::execute(const app::Write& write) {
    TRY(const Statement* statement, find_statement(catalogue_, write.name, write.params.size()));
    TRY(Execution execution, connection_.execution(*statement));
    execution.bind_all(write.params);
    const int code = execution.finish();
    if (code == SQLITE_OK) return std::int64_t{sqlite3_changes(connection_.raw())};
    if (is_conflict(code))
        return fail(ErrorKind::exists, "storage.conflict", std::string(write.name) + ": " + connection_.message());
    note_failure();
    return fail(connection_.error(write.name));
}

}  // namespace firstline::storage::sqlite
