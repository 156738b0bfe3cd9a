// The steps of seeding: a desk, its cast, the incidents in bulk, what follows the feed.
#include "desk/seed.hpp"

#include <chrono>
#include <thread>

#include "app/identity/authenticate.hpp"
#include "app/identity/init_desk.hpp"
#include "app/identity/token/tokens.hpp"
#include "desk/bulk.hpp"
#include "desk/cast.hpp"
#include "desk/history.hpp"

namespace firstline::bench {

using namespace app;

namespace {

constexpr std::int64_t kProgressEvery = 10'000;
constexpr std::chrono::milliseconds kLook{50};
constexpr std::chrono::minutes kFollowMax{180};

Result<std::string> make_token(server::Node& node, const std::string& user) {
    const Instant now = node.identity().real_time.now();
    std::string text;
    CHECK_OK(node.tools().runner.run_and_wait(0, [&](Reader& reader) -> Result<Runner::Decision> {
        const TokenRequest request{"bench", {"*"}, now + days(730), user};
        TRY(auto decided, create_token(reader, node.tools(), system_session("cli"), request, now));
        text = decided.answer.text;
        return std::move(decided.change);
    }));
    return text;
}

Result<Cast> make_desk(const server::Location& location, const Plan& plan, SeededDesk& out) {
    server::NodeOptions options;
    options.location = location;
    TRY(auto node, server::Node::open(std::move(options)));
    TRY(const auto made, init_desk(node->store(), node->tools().clock, {}));
    out.admin_password = made.password;
    CHECK_OK(make_cast(node->tools(), plan));
    TRY(out.admin_token, make_token(*node, "admin"));
    TRY(out.agent_token, make_token(*node, agent_key(0)));
    TRY(out.requester_token, make_token(*node, five_key(1)));
    return load_cast(node->tools(), plan);
}

Status write_incidents(const server::Location& location, const Plan& plan, const Cast& cast,
                       const SeedOptions& options) {
    const BulkOptions seeding{.is_seeding = true};
    TRY(const auto bulk,
        location.is_postgres() ? postgres_bulk(location.url, seeding) : sqlite_bulk(location.directory, seeding));
    for (std::int64_t number = 1; number <= plan.size; ++number) {
        TRY(const Change change, incident_at(plan, cast, domain::IncidentId{number}, plan.size - number));
        CHECK_OK(bulk->add(change));
        if (number % kProgressEvery == 0) options.progress("incidents", number, plan.size);
    }
    options.progress("indexes", 0, 1);
    return bulk->finish();
}

Result<std::int64_t> number_of(Store& store, std::string_view statement, int column) {
    std::int64_t out = 0;
    CHECK_OK(store.read([&](Reader& reader) {
        return reader.query(statement, {}, [&](const Row& row) {
            out = row.integer(column);
            return false;
        });
    }));
    return out;
}

Status follow(const server::Location& location, const SeedOptions& options, std::int64_t last) {
    server::NodeOptions opening;
    opening.location = location;
    TRY(auto node, server::Node::open(std::move(opening)));
    CHECK_OK(node->start());
    const auto end = std::chrono::steady_clock::now() + kFollowMax;
    for (;;) {
        TRY(const std::int64_t anchored, number_of(node->store(), "store.last_anchor", 1));
        if (anchored >= last && node->indexer().position() >= last) return {};
        options.progress("anchors and search index", anchored, last);
        if (std::chrono::steady_clock::now() > end)
            return fail(ErrorKind::unavailable, "bench.follow", "Anchors and search index do not reach the end.");
        std::this_thread::sleep_for(kLook);
    }
}

}  // namespace

Result<SeededDesk> seed(const server::Location& location, const Plan& plan, const SeedOptions& options) {
    if (plan.size < 2 * plan.open || plan.open % 100 != 0) {
        return fail(ErrorKind::invalid, "bench.size", "A desk has at least twice as many incidents as open ones.");
    }
    SeededDesk out;
    {
        TRY(const Cast cast, make_desk(location, plan, out));
        CHECK_OK(write_incidents(location, plan, cast, options));
    }
    {
        server::NodeOptions opening;
        opening.location = location;
        TRY(auto node, server::Node::open(std::move(opening)));
        TRY(out.entries, number_of(node->store(), "store.last_pos", 0));
    }
    if (options.follows) CHECK_OK(follow(location, options, out.entries));
    return out;
}

}  // namespace firstline::bench
