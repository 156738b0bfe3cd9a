#include "storage/postgres/connection/connection.hpp"

#include <charconv>
#include <cstring>

namespace firstline::storage::postgres {
namespace {

constexpr Oid kBoolOid = 16, kBytesOid = 17, kBigOid = 20, kSmallOid = 21, kIntOid = 23;

std::string_view field_of(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text != nullptr ? text : "";
}

std::int64_t read_integer(const char* data, int length) {
    std::uint64_t word = length > 0 && (static_cast<unsigned char>(data[0]) & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (int i = 0; i < length; ++i) word = word << 8 | static_cast<unsigned char>(data[i]);
    return static_cast<std::int64_t>(word);
}

bool is_integer_type(Oid type) { return type == kBigOid || type == kIntOid || type == kSmallOid; }

}  // namespace

bool Failure::is_server_wide() const {
    const auto starts = [this](std::string_view prefix) { return sqlstate.starts_with(prefix); };
    return is_lost || starts("53") || starts("57") || starts("58") || is("25006") || is("55P03") || is("XX001") ||
           is("XX002");
}

Error to_error(const Failure& failure) {
    if (failure.is("57014")) {
        return {.kind = ErrorKind::unavailable,
                .code = "storage.too_slow",
                .detail = "The read took longer than its limit."};
    }
    if (failure.is_server_wide()) {
        return {.kind = ErrorKind::unavailable,
                .code = "storage.unavailable",
                .detail = "The database cannot be used now: " + failure.message};
    }
    return {.kind = ErrorKind::internal, .code = "storage.failed", .detail = failure.sqlstate + " " + failure.message};
}

std::int64_t Reply::rows_touched() const {
    std::int64_t rows = 0;
    const std::string_view text = result ? PQcmdTuples(result.get()) : "";
    std::from_chars(text.data(), text.data() + text.size(), rows);
    return rows;
}

std::int64_t Reply::integer(int row, int column) const {
    if (!result || row >= PQntuples(result.get()) || column >= PQnfields(result.get())) return 0;
    return ResultRow(result.get(), row).integer(column);
}

Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::open(const ConnectOptions& options) {
    const std::string timeout = std::to_string(options.connect_timeout_s);
    // A peer that vanished is noticed within about 20 s. What the URL says comes after and wins.
    const char* const names[] = {
        "connect_timeout",      "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
        "target_session_attrs", "dbname",          "client_encoding",     "application_name", nullptr};
    const char* const values[] = {timeout.c_str(),
                                  "10",
                                  "3",
                                  "3",
                                  "20000",
                                  "read-write",
                                  options.url.c_str(),
                                  "UTF8",
                                  options.application_name.c_str(),
                                  nullptr};
    std::unique_ptr<Connection> connection(new Connection(PQconnectdbParams(names, values, 1)));
    std::optional<Failure> failure;
    if (PQstatus(connection->raw_.get()) != CONNECTION_OK) {
        failure = connection->failure_of(nullptr);
    } else {
        failure = connection->set_up(options);
    }
    if (failure) {
        return fail(ErrorKind::unavailable, "storage.unavailable",
                    "Cannot connect to the database: " + failure->message);
    }
    return connection;
}

std::optional<Failure> Connection::set_up(const ConnectOptions& options) {
    // The names of prepared statements and sequences are those of this schema; answers do not depend on the server's
    // settings.
    std::string settings =
        "SET synchronous_commit TO on; SET jit TO off; SET timezone TO 'UTC'; "
        "SET client_min_messages TO warning; SET statement_timeout TO ";
    settings += std::to_string(options.statement_limit_ms);
    const ResultPtr result(PQexec(raw_.get(), settings.c_str()));
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) return failure_of(result.get());
    PQsetNoticeProcessor(raw_.get(), [](void*, const char*) {}, nullptr);
    if (PQenterPipelineMode(raw_.get()) != 1) return failure_of(nullptr);
    return std::nullopt;
}

Failure Connection::failure_of(const PGresult* result) {
    Failure failure;
    failure.is_lost = PQstatus(raw_.get()) == CONNECTION_BAD;
    if (result != nullptr) {
        failure.sqlstate = field_of(result, PG_DIAG_SQLSTATE);
        failure.message = field_of(result, PG_DIAG_MESSAGE_PRIMARY);
        failure.constraint = field_of(result, PG_DIAG_CONSTRAINT_NAME);
    }
    // The server says goodbye before it hangs up (57P01: ended by an administrator).
    if (failure.is("57P01") || failure.is("57P02") || failure.is("57P05")) failure.is_lost = true;
    if (failure.message.empty()) failure.message = PQerrorMessage(raw_.get());
    if (failure.is_lost) is_lost_ = true;
    return failure;
}

bool Connection::knows(std::string_view name) const {
    const auto found = prepared_.find(name);
    return found != prepared_.end() && found->second;
}

const std::string& Connection::prepare(const NamedSql& statement) {
    auto found = prepared_.find(statement.name);
    if (found == prepared_.end()) found = prepared_.emplace(std::string(statement.name), false).first;
    if (!found->second) {
        const std::string sql(statement.sql);
        if (PQsendPrepare(raw_.get(), found->first.c_str(), sql.c_str(), 0, nullptr) != 1) is_lost_ = true;
        pending_.push_back({Kind::prepare, &found->first});
        found->second = true;  // taken back if the answer says otherwise
    }
    return found->first;
}

void Connection::send(const NamedSql& statement, const Parameters& parameters, bool is_discarded) {
    if (is_lost()) return;
    const std::string& name = prepare(statement);
    const auto wire = parameters.wire();
    if (PQsendQueryPrepared(raw_.get(), name.c_str(), wire.count, wire.values, wire.lengths, wire.formats, 1) != 1) {
        is_lost_ = true;
    }
    pending_.push_back({is_discarded ? Kind::discarded : Kind::statement});
}

void Connection::sync() {
    if (is_lost()) return;
    if (PQpipelineSync(raw_.get()) != 1) is_lost_ = true;
    pending_.push_back({Kind::sync});
}

void Connection::ask_for_replies() {
    if (is_lost()) return;
    if (PQsendFlushRequest(raw_.get()) != 1 || PQflush(raw_.get()) < 0) is_lost_ = true;
}

Reply Connection::lose() {
    is_lost_ = true;
    pending_.clear();
    Failure failure = kept_ ? std::move(*kept_) : Failure{};
    kept_.reset();
    failure.is_lost = true;
    if (failure.message.empty()) failure.message = PQerrorMessage(raw_.get());
    if (failure.message.empty()) failure.message = "The connection to the database was lost.";
    return {nullptr, std::move(failure)};
}

Reply Connection::take(const Pending& pending) {
    ResultPtr result(PQgetResult(raw_.get()));
    if (!result) return lose();
    if (pending.kind == Kind::sync) {
        if (PQresultStatus(result.get()) != PGRES_PIPELINE_SYNC) return lose();
        kept_.reset();
        return {std::move(result), std::nullopt};
    }
    while (const ResultPtr rest{PQgetResult(raw_.get())}) {
        if (PQstatus(raw_.get()) == CONNECTION_BAD) break;
    }
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return {std::move(result), std::nullopt};
    if (status == PGRES_PIPELINE_ABORTED) {
        return {nullptr, kept_ ? *kept_ : Failure{.sqlstate = "25P02", .message = "skipped", .constraint = {}}};
    }
    return {nullptr, failure_of(result.get())};
}

Reply Connection::receive() {
    while (!pending_.empty()) {
        if (PQstatus(raw_.get()) == CONNECTION_BAD) return lose();
        const Pending pending = pending_.front();
        pending_.pop_front();
        Reply reply = take(pending);
        if (reply.failure && reply.failure->is_lost) {
            pending_.clear();
            return reply;
        }
        if (pending.kind == Kind::statement) return reply;
        if (pending.kind == Kind::sync || !reply.failure) continue;
        if (pending.kind == Kind::prepare) prepared_.find(*pending.name)->second = false;
        if (!kept_) kept_ = std::move(reply.failure);
    }
    return lose();
}

std::optional<Failure> Connection::drain() {
    std::optional<Failure> first;
    while (!pending_.empty()) {
        const Pending pending = pending_.front();
        pending_.pop_front();
        Reply reply = take(pending);
        if (!reply.failure) continue;
        if (pending.kind == Kind::prepare && !is_lost()) prepared_.find(*pending.name)->second = false;
        if (!first) first = reply.failure;
        if (!kept_) kept_ = first;
        if (is_lost()) break;
    }
    if (is_lost()) {
        pending_.clear();
        if (!first) first = lose().failure;
    }
    kept_.reset();
    return first;
}

Reply Connection::run(std::string_view sql, const Parameters& parameters) {
    if (is_lost()) return lose();
    const std::string text(sql);
    const auto wire = parameters.wire();
    if (PQsendQueryParams(raw_.get(), text.c_str(), wire.count, nullptr, wire.values, wire.lengths, wire.formats, 1) !=
        1) {
        return lose();
    }
    pending_.push_back({Kind::statement});
    sync();
    Reply reply = receive();
    static_cast<void>(drain());
    return reply;
}

std::optional<Failure> Connection::run_script(const std::string& sql) {
    if (auto failure = drain()) return failure;
    if (PQexitPipelineMode(raw_.get()) != 1) return lose().failure;
    const ResultPtr result(PQexec(raw_.get(), sql.c_str()));
    const auto status = PQresultStatus(result.get());
    std::optional<Failure> failure;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        failure = failure_of(result.get());
    if (!is_lost() && PQenterPipelineMode(raw_.get()) != 1) return lose().failure;
    return failure;
}

bool ResultRow::is_null(int column) const { return PQgetisnull(result_, row_, column) == 1; }

std::int64_t ResultRow::integer(int column) const {
    if (is_null(column)) return 0;
    const char* data = PQgetvalue(result_, row_, column);
    const int length = PQgetlength(result_, row_, column);
    const Oid type = PQftype(result_, column);
    if (is_integer_type(type)) return read_integer(data, length);
    if (type == kBoolOid) return length == 1 && data[0] != 0 ? 1 : 0;
    std::int64_t number = 0;
    if (type != kBytesOid) std::from_chars(data, data + length, number);
    return number;
}

std::string_view ResultRow::text(int column) const {
    if (is_null(column)) return {};
    const Oid type = PQftype(result_, column);
    if (is_integer_type(type) || type == kBoolOid) return texts_.emplace_back(std::to_string(integer(column)));
    return bytes(column);
}

std::string_view ResultRow::bytes(int column) const {
    if (is_null(column)) return {};
    return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

}  // namespace firstline::storage::postgres
