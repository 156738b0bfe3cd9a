#include "storage/search/postgres_search.hpp"

#include <algorithm>
#include <utility>

#include "storage/postgres/connection/parameters.hpp"
#include "storage/search/query_text.hpp"

namespace firstline::storage::search {

using app::SearchDocument;
using app::SearchFound;
using app::SearchRequest;
using postgres::Connection;
using postgres::NamedSql;
using postgres::Parameters;
using postgres::Reply;

namespace {

constexpr std::int64_t kInCharge = 0x666c73656172;  // the advisory lock of the node that indexes
// Sizes of the stretches, and how many of each make one step down.
constexpr std::int64_t kSmall = 1'024, kLarge = 8'192;
constexpr std::int64_t kStretches = 2;

std::string stretch(std::int64_t size, std::int64_t id) {
    return (size == kSmall ? "#" : "##") + std::to_string(id / size);
}

// Reading by an index is right always, reading all rows never.
constexpr const char* kReaderSettings =
    "SET enable_seqscan = off; SET max_parallel_workers_per_gather = 0; SET jit = off; "
    "SET plan_cache_mode = force_generic_plan";
// What is lost with the power is fed again: the place is lost with it.
constexpr const char* kWriterSettings = "SET synchronous_commit = off";

// The condition on the number is not for an index: a range of numbers would be fetched whole.
constexpr NamedSql kHits{
    "search_hits",
    "WITH hits AS MATERIALIZED (SELECT incident_id FROM search_doc WHERE lexemes @@ CAST(CAST($1 AS TEXT) AS tsquery) "
    "AND incident_id + 0 < $2 LIMIT $3) SELECT incident_id, (SELECT count(*) FROM hits) FROM hits "
    "ORDER BY incident_id DESC LIMIT $4"};
constexpr NamedSql kNewest{"search_newest", "SELECT coalesce(max(incident_id), 0) FROM search_doc"};
constexpr NamedSql kMatching{"search_matching",
                             "SELECT incident_id FROM search_doc WHERE incident_id = ANY (CAST($2 AS BIGINT[])) "
                             "AND ts_match_vq(lexemes, CAST(CAST($1 AS TEXT) AS tsquery))"};
// Weighs words of the title and repeated ones higher, long documents lower.
constexpr NamedSql kRank{
    "search_rank",
    "SELECT incident_id, CAST(1000000000 * ts_rank(lexemes, CAST(CAST($1 AS TEXT) AS tsquery), 1) AS BIGINT) FROM search_doc "
    "WHERE incident_id = ANY (CAST($2 AS BIGINT[])) ORDER BY 2 DESC, 1 DESC LIMIT $3"};
constexpr NamedSql kPlace{"search_place", "SELECT epoch, pos FROM search_place WHERE one = 1"};
constexpr NamedSql kPutPlace{"search_put_place",
                             "INSERT INTO search_place (one, epoch, pos) VALUES (1, $1, $2) "
                             "ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch, pos = excluded.pos"};
constexpr NamedSql kErase{"search_erase", "DELETE FROM search_doc WHERE incident_id = ANY (CAST($1 AS BIGINT[]))"};

Status check(const std::optional<postgres::Failure>& failure) {
    if (failure) return fail(postgres::to_error(*failure));
    return {};
}

Result<Reply> ask(Connection& connection, const NamedSql& sql, const Parameters& parameters) {
    connection.send(sql, parameters);
    connection.sync();
    Reply reply = connection.receive();
    static_cast<void>(connection.drain());
    if (reply.failure) return fail(postgres::to_error(*reply.failure));
    return reply;
}

std::vector<std::int64_t> first_column(const Reply& reply) {
    std::vector<std::int64_t> out;
    const int rows = PQntuples(reply.result.get());
    out.reserve(static_cast<std::size_t>(rows));
    for (int i = 0; i < rows; ++i) out.push_back(reply.integer(i, 0));
    return out;
}

}  // namespace

class PostgresSearch::Lease {
public:
    Lease(PostgresSearch& of, std::unique_ptr<Connection> connection) : of_(&of), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept : of_(std::exchange(other.of_, nullptr)), connection_(std::move(other.connection_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
        if (of_ != nullptr) of_->give_back(std::move(connection_));
    }
    Connection& operator*() { return *connection_; }

private:
    PostgresSearch* of_;
    std::unique_ptr<Connection> connection_;
};

// One search on its way from the newest numbers down.
class PostgresSearch::Descent {
public:
    Descent(Connection& connection, const SearchRequest& request, std::size_t hits_max)
        : connection_(connection),
          request_(request),
          query_(to_tsquery(request)),
          hits_max_(static_cast<std::int64_t>(hits_max)) {}

