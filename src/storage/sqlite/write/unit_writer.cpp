#include "storage/sqlite/write/unit_writer.hpp"

#include <array>

namespace firstline::storage::sqlite {
namespace {

using app::Committed;
using app::Outcome;

constexpr std::array<const char*, 5> kFixedSql{"BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT unit", "RELEASE unit",
                                               "ROLLBACK TO unit"};

Outcome outcome_of(app::OnConflict on_conflict) {
    switch (on_conflict) {
        case app::OnConflict::stale: return Outcome::stale;
        case app::OnConflict::duplicate: return Outcome::duplicate;
        case app::OnConflict::exists: return Outcome::exists;
    }
    return Outcome::unavailable;
}

}  // namespace

UnitWriter::UnitWriter(Connection& connection, const Catalogue& catalogue)
    : connection_(connection),
      catalogue_(catalogue),
      entry_insert_(catalogue.find("store.entry_insert")),
      text_insert_(catalogue.find("store.entry_text_insert")),
      fixed_(kFixedSql.size(), nullptr) {
    for (std::size_t i = 0; i < kFixedSql.size(); ++i) {
        sqlite3_prepare_v3(connection_.raw(), kFixedSql[i], -1, SQLITE_PREPARE_PERSISTENT, &fixed_[i], nullptr);
    }
}

UnitWriter::~UnitWriter() {
    for (sqlite3_stmt* statement : fixed_) sqlite3_finalize(statement);
}

Status UnitWriter::load() {
    const auto read = [&](std::string_view name, std::int64_t& number) {
        return run_query(connection_, catalogue_, name, {}, [&](const app::Row& row) {
            number = row.integer(0);
            return false;
        });
    };
    std::int64_t last_pos = 0;
    CHECK_OK(read("store.last_pos", last_pos));
    std::int64_t config_version = 0;  // a desk that is not set up yet
    CHECK_OK(read("store.config_version", config_version));
    next_pos_ = next_pos_committed_ = last_pos + 1;
    config_version_ = config_version_committed_ = config_version;
    return {};
}

int UnitWriter::run(Fixed fixed) {
    sqlite3_stmt* statement = fixed_[fixed];
    if (statement == nullptr) return SQLITE_NOMEM;
    Execution execution(statement);
    return execution.finish();
}

int UnitWriter::begin() {
    engine_failure_ = SQLITE_OK;
    return run(kBegin);
}

int UnitWriter::commit() {
    const int code = run(kCommit);
    if (code == SQLITE_OK) {
        next_pos_committed_ = next_pos_;
        config_version_committed_ = config_version_;
    }
    return code;
}

void UnitWriter::roll_back() {
    if (connection_.is_in_transaction()) static_cast<void>(connection_.run("ROLLBACK"));
    next_pos_ = next_pos_committed_;
    config_version_ = config_version_committed_;
}

Committed UnitWriter::apply(const app::Change& change) {
    Committed answer;
    if (change.config_version >= 0 && change.config_version != config_version_) {
        answer.outcome = Outcome::config_changed;
        return answer;
    }
    if (const int code = run(kSavepoint); code != SQLITE_OK) {
        refuse(code, Outcome::unavailable, "SAVEPOINT", answer);
        engine_failure_ = code;
        return answer;
    }
    const std::int64_t next_pos = next_pos_;
    const std::int64_t config_version = config_version_;
    if (write_all(change, answer)) {
        answer.outcome = Outcome::committed;
        answer.first_pos = change.entries.empty() ? 0 : next_pos;
    } else {
        next_pos_ = next_pos;
        config_version_ = config_version;
        // After some errors SQLite has ended the whole transaction.
        if (engine_failure_ != SQLITE_OK || !connection_.is_in_transaction()) {
            if (engine_failure_ == SQLITE_OK) engine_failure_ = SQLITE_IOERR;
            return answer;
        }
        if (const int code = run(kRollBackTo); code != SQLITE_OK) engine_failure_ = code;
    }
    if (const int code = run(kRelease); code != SQLITE_OK && engine_failure_ == SQLITE_OK) engine_failure_ = code;
    return answer;
}

bool UnitWriter::write_all(const app::Change& change, Committed& answer) {
    positions_.clear();
    for (const app::Write& one : change.writes) {
        if (!write(one, answer)) return false;
    }
    for (const app::NewEntry& entry : change.entries) {
        if (!write_entry(entry, answer)) return false;
    }
    for (const app::Write& one : change.after_entries) {
        if (!write(one, answer)) return false;
    }
    return !change.raises_config || raise_config(answer);
}

bool UnitWriter::refuse(int code, Outcome on_conflict, std::string_view name, Committed& answer) {
    if (is_conflict(code)) {
        answer.outcome = on_conflict;
        answer.conflict = name;
        return false;
    }
    answer.outcome = Outcome::unavailable;
    answer.detail = connection_.error(name).detail;
    if (is_engine_failure(code)) engine_failure_ = code;
    return false;
}

bool UnitWriter::write(const app::Write& write, Committed& answer) {
    const auto statement = find_statement(catalogue_, write.name, write.params.size());
    if (!statement || (*statement)->is_alone) {
        answer.outcome = Outcome::unavailable;
        answer.detail =
            statement ? std::string(write.name) + " runs only alone, not in the queue" : statement.error().detail;
        return false;
    }
    sqlite3_stmt* prepared = connection_.prepare(**statement);
    if (prepared == nullptr) return refuse(connection_.error_code(), Outcome::unavailable, write.name, answer);
    Execution execution(prepared);
    execution.bind_all(write.params, positions_);
    const int code = execution.finish();
    return code == SQLITE_OK || refuse(code, outcome_of(write.on_conflict), write.name, answer);
}

bool UnitWriter::write_entry(const app::NewEntry& entry, Committed& answer) {
    sqlite3_stmt* prepared = connection_.prepare(*entry_insert_);
    if (prepared == nullptr) return refuse(connection_.error_code(), Outcome::unavailable, entry_insert_->name, answer);
    const std::int64_t pos = next_pos_;
    {
        Execution execution(prepared);
        int index = 0;
        execution.bind(++index, pos);
        execution.bind_text(++index, entry.subject);
        for (const std::int64_t number :
             {entry.subject_id, entry.seq, entry.at.us, entry.recorded_at.us, entry.actor_id}) {
            execution.bind(++index, number);
        }
        execution.bind_text(++index, entry.via);
        execution.bind_text(++index, entry.kind);
        execution.bind(++index, std::int64_t{entry.is_public ? 1 : 0});
        execution.bind(++index, std::int64_t{entry.is_inferred ? 1 : 0});
        execution.bind_text(++index, entry.data);
        execution.bind_text(++index, entry.scope_before);
        execution.bind_text(++index, entry.scope_after);
        ++index;
        if (entry.unit_key.empty()) {
            execution.bind_null(index);
        } else {
            execution.bind_text(index, entry.unit_key);
        }
        execution.bind_bytes(++index, as_bytes(entry.hash));
        if (const int code = execution.finish(); code != SQLITE_OK)
            return refuse(code, Outcome::stale, entry_insert_->name, answer);
    }
    ++next_pos_;
    positions_.push_back(pos);
    for (const app::EntryText& text : entry.texts) {
        if (!write_text(text, pos, answer)) return false;
    }
    return true;
}

bool UnitWriter::write_text(const app::EntryText& text, std::int64_t pos, Committed& answer) {
    sqlite3_stmt* prepared = connection_.prepare(*text_insert_);
    if (prepared == nullptr) return refuse(connection_.error_code(), Outcome::unavailable, text_insert_->name, answer);
    Execution execution(prepared);
    execution.bind(1, pos);
    execution.bind_text(2, text.field);
    execution.bind_bytes(3, text.salt);
    execution.bind_text(4, text.text);
    const int code = execution.finish();
    return code == SQLITE_OK || refuse(code, Outcome::unavailable, text_insert_->name, answer);
}

bool UnitWriter::raise_config(Committed& answer) {
    sqlite3_stmt* prepared = connection_.prepare(*catalogue_.find("store.raise_config"));
    if (prepared == nullptr)
        return refuse(connection_.error_code(), Outcome::unavailable, "store.raise_config", answer);
    Execution execution(prepared);
    if (const int code = execution.finish(); code != SQLITE_OK)
        return refuse(code, Outcome::unavailable, "store.raise_config", answer);
    config_version_ += sqlite3_changes(connection_.raw());
    return true;
}

}  // namespace firstline::storage::sqlite
