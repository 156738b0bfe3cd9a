#include "storage/postgres/write/alone.hpp"

#include "storage/postgres/connection/server.hpp"
#include "storage/postgres/read/reader.hpp"
#include "storage/postgres/write/batch.hpp"

namespace firstline::storage::postgres {
namespace {

constexpr NamedSql kSavepoint{"savepoint", "SAVEPOINT one"};
constexpr NamedSql kRelease{"release", "RELEASE SAVEPOINT one"};

Status run_all(Connection& connection, std::initializer_list<std::string_view> statements) {
    for (const auto sql : statements) {
        if (const Reply reply = connection.run(sql); reply.failure) return fail(to_error(*reply.failure));
    }
    return {};
}

Status run_body(Connection& connection, const Catalogue& catalogue, const std::function<Status(app::Writer&)>& body,
                std::int64_t now_us, std::int64_t& last_pos) {
    CHECK_OK(run_all(connection, {"BEGIN ISOLATION LEVEL READ COMMITTED", "LOCK TABLE batch IN EXCLUSIVE MODE"}));
    AloneWriter writer(connection, catalogue);
    CHECK_OK(body(writer));
    CHECK_OK(advance_sequences(connection));
    const std::string id = new_batch_id();
    Parameters parameters;
    parameters.add_text(id);
    parameters.add(now_us);
    if (const Reply reply = connection.run("INSERT INTO batch (id, at) VALUES ($1, $2)", parameters); reply.failure) {
        return fail(to_error(*reply.failure));
    }
    const Reply newest = connection.run("SELECT coalesce(max(pos), 0) FROM entry");
    if (newest.failure) return fail(to_error(*newest.failure));
    last_pos = newest.integer(0, 0);
    return run_all(
        connection,
        {"SELECT pg_notify('" + std::string(kFeedChannel) + "', '" + std::to_string(last_pos) + "')", "COMMIT"});
}

}  // namespace

Status AloneWriter::query(std::string_view statement, std::span<const app::Value> params, const app::EachRow& each) {
    TRY(const auto sql, find_statement(catalogue_, statement, params.size()));
    Parameters parameters;
    parameters.add_all(params);
    connection_.send(sql, parameters);
    connection_.sync();
    const Reply reply = connection_.receive();
    static_cast<void>(connection_.drain());
    if (reply.failure) return fail(to_error(*reply.failure));
    hand_out(reply, each);
    return {};
}

Result<std::int64_t> AloneWriter::execute(const app::Write& write) {
    TRY(const auto sql, find_statement(catalogue_, write.name, write.params.size()));
    Parameters parameters;
    parameters.add_all(write.params);
    connection_.send(kSavepoint, {}, true);
    connection_.send(sql, parameters);
    connection_.send(kRelease, {}, true);
    connection_.sync();
    const Reply reply = connection_.receive();
    static_cast<void>(connection_.drain());
    if (!reply.failure) return reply.rows_touched();
    if (!connection_.is_lost()) CHECK_OK(run_all(connection_, {"ROLLBACK TO SAVEPOINT one", "RELEASE SAVEPOINT one"}));
    if (reply.failure->is("23505")) {
        return fail(ErrorKind::exists, "storage.conflict", std::string(write.name) + ": " + reply.failure->message);
    }
    return fail(to_error(*reply.failure));
}

Status run_alone(Connection& connection, const Catalogue& catalogue, const std::function<Status(app::Writer&)>& body,
                 std::int64_t now_us, std::int64_t& last_pos) {
    Status status = run_body(connection, catalogue, body, now_us, last_pos);
    if (!status && !connection.is_lost()) static_cast<void>(connection.run("ROLLBACK"));
    return status;
}

}  // namespace firstline::storage::postgres
