#include "storage/search/sqlite_search.hpp"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <utility>

#include "storage/search/fts5_rank.hpp"
#include "storage/search/query_text.hpp"
#include "storage/sqlite/connection/connection.hpp"

namespace firstline::storage::search {

using app::SearchDocument;
using app::SearchFound;
using app::SearchRequest;
using sqlite::Connection;
using sqlite::Execution;
using Clock = std::chrono::steady_clock;

namespace {

// Raised when a file of an earlier program means something else.
constexpr std::string_view kFormat = "1";
// Lexemes come folded and cut already: everything but a blank belongs to one. Marks are ASCII, other scripts pass as they are.
constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY, format TEXT NOT NULL, epoch TEXT NOT NULL, pos INTEGER NOT NULL) STRICT;"
    "CREATE VIRTUAL TABLE IF NOT EXISTS doc USING fts5(lexemes, tokenize = \"ascii tokenchars '@~'\");";
constexpr std::int64_t kCountMax = 5'000;  // of a word's documents: a more common one weighs the same

Result<Execution> prepare(Connection& connection, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection.raw(), sql, -1, &statement, nullptr) != SQLITE_OK)
        return fail(connection.error("search index"));
    Execution execution(statement);
    execution.own();
    return execution;
}

Result<std::unique_ptr<Connection>> open_for_writing(const std::string& path) {
    // What is lost with the power is fed again; NORMAL keeps the file whole.
    TRY(auto connection, Connection::open({.path = path, .synchronous = "NORMAL"}));
    if (connection->run(kSchema) != SQLITE_OK) return fail(connection->error("search index"));
    return connection;
}

std::string joined(const std::vector<std::string>& lexemes) {
    std::size_t size = 0;
    for (const auto& lexeme : lexemes) size += lexeme.size() + 1;
    std::string out;
    out.reserve(size);
    for (const auto& lexeme : lexemes) {
        if (!out.empty()) out.push_back(' ');
        out += lexeme;
    }
    return out;
}

// Within the caller's transaction.
Status put(Connection& connection, std::span<const SearchDocument> documents, bool may_exist) {
    TRY(auto erase, prepare(connection, "DELETE FROM doc WHERE rowid = ?1"));
    TRY(auto insert, prepare(connection, "INSERT INTO doc (rowid, lexemes) VALUES (?1, ?2)"));
    for (const SearchDocument& document : documents) {
        if (may_exist) {
            erase.bind(1, document.incident_id);
            if (erase.finish() != SQLITE_OK) return fail(connection.error("search index"));
            sqlite3_reset(erase.raw());
        }
        if (document.lexemes.empty()) continue;
        const std::string lexemes = joined(document.lexemes);
        insert.bind(1, document.incident_id);
        insert.bind_text(2, lexemes);
        if (insert.finish() != SQLITE_OK) return fail(connection.error("search index"));
        sqlite3_reset(insert.raw());
    }
    return {};
}

Status put_place(Connection& connection, const app::IndexPlace& place) {
    TRY(auto statement,
        prepare(connection, "INSERT OR REPLACE INTO place (one, format, epoch, pos) VALUES (1, ?1, ?2, ?3)"));
    statement.bind_text(1, kFormat);
    statement.bind_text(2, place.epoch);
    statement.bind(3, place.pos);
    if (statement.finish() != SQLITE_OK) return fail(connection.error("search index"));
    return {};
}

Status run(Connection& connection, const char* sql) {
    if (connection.run(sql) != SQLITE_OK) return fail(connection.error("search index"));
    return {};
}

Status in_transaction(Connection& connection, const std::function<Status()>& body) {
    CHECK_OK(run(connection, "BEGIN IMMEDIATE"));
    Status status = body();
    if (status) status = run(connection, "COMMIT");
    if (!status && connection.is_in_transaction()) static_cast<void>(connection.run("ROLLBACK"));
    return status;
}

void remove_file(const std::string& path) {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) static_cast<void>(::unlink((path + suffix).c_str()));
}

}  // namespace

