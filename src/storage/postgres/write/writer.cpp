#include "storage/postgres/write/writer.hpp"

#include <algorithm>
#include <utility>

namespace firstline::storage::postgres {
namespace {

constexpr int kRepeatsMax = 10;
constexpr std::chrono::milliseconds kBetweenConnects{100};

// Whether two changes may stand in one transaction: it compares one config version.
bool agree(std::int64_t version, const app::Change& change) {
    return version < 0 || change.config_version < 0 || version == change.config_version;
}

app::Outcome outcome_of(app::OnConflict on_conflict) {
    switch (on_conflict) {
        case app::OnConflict::stale: return app::Outcome::stale;
        case app::OnConflict::duplicate: return app::Outcome::duplicate;
        case app::OnConflict::exists: return app::Outcome::exists;
    }
    return app::Outcome::unavailable;
}

}  // namespace

Writer::Writer(BatchWriter batch, std::unique_ptr<Connection> connection, Options options, WriterFigures& figures)
    : batch_(std::move(batch)), connection_(std::move(connection)), options_(std::move(options)), figures_(figures) {
    thread_ = std::thread([this] { run(); });
}

bool Writer::submit(std::unique_ptr<Queued>& queued) {
    {
        const std::lock_guard lock(mutex_);
        if (is_stopped_) return false;
        if (figures_.queue_length.fetch_add(1) >= options_.queue_max) {
            --figures_.queue_length;
            return false;
        }
        queue_.push_back(std::move(queued));
        if (queue_.size() > 1) return true;  // the thread knows already, or is busy and will look
    }
    changed_.notify_all();
    return true;
}

void Writer::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopped_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Writer::run() {
    Batch batch;
    while (take(batch)) {
        write_batch(batch);
        batch.clear();
        const std::lock_guard lock(mutex_);
        is_busy_ = false;
        if (is_paused_) changed_.notify_all();
    }
    std::deque<std::unique_ptr<Queued>> rest;
    {
        const std::lock_guard lock(mutex_);
        rest.swap(queue_);
        figures_.queue_length -= rest.size();
    }
    for (const auto& queued : rest) queued->done({.outcome = app::Outcome::unavailable, .detail = "stopped"});
}

bool Writer::take(Batch& batch) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_stopped_ || (!is_paused_ && !queue_.empty()); });
    if (is_stopped_) return false;
    // A change of configuration stands alone: what comes after it was decided on the version before.
    while (!queue_.empty() && batch.size() < options_.batch_max) {
        const bool is_alone = queue_.front()->change.raises_config;
        if (is_alone && !batch.empty()) break;
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
        --figures_.queue_length;
        if (is_alone) break;
    }
    is_busy_ = true;
    return true;
}

void Writer::pause() {
    std::unique_lock lock(mutex_);
    is_paused_ = true;
    changed_.wait(lock, [this] { return is_stopped_ || !is_busy_; });
}

void Writer::resume() {
    {
        const std::lock_guard lock(mutex_);
        is_paused_ = false;
    }
    changed_.notify_all();
}

Status Writer::with_connection(const std::function<Status(Connection&)>& body) {
    std::string why = "The store is stopped.";
    bool is_stopped = false;
    {
        const std::lock_guard lock(mutex_);
        is_stopped = is_stopped_;
    }
    if (is_stopped || !reconnect(why)) return fail(ErrorKind::unavailable, "storage.unavailable", why);
    return body(*connection_);
}

void Writer::write_batch(Batch& batch) {
    const auto now = std::chrono::steady_clock::now();
    Part waiting;
    for (const auto& queued : batch) {
        if (queued->change.deadline < now) {
            queued->done({.outcome = app::Outcome::expired});
        } else {
            waiting.push_back(queued.get());
        }
    }
    std::stable_sort(waiting.begin(), waiting.end(),
                     [](const Queued* a, const Queued* b) { return a->change.lock_order < b->change.lock_order; });
    while (!waiting.empty()) {
        Part part, other;
        std::int64_t version = -1;
        for (auto* queued : waiting) {
            const bool fits = agree(version, queued->change);
            if (fits && queued->change.config_version >= 0) version = queued->change.config_version;
            (fits ? part : other).push_back(queued);
        }
        write(part);
        waiting.swap(other);
    }
}

void Writer::write(const Part& part) {
    if (part.empty()) return;
    const std::string id = new_batch_id();
    std::string why;
    for (int repeats = 0; repeats < kRepeatsMax; ++repeats) {
        if (!reconnect(why)) break;
        const Attempt attempt = batch_.write(*connection_, part, id, options_.now_us());
        if (!attempt.failure) return answer_committed(part, attempt.last_pos);
        const Failure& failure = *attempt.failure;
        why = failure.message;
        if (failure.is_lost) continue;
        if (attempt.step == Step::batch && failure.is("23505")) return answer_found(part);
        if (failure.is_to_repeat()) {
            if (failure.is("40P01")) ++figures_.deadlocks;
            continue;
        }
        if (attempt.step == Step::config && failure.is("22012")) return write_after_config_changed(part);
        if (attempt.step == Step::entries && failure.constraint == "entry_pkey" && resync_positions()) continue;
        if (failure.is_server_wide()) break;
        return write_apart(part, attempt);
    }
    answer_all(part, app::Outcome::unavailable, why);
}

