// Bulk on PostgreSQL: rows collected by table and sent with COPY. What a named INSERT writes where is read from its text.
#include <libpq-fe.h>

#include <charconv>
#include <map>
#include <vector>

#include "base/crypto.hpp"
#include "desk/bulk.hpp"
#include "storage/catalogue.hpp"
#include "storage/postgres/connection/server.hpp"

namespace firstline::bench {
namespace {

using storage::Catalogue;

constexpr std::string_view kEntryColumns =
    "pos, subject, subject_id, seq, at, recorded_at, actor_id, via, kind, public, inferred, data, scope_before, "
    "scope_after, hash";

// One row of COPY's text format.
class CopyRow {
public:
    explicit CopyRow(std::string& out) : out_(out) {}
    ~CopyRow() { out_.push_back('\n'); }
    CopyRow(const CopyRow&) = delete;
    CopyRow& operator=(const CopyRow&) = delete;

    void add(std::int64_t number) {
        separate();
        char digits[24];
        const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
        out_.append(digits, end);
    }
    void add_null() {
        separate();
        out_ += "\\N";
    }
    void add_text(std::string_view text) {
        separate();
        for (const char c : text) {
            switch (c) {
                case '\\': out_ += "\\\\"; break;
                case '\n': out_ += "\\n"; break;
                case '\r': out_ += "\\r"; break;
                case '\t': out_ += "\\t"; break;
                default: out_.push_back(c);
            }
        }
    }
    void add_bytes(std::string_view bytes) {
        separate();
        out_ += "\\\\x";
        out_ += to_hex(bytes);
    }

private:
    void separate() {
        if (!is_first_) out_.push_back('\t');
        is_first_ = false;
    }
    std::string& out_;
    bool is_first_ = true;
};

// Where a named INSERT puts its parameters: "incident (id, version, …)", and each value as its text stands.
struct Target {
    std::string table, columns;
    std::vector<std::string> values;  // "$1", "0", "'due'"
};

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = std::min(text.find(',', from), text.size());
        std::string_view part = text.substr(from, end - from);
        while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
        out.emplace_back(part);
        from = end + 1;
    }
    return out;
}

Result<Target> target_of(const storage::Statement& statement) {
    const std::string& sql = statement.text;
    constexpr std::string_view kInto = "INSERT INTO ";
    const auto open = sql.find('('), close = sql.find(')');
    const auto values = sql.find("VALUES (");
    if (!sql.starts_with(kInto) || open == std::string::npos || values == std::string::npos || sql.back() != ')')
        return fail(ErrorKind::internal, "bench.bulk", statement.name + " is no plain INSERT");
    Target out;
    out.table = split_list(sql.substr(kInto.size(), open - kInto.size())).front();
    out.columns = sql.substr(open + 1, close - open - 1);
    out.values = split_list(sql.substr(values + 8, sql.size() - values - 9));
    return out;
}

class PostgresBulk final : public Bulk {
public:
    PostgresBulk(std::string url, std::shared_ptr<const Catalogue> catalogue, BulkOptions options)
        : url_(std::move(url)), catalogue_(std::move(catalogue)), options_(options) {}

    Status begin() {
        raw_.reset(PQconnectdb(url_.c_str()));
        if (PQstatus(raw_.get()) != CONNECTION_OK) return failed("connect");
        CHECK_OK(run("SET client_min_messages = warning"));
        if (options_.is_seeding) CHECK_OK(set_indexes_aside());
        TRY(const std::string last, value_of("SELECT COALESCE(MAX(pos), 0) FROM entry"));
        next_pos_ = std::stoll(last) + 1;
        return {};
    }

    Status add(const app::Change& change) override {
        const std::int64_t first = next_pos_;
        for (const app::Write& one : change.writes) CHECK_OK(add_row(one, first));
        for (const app::NewEntry& entry : change.entries) add_entry(entry);
        for (const app::Write& one : change.after_entries) CHECK_OK(add_row(one, first));
        return ++units_ % options_.units_per_transaction == 0 ? flush() : Status{};
    }

    Status finish() override {
        CHECK_OK(flush());
        for (const std::string& sql : index_sql_) CHECK_OK(run(sql));
        TRY(auto connection, storage::postgres::Connection::open({.url = url_}));
        CHECK_OK(storage::postgres::advance_sequences(*connection));
        // As the server's own housekeeping would have done by and by.
        return options_.is_seeding ? run("VACUUM ANALYZE") : Status{};
    }

private:
    struct Finish {
        void operator()(PGconn* raw) const { PQfinish(raw); }
    };
    struct Clear {
        void operator()(PGresult* result) const { PQclear(result); }
    };
    using Answer = std::unique_ptr<PGresult, Clear>;

