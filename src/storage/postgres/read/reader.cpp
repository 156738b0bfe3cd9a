#include "storage/postgres/read/reader.hpp"

namespace firstline::storage::postgres {
namespace {

constexpr std::chrono::seconds kWaitForConnection{5};
constexpr NamedSql kBegin{"begin_snapshot", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
constexpr NamedSql kCommit{"commit", "COMMIT"};

Error lost(std::string detail) {
    return {.kind = ErrorKind::unavailable, .code = "storage.unavailable", .detail = std::move(detail)};
}

}  // namespace

Result<std::unique_ptr<Connection>> ReaderPool::take() {
    std::unique_lock lock(mutex_);
    if (!returned_.wait_for(lock, kWaitForConnection, [this] { return taken_ < max_; })) {
        return fail(lost("All connections for reading are in use."));
    }
    ++taken_;
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
    }
    lock.unlock();
    auto opened = Connection::open(options_);
    if (!opened) {
        lock.lock();
        --taken_;
        returned_.notify_one();
    }
    return opened;
}

void ReaderPool::give_back(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    --taken_;
    if (connection && !connection->is_lost()) idle_.push_back(std::move(connection));
    returned_.notify_one();
}

SnapshotReader::~SnapshotReader() {
    if (!connection_) return;
    if (has_begun_ && !connection_->is_lost()) {
        // The reply is taken in by the connection's next user; an aborted transaction ends by COMMIT, too.
        connection_->send(kCommit, {}, true);
        connection_->sync();
    }
    pool_.give_back(std::move(connection_));
}

Status SnapshotReader::query(std::string_view statement, std::span<const app::Value> params, const app::EachRow& each) {
    const app::Query one{statement, params, each};
    return query_all({&one, 1});
}

Status SnapshotReader::query_all(std::span<const app::Query> queries) {
    for (const auto& one : queries) {
        if (auto found = find_statement(catalogue_, one.statement, one.params.size()); !found)
            return fail(std::move(found).error());
    }
    if (!connection_) {
        TRY(connection_, pool_.take());
    }
    std::vector<Reply> replies;
    auto failure = ask(queries, replies);
    if (failure && failure->is_lost && !has_answered_) {
        // Nothing was handed out: a fresh snapshot on a fresh connection is as good.
        auto replacement = pool_.replace();
        if (!replacement) return fail(std::move(replacement).error());
        connection_ = std::move(*replacement);
        has_begun_ = false;
        replies.clear();
        failure = ask(queries, replies);
    }
    for (std::size_t i = 0; i < replies.size(); ++i) {
        if (replies[i].failure) return fail(to_error(*replies[i].failure));
        has_answered_ = true;
        hand_out(replies[i], queries[i].each);
    }
    return {};
}

std::optional<Failure> SnapshotReader::ask(std::span<const app::Query> queries, std::vector<Reply>& replies) {
    if (!has_begun_) connection_->send(kBegin, {}, true);
    has_begun_ = true;
    for (const auto& one : queries) {
        const Statement* statement = catalogue_.find(one.statement);
        Parameters parameters;
        parameters.add_all(one.params);
        connection_->send({statement->name, statement->text}, parameters);
    }
    connection_->sync();
    std::optional<Failure> failure;
    for (std::size_t i = 0; i < queries.size() && !failure; ++i) {
        replies.push_back(connection_->receive());
        failure = replies.back().failure;
    }
    static_cast<void>(connection_->drain());
    return failure;
}

void hand_out(const Reply& reply, const app::EachRow& each) {
    if (!reply.result) return;
    ResultRow row(reply.result.get(), 0);
    const int rows = PQntuples(reply.result.get());
    for (int i = 0; i < rows; ++i) {
        row.move_to(i);
        if (!each(row)) return;
    }
}

Result<NamedSql> find_statement(const Catalogue& catalogue, std::string_view name, std::size_t parameters) {
    const Statement* statement = catalogue.find(name);
    if (statement == nullptr)
        return fail(ErrorKind::internal, "storage.statement", "there is no statement " + std::string(name));
    if (static_cast<std::size_t>(statement->parameter_count) != parameters) {
        return fail(ErrorKind::internal, "storage.statement",
                    std::string(name) + " takes " + std::to_string(statement->parameter_count) + " parameters");
    }
    return NamedSql{statement->name, statement->text};
}

}  // namespace firstline::storage::postgres