    Result<SearchFound> run() {
        before_ = request_.before;
        CHECK_OK(limit_to_newest());
        if (is_wide(request_)) {
            // Common words end here, without a look at the rest of their hits. A beginning costs the same in each step.
            const bool has_prefix = std::any_of(request_.terms.begin(), request_.terms.end(),
                                                [](const auto& term) { return term.is_prefix; });
            for (const std::int64_t size : {kSmall, kLarge}) {
                if (has_prefix && size == kSmall) continue;
                CHECK_OK(step(size));
                if (is_full() || before_ <= 0) return result(before_ <= 0 && !is_full());
            }
        }
        TRY(const bool is_whole, take_rest());
        if (is_whole) return result(!is_full());
        while (!is_full() && before_ > 0) {
            if (std::chrono::steady_clock::now() > request_.deadline) return result(false);
            CHECK_OK(step(kLarge));
        }
        return result(!is_full());
    }

private:
    [[nodiscard]] bool is_full() const { return found_.ids.size() >= request_.limit; }
    [[nodiscard]] std::size_t wanted() const { return request_.limit - found_.ids.size(); }

    Result<SearchFound> result(bool is_complete) {
        found_.is_complete = is_complete;
        found_.go_on_before = is_full() ? found_.ids.back() : before_;
        return std::move(found_);
    }

    Status limit_to_newest() {
        TRY(const Reply reply, ask(connection_, kNewest, {}));
        before_ = std::min(before_, reply.integer(0, 0) + 1);
        return {};
    }

    // Hits below `before_` that lie in its stretch and the next; then `before_` is where those end.
    Status step(std::int64_t size) {
        const std::int64_t highest = (before_ - 1) / size;
        const std::int64_t lowest = std::max<std::int64_t>(0, highest - kStretches + 1);
        std::string query = query_ + " & (";
        for (std::int64_t i = lowest; i <= highest; ++i)
            query += (i == lowest ? "'" : " | '") + stretch(size, i * size) + "'";
        query += ")";
        TRY(const auto reply, hits(query, kStretches * size));
        append(first_column(reply));
        before_ = is_full() ? found_.ids.back() : lowest * size;
        return {};
    }

    // Everything below `before_`, unless that is too much to be sorted: then false, and nothing is taken.
    Result<bool> take_rest() {
        TRY(const auto reply, hits(query_, hits_max_ + 1));
        if (reply.integer(0, 1) > hits_max_) return false;
        append(first_column(reply));
        return true;
    }

    Result<Reply> hits(const std::string& query, std::int64_t most) {
        Parameters parameters;
        parameters.add_text(query);
        parameters.add(before_);
        parameters.add(most);
        parameters.add(static_cast<std::int64_t>(wanted()));
        return ask(connection_, kHits, parameters);
    }

    void append(const std::vector<std::int64_t>& ids) { found_.ids.insert(found_.ids.end(), ids.begin(), ids.end()); }