// A read connection within the gate, its work limited to a deadline.
class SqliteSearch::Lease {
public:
    Lease(SqliteSearch& of, std::unique_ptr<Connection> connection) : of_(&of), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept : of_(std::exchange(other.of_, nullptr)), connection_(std::move(other.connection_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
        if (of_ == nullptr) return;
        sqlite3_progress_handler(connection_->raw(), 0, nullptr, nullptr);
        of_->give_back(std::move(connection_));
        of_->gate_.leave();
    }
    void limit(const Clock::time_point& deadline) {
        sqlite3_progress_handler(
            connection_->raw(), 500,
            [](void* end) { return Clock::now() > *static_cast<const Clock::time_point*>(end) ? 1 : 0; },
            const_cast<void*>(static_cast<const void*>(&deadline)));
    }
    Connection& operator*() { return *connection_; }
    Connection* operator->() { return connection_.get(); }

private:
    SqliteSearch* of_;
    std::unique_ptr<Connection> connection_;
};

// Written beside the old file, without readers.
class SqliteSearch::Build final : public app::SearchBuild {
public:
    Build(SqliteSearch& of, std::unique_ptr<Connection> connection, std::string path)
        : of_(of), connection_(std::move(connection)), path_(std::move(path)) {}
    ~Build() override {
        connection_.reset();
        remove_file(path_);
    }
    Status add(std::span<const SearchDocument> documents) override {
        CHECK_OK(in_transaction(*connection_, [&] { return put(*connection_, documents, false); }));
        return checkpoint(SQLITE_CHECKPOINT_PASSIVE);
    }
    Status finish(const app::IndexPlace& place) override {
        CHECK_OK(in_transaction(*connection_, [&] { return put_place(*connection_, place); }));
        CHECK_OK(checkpoint(SQLITE_CHECKPOINT_TRUNCATE));
        CHECK_OK(run(*connection_, "PRAGMA journal_mode = DELETE"));
        connection_.reset();
        return of_.swap_in(path_);
    }

private:
    Status checkpoint(int mode) {
        if (sqlite3_wal_checkpoint_v2(connection_->raw(), nullptr, mode, nullptr, nullptr) == SQLITE_OK) return {};
        return fail(connection_->error("search index"));
    }
    SqliteSearch& of_;
    std::unique_ptr<Connection> connection_;
    std::string path_;
};

SqliteSearch::SqliteSearch(Options options) : options_(std::move(options)), log_keeper_(log_options_, gate_) {
    log_options_.wal_frames_max = 4'000;
}

Result<std::unique_ptr<SqliteSearch>> SqliteSearch::open(Options options) {
    std::unique_ptr<SqliteSearch> search(new SqliteSearch(std::move(options)));
    remove_file(search->path() + ".new");
    const bool is_good = [&] {
        if (!search->open_writer()) return false;
        const auto format = search->writer_->value_of("SELECT format FROM place");
        return format ? *format == kFormat : format.error().code == "storage.no_row";
    }();
    if (is_good) return search;
    search->writer_.reset();
    remove_file(search->path());
    CHECK_OK(search->open_writer());
    return search;
}

SqliteSearch::~SqliteSearch() {
    gate_.shut();
    idle_.clear();
    if (writer_) static_cast<void>(sqlite::LogKeeper::finish(*writer_));
}

Status SqliteSearch::open_writer() {
    TRY(writer_, open_for_writing(path()));
    log_keeper_.watch(*writer_);
    return {};
}

Result<std::optional<app::IndexPlace>> SqliteSearch::place() {
    const std::lock_guard lock(writing_);
    if (!writer_) CHECK_OK(open_writer());
    TRY(auto statement, prepare(*writer_, "SELECT epoch, pos FROM place"));
    const int code = statement.step();
    if (code == SQLITE_DONE) return std::optional<app::IndexPlace>{};
    if (code != SQLITE_ROW) return fail(writer_->error("search index"));
    return std::optional<app::IndexPlace>{{statement.text(0), statement.integer(1)}};
}

Status SqliteSearch::write(std::span<const SearchDocument> documents, const app::IndexPlace& place) {
    const std::lock_guard lock(writing_);
    if (!writer_) CHECK_OK(open_writer());
    auto status = in_transaction(*writer_, [&]() -> Status {
        CHECK_OK(put(*writer_, documents, true));
        return put_place(*writer_, place);
    });
    if (status && log_keeper_.after_commit(*writer_) != SQLITE_OK) status = fail(writer_->error("search index"));
    if (!status) writer_.reset();
    return status;
}

Result<std::unique_ptr<app::SearchBuild>> SqliteSearch::begin_build() {
    const std::string built = path() + ".new";
    remove_file(built);
    TRY(auto connection, open_for_writing(built));
    return std::make_unique<Build>(*this, std::move(connection), built);
}

Status SqliteSearch::swap_in(const std::string& built) {
    const std::lock_guard lock(writing_);
    // Searches wait for a moment: nobody may have the old file open when its name goes.
    gate_.close();
    struct Reopen {
        sqlite::ReadGate& gate;
        ~Reopen() { gate.open(); }
    } reopen{gate_};
    {
        const std::lock_guard idle_lock(mutex_);
        count_ -= idle_.size();
        idle_.clear();
    }
    writer_.reset();
    remove_file(path());
    if (std::rename(built.c_str(), path().c_str()) != 0) {
        return fail(ErrorKind::unavailable, "storage.unavailable",
                    "The new search index could not take the old one's place.");
    }
    return open_writer();
}

Result<SqliteSearch::Lease> SqliteSearch::lease() {
    if (!gate_.enter()) return fail(ErrorKind::unavailable, "storage.unavailable", "The desk is stopping.");
    std::unique_ptr<Connection> connection;
    {
        std::unique_lock lock(mutex_);
        freed_.wait(lock, [&] { return !idle_.empty() || count_ < options_.readers_max; });
        if (idle_.empty()) {
            ++count_;
        } else {
            connection = std::move(idle_.back());
            idle_.pop_back();
        }
    }
    if (!connection) {
        auto opened = Connection::open({.path = path(), .is_read_only = true});
        const bool is_usable = opened && add_rank_function((*opened)->raw()) == SQLITE_OK;
        if (!is_usable) {
            give_back(nullptr);
            gate_.leave();
            if (!opened) return fail(std::move(opened).error());
            return fail(ErrorKind::unavailable, "storage.unavailable", "This SQLite has no FTS5.");
        }
        connection = std::move(*opened);
    }
    return Lease(*this, std::move(connection));
}

void SqliteSearch::give_back(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    if (connection && (connection->error_code() & 0xff) != SQLITE_IOERR) {
        idle_.push_back(std::move(connection));
    } else {
        --count_;
    }
    freed_.notify_one();
}

Result<SearchFound> SqliteSearch::find(const SearchRequest& request) {
    TRY(auto connection, lease());
    connection.limit(request.deadline);
    const std::string query = to_fts5(request);
    TRY(auto statement,
        prepare(*connection, "SELECT rowid FROM doc WHERE doc MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3"));
    statement.bind_text(1, query);
    statement.bind(2, request.before);
    statement.bind(3, static_cast<std::int64_t>(request.limit));
    SearchFound found;
    found.go_on_before = request.before;
    int code = statement.step();
    for (; code == SQLITE_ROW; code = statement.step()) found.ids.push_back(statement.integer(0));
    if (!found.ids.empty()) found.go_on_before = found.ids.back();
    found.is_complete = code == SQLITE_DONE && found.ids.size() < request.limit;
    const bool is_out_of_time = (code & 0xff) == SQLITE_INTERRUPT && !found.ids.empty();
    if (code != SQLITE_DONE && !is_out_of_time) return fail(connection->error("search index"));
    return found;
}

Result<std::vector<app::RankedHit>> SqliteSearch::rank(const SearchRequest& request) {
    TRY(auto connection, lease());
    connection.limit(request.deadline);
    TRY(auto rows, prepare(*connection, "SELECT COUNT(*) FROM (SELECT 1 FROM doc WHERE doc MATCH ?1 LIMIT ?2)"));
    TRY(const std::string total, connection->value_of("SELECT COALESCE(MAX(id), 0) FROM doc_content"));
    const double documents = std::max(std::stod(total), static_cast<double>(kCountMax));
    std::string weights;
    for (const auto& term : request.terms) {
        const std::string one = to_fts5(term, request.is_public_only);
        rows.bind_text(1, one);
        rows.bind(2, kCountMax);
        if (rows.step() != SQLITE_ROW) return fail(connection->error("search index"));
        const auto count = static_cast<double>(rows.integer(0));
        sqlite3_reset(rows.raw());
        weights += ", " + std::to_string(std::log(1 + (documents - count + 0.5) / (count + 0.5)));
    }
    const std::size_t first = is_wide(request) ? 0 : request.scope->size();
    const std::string sql =
        "SELECT rowid, CAST(score * 1000000 AS INTEGER) FROM (SELECT rowid, firstline_rank(doc, " +
        std::to_string(first) + ", " + (request.is_public_only ? "1" : "2") + weights +
        ") AS score FROM doc WHERE doc MATCH ?1 ORDER BY rowid DESC LIMIT ?2) ORDER BY 2 DESC, 1 DESC LIMIT ?3";
    const std::string query = to_fts5(request);
    TRY(auto statement, prepare(*connection, sql.c_str()));
    statement.bind_text(1, query);
    statement.bind(2, options_.ranked_max);
    statement.bind(3, static_cast<std::int64_t>(request.limit));
    std::vector<app::RankedHit> out;
    int code = statement.step();
    for (; code == SQLITE_ROW; code = statement.step()) out.push_back({statement.integer(0), statement.integer(1)});
    if (code != SQLITE_DONE) return fail(connection->error("search index"));
    return out;
}

Result<std::vector<std::int64_t>> SqliteSearch::matching(const SearchRequest& request,
                                                         std::span<const std::int64_t> ids) {
    TRY(auto connection, lease());
    connection.limit(request.deadline);
    const std::string query = to_fts5(request, false);
    TRY(auto statement, prepare(*connection, "SELECT rowid FROM doc WHERE doc MATCH ?1 AND rowid = ?2"));
    std::vector<std::int64_t> out;
    for (const std::int64_t id : ids) {
        statement.bind_text(1, query);
        statement.bind(2, id);
        const int code = statement.step();
        if (code == SQLITE_ROW) out.push_back(id);
        if (code != SQLITE_ROW && code != SQLITE_DONE) return fail(connection->error("search index"));
        sqlite3_reset(statement.raw());
    }
    return out;
}

}  // namespace firstline::storage::search