// The failing change in a transaction of its own, if it is known; else halves, until it is.
void Writer::write_apart(const Part& part, const Attempt& attempt) {
    if (part.size() == 1) return write_one_failed(*part.front(), attempt);
    const bool is_known = attempt.step == Step::write || attempt.step == Step::after;
    const auto at = static_cast<std::ptrdiff_t>(is_known ? attempt.change : part.size() / 2);
    const auto after = is_known ? at + 1 : at;
    write({part.begin(), part.begin() + at});
    write({part.begin() + at, part.begin() + after});
    write({part.begin() + after, part.end()});
}

void Writer::write_one_failed(Queued& queued, const Attempt& attempt) {
    app::Committed answer{.outcome = app::Outcome::unavailable, .detail = attempt.failure->message};
    if (attempt.failure->is("23505")) {
        if (attempt.step == Step::entries) {
            answer.outcome = app::Outcome::stale;
            answer.conflict = "store.entry_insert";
        } else if (!attempt.write.empty()) {
            answer.outcome = outcome_of(attempt.on_conflict);
            answer.conflict = attempt.write;
        }
    }
    if (answer.outcome == app::Outcome::stale) ++figures_.stale;
    queued.done(answer);
}

void Writer::write_after_config_changed(const Part& part) {
    const Reply current = connection_->run("SELECT config_version FROM desk WHERE one = 1");
    const std::int64_t version = current.failure ? -1 : current.integer(0, 0);
    Part fitting;
    for (auto* queued : part) {
        const auto decided_on = queued->change.config_version;
        if (decided_on < 0 || decided_on == version) {
            fitting.push_back(queued);
        } else {
            queued->done({.outcome = app::Outcome::config_changed});
        }
    }
    write(fitting);
}

void Writer::answer_committed(const Part& part, std::int64_t last_pos) {
    ++figures_.commits;
    figures_.changes += part.size();
    if (last_pos > 0) options_.committed(last_pos);
    std::int64_t next = last_pos + 1;
    for (const auto* queued : part) next -= static_cast<std::int64_t>(queued->change.entries.size());
    for (auto* queued : part) {
        const auto entries = static_cast<std::int64_t>(queued->change.entries.size());
        queued->done({.outcome = app::Outcome::committed, .first_pos = entries > 0 ? next : 0});
        next += entries;
    }
}

// The transaction had been committed when the connection was lost.
void Writer::answer_found(const Part& part) {
    const Reply reply = batch_.find_positions(*connection_, part);
    ++figures_.commits;
    figures_.changes += part.size();
    int row = 0;
    for (auto* queued : part) {
        const bool has_entries = !queued->change.entries.empty();
        const std::int64_t first = has_entries ? reply.integer(row, 0) : 0;
        if (has_entries) ++row;
        if (first > 0) options_.committed(first + static_cast<std::int64_t>(queued->change.entries.size()) - 1);
        queued->done({.outcome = app::Outcome::committed, .first_pos = first});
    }
}

void Writer::answer_all(const Part& part, app::Outcome outcome, const std::string& detail) {
    for (auto* queued : part) queued->done({.outcome = outcome, .detail = detail});
}

bool Writer::reconnect(std::string& why) {
    if (connection_ && !connection_->is_lost()) return true;
    is_connected_ = false;
    if (connection_) lost_pid_ = connection_->backend_pid();
    connection_.reset();
    const auto end = std::chrono::steady_clock::now() + options_.reconnect_limit;
    while (true) {
        auto opened = Connection::open(options_.connect);
        if (opened) {
            connection_ = std::move(*opened);
            end_lost_session(std::exchange(lost_pid_, 0));
            is_connected_ = true;
            return true;
        }
        why = opened.error().detail;
        std::unique_lock lock(mutex_);
        if (std::chrono::steady_clock::now() + kBetweenConnects > end) return false;
        if (changed_.wait_for(lock, kBetweenConnects, [this] { return is_stopped_; })) return false;
    }
}

// The server may not know yet that the old session's client is gone: it would hold its locks until it notices, or even
// run what it still has in its buffer. Waits for its end, so that from here on the old transaction is committed or is
// not.
void Writer::end_lost_session(int pid) {
    if (pid == 0) return;
    Parameters parameters;
    parameters.add(std::int64_t{pid});
    parameters.add_text(options_.connect.application_name);
    static_cast<void>(
        connection_->run("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                         " WHERE pid = $1::integer AND application_name = $2 AND pid <> pg_backend_pid()",
                         parameters));
}

// Rows were written with positions of their own (a restore): the sequence goes on behind them.
bool Writer::resync_positions() {
    const Reply reply = connection_->run("SELECT setval(pg_get_serial_sequence('entry', 'pos'), max(pos)) FROM entry");
    return !reply.failure;
}

}  // namespace firstline::storage::postgres
