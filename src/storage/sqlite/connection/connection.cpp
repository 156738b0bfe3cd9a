#include "storage/sqlite/connection/connection.hpp"

#include <array>
#include <utility>

namespace firstline::storage::sqlite {
namespace {

// Numbers as JSON, for json_each.
std::string to_json(const app::IntList& list) {
    std::string json = "[";
    for (const std::int64_t item : list.items) {
        if (json.size() > 1) json += ',';
        json += std::to_string(item);
    }
    return json + "]";
}

void append_json_text(std::string& json, std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    json += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            json += '\\';
            json += c;
        } else if (byte < 0x20) {
            json += "\\u00";
            json += kHex[byte >> 4U];
            json += kHex[byte & 15U];
        } else {
            json += c;
        }
    }
    json += '"';
}

std::string to_json(const app::TextList& list) {
    std::string json = "[";
    for (const std::string& item : list.items) {
        if (json.size() > 1) json += ',';
        append_json_text(json, item);
    }
    return json + "]";
}

// SQLite takes a null pointer for NULL, also where the length is 0.
const char* data_of(std::string_view text) { return text.data() == nullptr ? "" : text.data(); }

// One binding by type.
struct Binder {
    Execution& execution;
    int index;
    std::span<const std::int64_t> positions;

    void operator()(const app::Null& /*unused*/) const { execution.bind_null(index); }
    void operator()(std::int64_t number) const { execution.bind(index, number); }
    void operator()(const std::string& text) const { execution.bind_text(index, text); }
    void operator()(const app::Blob& blob) const { execution.bind_bytes(index, blob.bytes); }
    template <class List>
    void bind_list(const List& list) const {
        const std::string json = to_json(list);
        sqlite3_bind_text64(execution.raw(), index, json.data(), json.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
    void operator()(const app::IntList& list) const { bind_list(list); }
    void operator()(const app::TextList& list) const { bind_list(list); }
    void operator()(const app::EntryPos& pos) const {
        // No such entry is a defect of the caller: NULL fails on the NOT NULL column.
        if (pos.entry < positions.size()) {
            execution.bind(index, positions[pos.entry]);
        } else {
            execution.bind_null(index);
        }
    }
};

}  // namespace

bool is_conflict(int code) {
    return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID;
}

bool is_engine_failure(int code) {
    constexpr std::array kCodes{SQLITE_FULL,     SQLITE_IOERR,    SQLITE_CORRUPT, SQLITE_NOTADB,
                                SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_NOMEM,   SQLITE_PROTOCOL,
                                SQLITE_BUSY,     SQLITE_LOCKED,   SQLITE_PERM,    SQLITE_INTERRUPT};
    for (const int primary : kCodes) {
        if ((code & 0xff) == primary) return true;
    }
    return false;
}

bool is_failed_sync(int code) { return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC; }

Execution::~Execution() {
    if (is_owned_) {
        sqlite3_finalize(statement_);
    } else if (statement_ != nullptr) {
        sqlite3_reset(statement_);
    }
}

Execution::Execution(Execution&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)),
      error_(other.error_),
      is_owned_(std::exchange(other.is_owned_, false)) {}

void Execution::bind(int index, std::int64_t number) { keep(sqlite3_bind_int64(statement_, index, number)); }
void Execution::bind_text(int index, std::string_view text) {
    keep(sqlite3_bind_text64(statement_, index, data_of(text), text.size(), SQLITE_STATIC, SQLITE_UTF8));
}
void Execution::bind_bytes(int index, std::string_view bytes) {
    keep(sqlite3_bind_blob64(statement_, index, data_of(bytes), bytes.size(), SQLITE_STATIC));
}
void Execution::bind_null(int index) { keep(sqlite3_bind_null(statement_, index)); }
void Execution::bind(int index, const app::Value& value, std::span<const std::int64_t> positions) {
    std::visit(Binder{*this, index, positions}, value);
}
void Execution::bind_all(std::span<const app::Value> values, std::span<const std::int64_t> positions) {
    int index = 0;
    for (const app::Value& value : values) bind(++index, value, positions);
}

int Execution::step() { return error_ != SQLITE_OK ? error_ : sqlite3_step(statement_); }

