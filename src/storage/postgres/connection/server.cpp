#include "storage/postgres/connection/server.hpp"

#include <array>

#include "storage/postgres/write/batch.hpp"

namespace firstline::storage::postgres {
namespace {

constexpr int kServerVersionMin = 140000;

Status status_of(const std::optional<Failure>& failure) {
    if (failure) return fail(to_error(*failure));
    return {};
}

std::string quoted(std::string_view name) {
    std::string out = "\"";
    for (const char c : name) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + "\"";
}

std::string first_text(const Reply& reply) {
    if (!reply.result || PQntuples(reply.result.get()) == 0) return {};
    return std::string(ResultRow(reply.result.get(), 0).text(0));
}

Status ask(Connection& connection, std::string_view sql, std::string& answer) {
    const Reply reply = connection.run(sql);
    if (reply.failure) return fail(to_error(*reply.failure));
    answer = first_text(reply);
    return {};
}

Status refuse(std::string code, std::string detail) {
    return fail(ErrorKind::invalid, std::move(code), std::move(detail));
}

}  // namespace

Status create_database(const std::string& url, const std::string& name) {
    TRY(const auto connection, Connection::open({.url = url}));
    const Reply reply = connection->run("CREATE DATABASE " + quoted(name) +
                                        " TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING 'UTF8'");
    if (reply.failure && reply.failure->is("42P04")) {
        return fail(ErrorKind::exists, "storage.database_exists", "There is a database " + name + " already.");
    }
    return status_of(reply.failure);
}

Status drop_database(const std::string& url, const std::string& name) {
    TRY(const auto connection, Connection::open({.url = url}));
    return status_of(connection->run("DROP DATABASE IF EXISTS " + quoted(name) + " WITH (FORCE)").failure);
}

std::string with_database(std::string_view url, std::string_view name) {
    const auto authority = url.find("://");
    const auto query = url.find('?');
    auto path = authority == std::string_view::npos ? authority : url.find('/', authority + 3);
    if (path == std::string_view::npos || path > query) path = query;
    std::string out(url.substr(0, path));
    out.append("/").append(name);
    if (query != std::string_view::npos) out.append(url.substr(query));
    return out;
}

Status check_server(Connection& connection, std::size_t connections_needed) {
    if (connection.server_version() < kServerVersionMin) {
        return refuse("storage.server_too_old", "PostgreSQL 14 or newer is needed, this is " +
                                                    std::to_string(connection.server_version() / 10000) + ".");
    }
    std::string value;
    CHECK_OK(ask(connection, "SHOW server_encoding", value));
    if (value != "UTF8") {
        return refuse("storage.wrong_encoding", "The database must be encoded in UTF8, it is in " + value + ".");
    }
    // From 15 on a database may sort by ICU whatever its LC_COLLATE says; 14 has no such column.
    CHECK_OK(ask(connection,
                 "SELECT datcollate::text || CASE WHEN coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') = 'c' THEN ''"
                 " ELSE ' of another provider' END FROM pg_database AS d WHERE datname = current_database()",
                 value));
    if (value != "C" && value != "POSIX") {
        return refuse(
            "storage.wrong_collation",
            "The database sorts by " + value + "; create it with TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'.");
    }
    for (const std::string_view setting : {"fsync", "full_page_writes"}) {
        CHECK_OK(ask(connection, "SHOW " + std::string(setting), value));
        if (value != "on") {
            return refuse("storage.not_durable",
                          "The server runs with " + std::string(setting) +
                              "=off: a crash would lose or damage what was acknowledged. Turn it on.");
        }
    }
    const Reply limit = connection.run(
        "SELECT CAST(current_setting('max_connections') AS BIGINT)"
        " - CAST(current_setting('superuser_reserved_connections') AS BIGINT)");
    if (limit.failure) return fail(to_error(*limit.failure));
    if (limit.integer(0, 0) < static_cast<std::int64_t>(connections_needed)) {
        return refuse("storage.too_few_connections",
                      "This node needs " + std::to_string(connections_needed) + " connections; the server grants " +
                          std::to_string(limit.integer(0, 0)) + " to all. Raise max_connections.");
    }
    return {};
}

Status PostgresMigrationTarget::lock() {
    return status_of(connection_.run("SELECT pg_advisory_lock(" + std::to_string(kMigrateLock) + ")").failure);
}

Status PostgresMigrationTarget::unlock() {
    return status_of(connection_.run("SELECT pg_advisory_unlock(" + std::to_string(kMigrateLock) + ")").failure);
}

Result<SchemaState> PostgresMigrationTarget::read_schema() {
    const Reply table = connection_.run("SELECT to_regclass('schema') IS NOT NULL");
    if (table.failure) return fail(to_error(*table.failure));
    if (table.integer(0, 0) == 0) return SchemaState{};
    const Reply row = connection_.run("SELECT version, min_program FROM schema");
    if (row.failure) return fail(to_error(*row.failure));
    return SchemaState{static_cast<int>(row.integer(0, 0)), static_cast<int>(row.integer(0, 1))};
}

Status PostgresMigrationTarget::back_up(const SchemaState&, int) { return {}; }

Status PostgresMigrationTarget::begin() { return status_of(connection_.run("BEGIN").failure); }

Status PostgresMigrationTarget::commit() { return status_of(connection_.run("COMMIT").failure); }

void PostgresMigrationTarget::roll_back() { static_cast<void>(connection_.run("ROLLBACK")); }

Status PostgresMigrationTarget::run_script(std::string_view sql) {
    return status_of(connection_.run_script(std::string(sql)));
}

Status PostgresMigrationTarget::write_schema(const SchemaState& state) {
    return status_of(connection_.run_script(
        "CREATE TABLE IF NOT EXISTS schema (version BIGINT NOT NULL, min_program BIGINT NOT NULL); DELETE FROM schema;"
        " INSERT INTO schema (version, min_program) VALUES (" +
        std::to_string(state.version) + ", " + std::to_string(state.min_program) + ")"));
}

std::string_view table_of(app::IdKind kind) {
    switch (kind) {
        case app::IdKind::incident: return "incident";
        case app::IdKind::user: return "person";
        case app::IdKind::team: return "team";
        case app::IdKind::organization: return "organization";
        case app::IdKind::category: return "category";
        case app::IdKind::service: return "service";
        case app::IdKind::tag: return "tag";
        case app::IdKind::attachment: return "attachment";
        case app::IdKind::token: return "token";
        case app::IdKind::view: return "view";
        case app::IdKind::job: return "job";
        case app::IdKind::outbox: return "outbox";
    }
    return "incident";
}

Result<std::string> sequence_of(Connection& connection, std::string_view table, std::string_view column) {
    Parameters parameters;
    parameters.add_text(table);
    parameters.add_text(column);
    const Reply reply = connection.run("SELECT pg_get_serial_sequence($1, $2)", parameters);
    if (reply.failure) return fail(to_error(*reply.failure));
    std::string name = first_text(reply);
    if (name.empty()) {
        return fail(ErrorKind::internal, "storage.failed",
                    "no sequence behind " + std::string(table) + "." + std::string(column));
    }
    return name;
}

Status advance_sequences(Connection& connection) {
    for (std::size_t i = 0; i <= app::kIdKindCount; ++i) {
        const bool is_entry = i == app::kIdKindCount;
        const std::string table(is_entry ? "entry" : table_of(static_cast<app::IdKind>(i)));
        const std::string column = is_entry ? "pos" : "id";
        TRY(const auto sequence, sequence_of(connection, table, column));
        // Only forward, and only where rows stand before it: numbers given out by nextval() are never behind it.
        const Reply moved =
            connection.run("SELECT setval('" + sequence + "', top) FROM (SELECT max(" + column + ") AS top FROM " +
                           table + ") AS rows, " + sequence +
                           " AS at WHERE top > at.last_value OR (top = at.last_value AND NOT at.is_called)");
        if (moved.failure) return fail(to_error(*moved.failure));
    }
    return {};
}

}  // namespace firstline::storage::postgres
