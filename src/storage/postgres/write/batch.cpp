#include "storage/postgres/write/batch.hpp"

#include <utility>

#include "base/crypto.hpp"

namespace firstline::storage::postgres {
namespace {

constexpr NamedSql kBegin{"begin", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"};
constexpr NamedSql kCommit{"commit", "COMMIT"};
constexpr NamedSql kInsertBatch{"batch", "INSERT INTO batch (id, at) VALUES ($1, $2)"};
constexpr NamedSql kShareConfig{"config_share", "SELECT config_version FROM desk WHERE one = 1 FOR SHARE"};
// A division by zero when the changes were decided on another version; a configuration change keeps the row to itself.
constexpr NamedSql kCheckConfig{
    "config_check",
    "SELECT 1 / CAST(coalesce((SELECT config_version FROM desk WHERE one = 1 FOR SHARE), 0) = $1 AS INTEGER)"};
constexpr NamedSql kCheckConfigAlone{
    "config_check_alone",
    "SELECT 1 / CAST(coalesce((SELECT config_version FROM desk WHERE one = 1 FOR UPDATE), 0) = $1 AS INTEGER)"};
constexpr NamedSql kLockConfig{"config_lock", "SELECT config_version FROM desk WHERE one = 1 FOR UPDATE"};
constexpr NamedSql kLockFeed{"feed_lock", "SELECT pg_advisory_xact_lock($1)"};
constexpr NamedSql kFindPositions{
    "find_positions",
    "SELECT entry.pos FROM unnest($1::text[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS "
    "wanted (subject, subject_id, seq, n) JOIN entry USING (subject, subject_id, seq) ORDER BY n"};

// `$n` becomes (current - $n): the parameter is how far before the batch's last position the entry stands.
std::string with_positions(std::string_view sql, const std::vector<std::size_t>& numbers, const std::string& current) {
    std::string out;
    for (std::size_t i = 0; i < sql.size();) {
        std::size_t end = i + 1, number = 0;
        if (sql[i] == '$') {
            while (end < sql.size() && sql[end] >= '0' && sql[end] <= '9') {
                number = number * 10 + static_cast<std::size_t>(sql[end++] - '0');
            }
        }
        const std::string_view piece = sql.substr(i, end - i);
        bool is_position = false;
        for (const auto wanted : numbers) is_position = is_position || (number != 0 && wanted == number);
        if (is_position) {
            out.append("(").append(current).append(" - CAST(").append(piece).append(" AS BIGINT))");
        } else {
            out.append(piece);
        }
        i = end;
    }
    return out;
}

}  // namespace

BatchWriter::BatchWriter(const Catalogue& catalogue, const std::string& sequence, Options options)
    : catalogue_(catalogue), options_(std::move(options)) {
    const std::string name = "'" + sequence + "'::regclass";
    current_ = "currval(" + name + ")";
    positions_sql_ = "SELECT setval(" + name + ", nextval(" + name + ") + $1 - 1)";
    entries_sql_ =
        "INSERT INTO entry (pos, subject, subject_id, seq, at, recorded_at, actor_id, via, kind, public, inferred,"
        " data,"
        " scope_before, scope_after, unit_key, hash)"
        " SELECT last - back, subject, subject_id, seq, at, recorded_at, actor_id, via, kind, public, inferred, data,"
        " scope_before, scope_after, nullif(unit_key, ''), hash"
        " FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],"
        " $8::text[], $9::text[], $10::smallint[], $11::smallint[], $12::text[], $13::text[], $14::text[], $15::text[],"
        " $16::bytea[]) AS e (back, subject, subject_id, seq, at, recorded_at, actor_id, via, kind, public, inferred,"
        " data,"
        " scope_before, scope_after, unit_key, hash), (SELECT " +
        current_ + " AS last) AS positions";
    texts_sql_ =
        "INSERT INTO entry_text (pos, field, salt, text) SELECT last - back, field, salt, text"
        " FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::text[]) AS t (back, field, salt, text), (SELECT " +
        current_ + " AS last) AS positions";
    notify_sql_ = "SELECT pg_notify('" + std::string(kFeedChannel) + "', CAST(" + current_ + " AS TEXT))";
}

void BatchWriter::send(Connection& connection, Step step, const NamedSql& sql, const Parameters& parameters) {
    connection.send(sql, parameters);
    sent_.push_back({.step = step});
}

Attempt BatchWriter::write(Connection& connection, std::span<Queued* const> changes, const std::string& id,
                           std::int64_t now_us) {
    sent_.clear();
    answered_ = 0;
    entries_ = 0;
    for (const auto* queued : changes) entries_ += static_cast<std::int64_t>(queued->change.entries.size());

    send(connection, Step::begin, kBegin);
    parameters_.clear();
    parameters_.add_text(id);
    parameters_.add(now_us);
    send(connection, Step::batch, kInsertBatch, parameters_);
    send_config(connection, changes);
    send_writes(connection, changes, false);
    if (entries_ > 0) send_entries(connection, changes);
    send_writes(connection, changes, true);
    if (changes.front()->change.raises_config) {  // it stands alone
        const Statement* raise = catalogue_.find("store.raise_config");
        send(connection, Step::config, {raise->name, raise->text});
    }
    if (entries_ > 0) send(connection, Step::notify, {"notify", notify_sql_});

    Attempt attempt;
    bool is_good = true;
    if (options_.before_commit) {
        connection.ask_for_replies();
        is_good = take_replies(connection, attempt);
        if (is_good) options_.before_commit();
    }
    if (is_good) send(connection, Step::commit, kCommit);
    connection.sync();
    is_good = is_good && take_replies(connection, attempt);
    static_cast<void>(connection.drain());
    if (!is_good && !connection.is_lost()) {
        static constexpr NamedSql kRollback{"rollback", "ROLLBACK"};
        connection.send(kRollback, {}, true);
        connection.sync();
        static_cast<void>(connection.drain());
    }
    return attempt;
}

bool BatchWriter::take_replies(Connection& connection, Attempt& attempt) {
    for (; answered_ < sent_.size(); ++answered_) {
        const Sent& sent = sent_[answered_];
        Reply reply = connection.receive();
        if (sent.step == Step::positions && !reply.failure) attempt.last_pos = reply.integer(0, 0);
        // COMMIT of a transaction that had failed is answered by ROLLBACK; it cannot be without a failure before it.
        if (!reply.failure) continue;
        attempt.failure = std::move(reply.failure);
        attempt.step = sent.step;
        attempt.change = sent.change;
        if (sent.write != nullptr) {
            attempt.write = sent.write->name;
            attempt.on_conflict = sent.write->on_conflict;
        }
        return false;
    }
    return true;
}

void BatchWriter::send_config(Connection& connection, std::span<Queued* const> changes) {
    std::int64_t version = -1;
    bool is_raised = false;
    for (const auto* queued : changes) {
        if (queued->change.config_version >= 0) version = queued->change.config_version;
        is_raised = is_raised || queued->change.raises_config;
    }
    if (version < 0) {
        send(connection, Step::config, is_raised ? kLockConfig : kShareConfig);
        return;
    }
    parameters_.clear();
    parameters_.add(version);
    send(connection, Step::config, is_raised ? kCheckConfigAlone : kCheckConfig, parameters_);
}

void BatchWriter::send_writes(Connection& connection, std::span<Queued* const> changes, bool is_after) {
    std::int64_t before = 0;  // entries of the changes before
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const app::Change& change = changes[i]->change;
        const auto& writes = is_after ? change.after_entries : change.writes;
        for (const auto& write : writes) {
            send_write(connection, i, write, is_after ? Step::after : Step::write, entries_ - 1 - before);
        }
        before += static_cast<std::int64_t>(change.entries.size());
    }
}

// `back`: how far the change's first entry stands before the last of the batch.
void BatchWriter::send_write(Connection& connection, std::size_t change, const app::Write& write, Step step,
                             std::int64_t back) {
    const Statement* statement = catalogue_.find(write.name);  // known: the queue has looked
    parameters_.clear();
    std::vector<std::size_t> positions;
    for (std::size_t i = 0; i < write.params.size(); ++i) {
        if (const auto* pos = std::get_if<app::EntryPos>(&write.params[i])) {
            positions.push_back(i + 1);
            parameters_.add(back - static_cast<std::int64_t>(pos->entry));
        } else {
            parameters_.add(write.params[i]);
        }
    }
    if (positions.empty()) {
        connection.send({statement->name, statement->text}, parameters_);
    } else {
        std::string name = statement->name + "@";
        for (const auto number : positions) name += std::to_string(number) + ",";
        if (connection.knows(name)) {
            connection.send({name, {}}, parameters_);
        } else {
            connection.send({name, with_positions(statement->text, positions, current_)}, parameters_);
        }
    }
    sent_.push_back({.step = step, .change = change, .write = &write});
}

void BatchWriter::send_entries(Connection& connection, std::span<Queued* const> changes) {
    using Type = ColumnArray::Type;
    ColumnArray back(Type::big), subject(Type::text), subject_id(Type::big), seq(Type::big), at(Type::big),
        recorded_at(Type::big), actor(Type::big), via(Type::text), kind(Type::text), is_public(Type::small),
        inferred(Type::small), data(Type::text), before(Type::text), after(Type::text), unit(Type::text),
        hash(Type::bytes);
    ColumnArray text_back(Type::big), field(Type::text), salt(Type::bytes), text(Type::text);
    std::int64_t distance = entries_;
    bool has_texts = false;
    for (const auto* queued : changes) {
        for (const auto& entry : queued->change.entries) {
            --distance;
            back.add(distance);
            subject.add(entry.subject);
            subject_id.add(entry.subject_id);
            seq.add(entry.seq);
            at.add(entry.at.us);
            recorded_at.add(entry.recorded_at.us);
            actor.add(entry.actor_id);
            via.add(entry.via);
            kind.add(entry.kind);
            is_public.add(std::int64_t{entry.is_public});
            inferred.add(std::int64_t{entry.is_inferred});
            data.add(entry.data);
            before.add(entry.scope_before);
            after.add(entry.scope_after);
            unit.add(entry.unit_key);
            hash.add(as_bytes(entry.hash));
            for (const auto& one : entry.texts) {
                has_texts = true;
                text_back.add(distance);
                field.add(one.field);
                salt.add(one.salt);
                text.add(one.text);
            }
        }
    }
    if (options_.has_feed_lock) {
        parameters_.clear();
        parameters_.add(kFeedLock);
        send(connection, Step::feed, kLockFeed, parameters_);
    }
    parameters_.clear();
    parameters_.add(entries_);
    send(connection, Step::positions, {"positions", positions_sql_}, parameters_);
    parameters_.clear();
    for (auto* column : {&back, &subject, &subject_id, &seq, &at, &recorded_at, &actor, &via, &kind, &is_public,
                         &inferred, &data, &before, &after, &unit, &hash}) {
        parameters_.add(*column);
    }
    send(connection, Step::entries, {"entries", entries_sql_}, parameters_);
    if (!has_texts) return;
    parameters_.clear();
    for (auto* column : {&text_back, &field, &salt, &text}) parameters_.add(*column);
    send(connection, Step::texts, {"texts", texts_sql_}, parameters_);
}

Reply BatchWriter::find_positions(Connection& connection, std::span<Queued* const> changes) {
    ColumnArray subject(ColumnArray::Type::text), subject_id(ColumnArray::Type::big), seq(ColumnArray::Type::big);
    for (const auto* queued : changes) {
        if (queued->change.entries.empty()) continue;
        const auto& first = queued->change.entries.front();
        subject.add(first.subject);
        subject_id.add(first.subject_id);
        seq.add(first.seq);
    }
    parameters_.clear();
    parameters_.add(subject);
    parameters_.add(subject_id);
    parameters_.add(seq);
    connection.send(kFindPositions, parameters_);
    connection.sync();
    Reply reply = connection.receive();
    static_cast<void>(connection.drain());
    return reply;
}

std::string new_batch_id() { return to_hex(random_bytes(16)); }

}  // namespace firstline::storage::postgres