int Execution::finish() {
    int code = step();
    while (code == SQLITE_ROW) code = step();
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

std::string Execution::text(int column) const { return std::string(SqliteRow(statement_).text(column)); }

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionOptions& options) {
    const int mode = options.is_read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    std::string uri = "file:";
    for (const char c : options.path) {
        // What a URI would take for its own.
        uri += c == '%' ? "%25" : c == '?' ? "%3f" : c == '#' ? "%23" : std::string(1, c);
    }
    if (options.is_immutable) uri += "?immutable=1";
    // Nobody asks how much memory SQLite holds; counting it takes one lock of all threads at every allocation. Refused,
    // without harm, where a program has used SQLite before.
    [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3* db = nullptr;
    const int code =
        sqlite3_open_v2(uri.c_str(), &db, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE,
                        options.vfs.empty() ? nullptr : options.vfs.c_str());
    std::unique_ptr<Connection> connection(new Connection(db));
    if (code != SQLITE_OK) return fail(connection->error("cannot open " + options.path));
    CHECK_OK(connection->set_up(options));
    return connection;
}

Connection::~Connection() {
    sqlite3_finalize(begin_);
    sqlite3_finalize(commit_);
    for (sqlite3_stmt* statement : prepared_) sqlite3_finalize(statement);
    sqlite3_close(db_);
}

Status Connection::set_up(const ConnectionOptions& options) {
    // Before the first statement, readers too (stack.md).
    sqlite3_busy_timeout(db_, 5'000);
    // A checkpoint at closing would hide a failed fsync; `stop` makes the last one itself and looks at its result.
    sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    std::string pragmas = "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF;";
    if (options.is_read_only) {
        // Pages come from the mapping, so a small cache does for each of many readers.
        pragmas += "PRAGMA cache_size = -4096; PRAGMA mmap_size = 1073741824;";
    } else {
        // secure_delete FAST: deleted cells are overwritten where the page is written anyway. ON would also overwrite
        // freed pages (6–16 % CPU); write_alone, where erasure runs, switches it on for its transaction.
        pragmas +=
            "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
            "PRAGMA cache_size = -65536; PRAGMA mmap_size = 0;"
            "PRAGMA secure_delete = FAST; PRAGMA synchronous = " +
            options.synchronous + ";";
    }
    if (run(pragmas.c_str()) != SQLITE_OK) return fail(error("cannot set up " + options.path));
    return {};
}

sqlite3_stmt* Connection::prepare(const Statement& statement) {
    if (prepared_.size() <= statement.number) prepared_.resize(statement.number + 1, nullptr);
    sqlite3_stmt*& prepared = prepared_[statement.number];
    if (prepared == nullptr) {
        sqlite3_prepare_v3(db_, statement.text.data(), static_cast<int>(statement.text.size()),
                           SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    }
    return prepared;
}

Result<Execution> Connection::execution(const Statement& statement) {
    sqlite3_stmt* prepared = prepare(statement);
    if (prepared == nullptr) return fail(error(statement.name));
    if (sqlite3_stmt_busy(prepared) == 0) return Execution(prepared);
    sqlite3_stmt* copy = nullptr;
    if (sqlite3_prepare_v2(db_, statement.text.data(), static_cast<int>(statement.text.size()), &copy, nullptr) !=
        SQLITE_OK) {
        return fail(error(statement.name));
    }
    Execution execution(copy);
    execution.own();
    return execution;
}

int Connection::run(const char* sql) { return sqlite3_exec(db_, sql, nullptr, nullptr, nullptr); }

int Connection::run_prepared(sqlite3_stmt*& statement, const char* sql) {
    if (statement == nullptr) {
        const int code = sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        if (code != SQLITE_OK) return code;
    }
    return Execution(statement).finish();
}

Result<std::string> Connection::value_of(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) return fail(error(sql));
    Execution execution(statement);
    execution.own();
    const int code = execution.step();
    if (code == SQLITE_DONE) return fail(ErrorKind::not_found, "storage.no_row", "no row: " + sql);
    if (code != SQLITE_ROW) return fail(error(sql));
    return execution.text(0);
}

Error Connection::error(std::string_view what) const {
    const int code = error_code();
    const bool is_interrupted = (code & 0xff) == SQLITE_INTERRUPT;
    return Error{.kind = ErrorKind::unavailable,
                 .code = is_interrupted ? "storage.too_slow" : "storage.unavailable",
                 .detail = std::string(what) + ": " + message() + " (SQLite " + std::to_string(code) + ")"};
}

std::string_view SqliteRow::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text == nullptr ? std::string_view{}
                           : std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::string_view SqliteRow::bytes(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return bytes == nullptr
               ? std::string_view{}
               : std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

Result<const Statement*> find_statement(const Catalogue& catalogue, std::string_view name,
                                        std::size_t parameter_count) {
    const Statement* statement = catalogue.find(name);
    if (statement == nullptr)
        return fail(ErrorKind::internal, "storage.statement", "there is no statement " + std::string(name));
    if (std::cmp_not_equal(parameter_count, statement->parameter_count)) {
        return fail(ErrorKind::internal, "storage.statement",
                    std::string(name) + " takes " + std::to_string(statement->parameter_count) + " parameters, not " +
                        std::to_string(parameter_count));
    }
    return statement;
}

Status run_query(Connection& connection, const Catalogue& catalogue, std::string_view name,
                 std::span<const app::Value> params, const app::EachRow& each) {
    TRY(const Statement* statement, find_statement(catalogue, name, params.size()));
    TRY(Execution execution, connection.execution(*statement));
    execution.bind_all(params);
    const SqliteRow row(execution.raw());
    int code = execution.step();
    for (; code == SQLITE_ROW; code = execution.step()) {
        if (!each(row)) return {};
    }
    if (code != SQLITE_DONE) return fail(connection.error(name));
    return {};
}

}  // namespace firstline::storage::sqlite