    Connection& connection_;
    const SearchRequest& request_;
    const std::string query_;
    const std::int64_t hits_max_;
    std::int64_t before_ = 0;
    SearchFound found_;
};

class PostgresSearch::Build final : public app::SearchBuild {
public:
    explicit Build(PostgresSearch& of) : of_(of) {}
    ~Build() override {
        if (is_finished_) return;
        const std::lock_guard lock(of_.writing_);
        if (of_.writer_) static_cast<void>(of_.writer_->run("DROP TABLE IF EXISTS search_doc_new"));
    }
    Status begin() {
        const std::lock_guard lock(of_.writing_);
        CHECK_OK(of_.open_writer());
        return check(of_.writer_->run_script(
            "DROP TABLE IF EXISTS search_doc_new; CREATE TABLE search_doc_new (LIKE search_doc)"));
    }
    Status add(std::span<const SearchDocument> documents) override {
        const std::lock_guard lock(of_.writing_);
        CHECK_OK(of_.open_writer());
        return of_.put("search_doc_new", documents, nullptr);
    }
    Status finish(const app::IndexPlace& place) override {
        const std::lock_guard lock(of_.writing_);
        CHECK_OK(of_.open_writer());
        CHECK_OK(of_.swap_in(place));
        is_finished_ = true;
        return {};
    }

private:
    PostgresSearch& of_;
    bool is_finished_ = false;
};

Result<std::unique_ptr<PostgresSearch>> PostgresSearch::open(Options options) {
    std::unique_ptr<PostgresSearch> search(new PostgresSearch(std::move(options)));
    const std::lock_guard lock(search->writing_);
    CHECK_OK(search->open_writer());
    return search;
}

Status PostgresSearch::open_writer() {
    if (writer_ && !writer_->is_lost()) return {};
    is_in_charge_ = false;
    TRY(writer_, Connection::open({.url = options_.url, .application_name = "firstline search writer"}));
    return check(writer_->run_script(kWriterSettings));
}

Result<bool> PostgresSearch::is_in_charge() {
    const std::lock_guard lock(writing_);
    CHECK_OK(open_writer());
    if (is_in_charge_) return true;
    // Held by the session: it ends with the node, and another one takes over.
    const Reply reply =
        writer_->run("SELECT CASE WHEN pg_try_advisory_lock(" + std::to_string(kInCharge) + ") THEN 1 ELSE 0 END");
    CHECK_OK(check(reply.failure));
    is_in_charge_ = reply.integer(0, 0) == 1;
    return is_in_charge_;
}

Result<std::optional<app::IndexPlace>> PostgresSearch::place() {
    const std::lock_guard lock(writing_);
    CHECK_OK(open_writer());
    TRY(const Reply reply, ask(*writer_, kPlace, {}));
    if (PQntuples(reply.result.get()) == 0) return std::optional<app::IndexPlace>{};
    const postgres::ResultRow row(reply.result.get(), 0);
    return std::optional<app::IndexPlace>{{std::string(row.text(0)), row.integer(1)}};
}

Status PostgresSearch::write(std::span<const SearchDocument> documents, const app::IndexPlace& place) {
    const std::lock_guard lock(writing_);
    CHECK_OK(open_writer());
    return put("search_doc", documents, &place);
}

Status PostgresSearch::put(const std::string& table, std::span<const SearchDocument> documents,
                           const app::IndexPlace* place) {
    postgres::ColumnArray ids(postgres::ColumnArray::Type::big);
    postgres::ColumnArray vectors(postgres::ColumnArray::Type::text);
    std::vector<std::int64_t> gone;
    bool has_documents = false;
    for (const SearchDocument& document : documents) {
        if (document.lexemes.empty()) {
            gone.push_back(document.incident_id);
            continue;
        }
        has_documents = true;
        ids.add(document.incident_id);
        vectors.add(
            to_tsvector(document, {stretch(kSmall, document.incident_id), stretch(kLarge, document.incident_id)}));
    }
    const bool is_new = table != "search_doc";
    const std::string insert = "INSERT INTO " + table +
                               " (incident_id, lexemes) SELECT i, CAST(v AS tsvector) "
                               "FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[])) AS given (i, v)" +
                               (is_new ? "" : " ON CONFLICT (incident_id) DO UPDATE SET lexemes = excluded.lexemes");
    const app::Value gone_list = app::IntList{std::move(gone)};
    const bool has_gone = !std::get<app::IntList>(gone_list).items.empty();
    writer_->send({"search_begin", "BEGIN"}, {}, true);
    if (has_documents) {
        Parameters parameters;
        parameters.add(ids);
        parameters.add(vectors);
        writer_->send({is_new ? "search_put_new" : "search_put", insert}, parameters, true);
    }
    if (has_gone && !is_new) {
        Parameters parameters;
        parameters.add(gone_list);
        writer_->send(kErase, parameters, true);
    }
    if (place != nullptr) {
        Parameters parameters;
        parameters.add_text(place->epoch);
        parameters.add(place->pos);
        writer_->send(kPutPlace, parameters, true);
    }
    writer_->send({"search_commit", "COMMIT"}, {}, true);
    writer_->sync();
    if (const auto failure = writer_->drain()) {
        if (!writer_->is_lost()) static_cast<void>(writer_->run("ROLLBACK"));
        return fail(postgres::to_error(*failure));
    }
    return {};
}

Status PostgresSearch::swap_in(const app::IndexPlace& place) {
    Parameters parameters;
    parameters.add_text(place.epoch);
    parameters.add(place.pos);
    CHECK_OK(
        check(writer_->run_script("ALTER TABLE search_doc_new ADD PRIMARY KEY (incident_id); "
                                  "CREATE INDEX search_doc_new_lexemes ON search_doc_new USING gin (lexemes) "
                                  "WITH (gin_pending_list_limit = 1024); ANALYZE search_doc_new")));
    const auto swap = [&]() -> Status {
        CHECK_OK(check(writer_->run("BEGIN").failure));
        for (const char* sql : {"DROP TABLE search_doc", "ALTER TABLE search_doc_new RENAME TO search_doc",
                                "ALTER INDEX search_doc_new_lexemes RENAME TO search_doc_lexemes",
                                "ALTER INDEX search_doc_new_pkey RENAME TO search_doc_pkey"}) {
            CHECK_OK(check(writer_->run(sql).failure));
        }
        CHECK_OK(check(writer_->run(kPutPlace.sql, parameters).failure));
        return check(writer_->run("COMMIT").failure);
    };
    Status status = swap();
    if (!status && !writer_->is_lost()) static_cast<void>(writer_->run("ROLLBACK"));
    return status;
}

Result<std::unique_ptr<app::SearchBuild>> PostgresSearch::begin_build() {
    auto build = std::make_unique<Build>(*this);
    CHECK_OK(build->begin());
    return build;
}

Result<PostgresSearch::Lease> PostgresSearch::lease() {
    {
        std::unique_lock lock(mutex_);
        freed_.wait(lock, [&] { return !idle_.empty() || count_ < options_.readers_max; });
        if (!idle_.empty()) {
            auto connection = std::move(idle_.back());
            idle_.pop_back();
            return Lease(*this, std::move(connection));
        }
        ++count_;
    }
    auto opened = Connection::open(
        {.url = options_.url, .application_name = "firstline search", .statement_limit_ms = options_.search_limit_ms});
    Status set = opened ? check((*opened)->run_script(kReaderSettings)) : Status{};
    if (!opened || !set) {
        give_back(nullptr);
        return fail(opened ? std::move(set).error() : std::move(opened).error());
    }
    return Lease(*this, std::move(*opened));
}

void PostgresSearch::give_back(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    if (connection && !connection->is_lost()) {
        idle_.push_back(std::move(connection));
    } else {
        --count_;
    }
    freed_.notify_one();
}

Result<SearchFound> PostgresSearch::find(const SearchRequest& request) {
    TRY(auto connection, lease());
    return Descent(*connection, request, options_.hits_max).run();
}

Result<std::vector<app::RankedHit>> PostgresSearch::rank(const SearchRequest& request) {
    TRY(auto connection, lease());
    SearchRequest candidates = request;
    candidates.limit = static_cast<std::size_t>(options_.ranked_max);
    TRY(const SearchFound found, Descent(*connection, candidates, options_.hits_max).run());
    const std::string query = to_tsquery(request, false);
    const app::Value ids = app::IntList{found.ids};
    Parameters parameters;
    parameters.add_text(query);
    parameters.add(ids);
    parameters.add(static_cast<std::int64_t>(request.limit));
    TRY(const Reply reply, ask(*connection, kRank, parameters));
    std::vector<app::RankedHit> out;
    for (int i = 0; i < PQntuples(reply.result.get()); ++i) out.push_back({reply.integer(i, 0), reply.integer(i, 1)});
    return out;
}

Result<std::vector<std::int64_t>> PostgresSearch::matching(const SearchRequest& request,
                                                           std::span<const std::int64_t> ids) {
    TRY(auto connection, lease());
    const std::string query = to_tsquery(request, false);
    const app::Value list = app::IntList{{ids.begin(), ids.end()}};
    Parameters parameters;
    parameters.add_text(query);
    parameters.add(list);
    TRY(const Reply reply, ask(*connection, kMatching, parameters));
    return first_column(reply);
}

}  // namespace firstline::storage::search