    Status failed(std::string_view what) {
        return fail(ErrorKind::unavailable, "bench.bulk",
                    std::string(what) + ": " + std::string(PQerrorMessage(raw_.get())));
    }
    Status run(const std::string& sql) {
        const Answer answer(PQexec(raw_.get(), sql.c_str()));
        const auto status = PQresultStatus(answer.get());
        return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? Status{} : failed(sql);
    }
    Result<std::string> value_of(const std::string& sql) {
        const Answer answer(PQexec(raw_.get(), sql.c_str()));
        if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK || PQntuples(answer.get()) == 0) {
            CHECK_OK(failed(sql));
        }
        return std::string(PQgetvalue(answer.get(), 0, 0));
    }
    Status set_indexes_aside() {
        const Answer all(PQexec(raw_.get(),
                                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND "
                                "indexname NOT IN (SELECT conname FROM pg_constraint)"));
        if (PQresultStatus(all.get()) != PGRES_TUPLES_OK) return failed("indexes");
        for (int row = 0; row < PQntuples(all.get()); ++row) {
            CHECK_OK(run(std::string("DROP INDEX ") + PQgetvalue(all.get(), row, 0)));
            index_sql_.emplace_back(PQgetvalue(all.get(), row, 1));
        }
        return {};
    }

    Status add_row(const app::Write& one, std::int64_t first_pos) {
        auto found = targets_.find(one.name);
        if (found == targets_.end()) {
            const storage::Statement* statement = catalogue_->find(one.name);
            if (statement == nullptr)
                return fail(ErrorKind::internal, "bench.bulk", "there is no " + std::string(one.name));
            TRY(auto target, target_of(*statement));
            found = targets_.emplace(one.name, std::move(target)).first;
        }
        const Target& target = found->second;
        CopyRow row(rows_[target.table + " (" + target.columns + ")"]);
        for (const std::string& value : target.values) {
            if (value.starts_with('$')) {
                const auto number = static_cast<std::size_t>(std::stoll(value.substr(1)));
                add_value(row, one.params.at(number - 1), first_pos);
            } else {
                row.add_text(value.starts_with('\'') ? value.substr(1, value.size() - 2) : value);
            }
        }
        return {};
    }
    static void add_value(CopyRow& row, const app::Value& value, std::int64_t first_pos) {
        if (const auto* number = std::get_if<std::int64_t>(&value)) return row.add(*number);
        if (const auto* text = std::get_if<std::string>(&value)) return row.add_text(*text);
        if (const auto* blob = std::get_if<app::Blob>(&value)) return row.add_bytes(blob->bytes);
        if (const auto* pos = std::get_if<app::EntryPos>(&value))
            return row.add(first_pos + static_cast<std::int64_t>(pos->entry));
        row.add_null();
    }
    void add_entry(const app::NewEntry& entry) {
        const std::int64_t pos = next_pos_++;
        {
            CopyRow row(entries_);
            row.add(pos);
            row.add_text(entry.subject);
            for (const std::int64_t number :
                 {entry.subject_id, entry.seq, entry.at.us, entry.recorded_at.us, entry.actor_id}) {
                row.add(number);
            }
            row.add_text(entry.via);
            row.add_text(entry.kind);
            row.add(entry.is_public ? 1 : 0);
            row.add(entry.is_inferred ? 1 : 0);
            row.add_text(entry.data);
            row.add_text(entry.scope_before);
            row.add_text(entry.scope_after);
            row.add_bytes(as_bytes(entry.hash));
        }
        for (const app::EntryText& text : entry.texts) {
            CopyRow row(texts_);
            row.add(pos);
            row.add_text(text.field);
            row.add_bytes(text.salt);
            row.add_text(text.text);
        }
    }

    Status copy(const std::string& into, std::string& rows) {
        if (rows.empty()) return {};
        const Answer begun(PQexec(raw_.get(), ("COPY " + into + " FROM STDIN").c_str()));
        if (PQresultStatus(begun.get()) != PGRES_COPY_IN) return failed(into);
        constexpr std::size_t kPiece = 1'000'000;
        for (std::size_t at = 0; at < rows.size(); at += kPiece) {
            const std::size_t length = std::min(kPiece, rows.size() - at);
            if (PQputCopyData(raw_.get(), rows.data() + at, static_cast<int>(length)) != 1) return failed(into);
        }
        if (PQputCopyEnd(raw_.get(), nullptr) != 1) return failed(into);
        while (const Answer answer{PQgetResult(raw_.get())}) {
            if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return failed(into);
        }
        rows.clear();
        return {};
    }
    Status flush() {
        CHECK_OK(run("BEGIN"));
        for (auto& [into, rows] : rows_) CHECK_OK(copy(into, rows));
        CHECK_OK(copy("entry (" + std::string(kEntryColumns) + ")", entries_));
        CHECK_OK(copy("entry_text (pos, field, salt, text)", texts_));
        return run("COMMIT");
    }

    const std::string url_;
    const std::shared_ptr<const Catalogue> catalogue_;
    const BulkOptions options_;
    std::unique_ptr<PGconn, Finish> raw_;
    std::map<std::string_view, Target> targets_;
    std::map<std::string, std::string> rows_;
    std::string entries_, texts_;
    std::vector<std::string> index_sql_;
    std::int64_t next_pos_ = 1, units_ = 0;
};

}  // namespace

Result<std::unique_ptr<Bulk>> postgres_bulk(const std::string& url, const BulkOptions& options) {
    TRY(auto catalogue, Catalogue::load(app::DatabaseKind::postgres));
    auto bulk = std::make_unique<PostgresBulk>(url, std::move(catalogue), options);
    CHECK_OK(bulk->begin());
    return std::unique_ptr<Bulk>(std::move(bulk));
}

}  // namespace firstline::bench
