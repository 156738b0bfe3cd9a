#include "server/node.hpp"

#include "storage/postgres/postgres_store.hpp"
#include "storage/search/postgres_search.hpp"
#include "storage/search/sqlite_search.hpp"
#include "storage/sqlite/blob/blob_files.hpp"
#include "storage/sqlite/sqlite_store.hpp"

namespace firstline::server {

using storage::postgres::PostgresStore;
using storage::sqlite::BlobFiles;
using storage::sqlite::SqliteStore;

Result<Location> parse_location(std::string_view text) {
    if (text.starts_with("postgres://") || text.starts_with("postgresql://")) return Location{"", std::string(text)};
    if (text.starts_with("sqlite:")) text.remove_prefix(7);
    if (text.empty() || text.find("://") != std::string_view::npos) {
        return fail(ErrorKind::invalid, "config.invalid",
                    "Give a data directory, sqlite:DIR or postgres://USER@HOST/DATABASE.");
    }
    return Location{std::string(text), ""};
}

Node::Node(NodeOptions options) : options_(std::move(options)) {}
Node::~Node() { stop(); }

Status Node::open_store() {
    if (options_.location.is_postgres()) {
        storage::postgres::Options options;
        options.url = options_.location.url;
        options.readers_max = options_.workers + 2;  // the feed and the background read beside the workers
        storage::search::PostgresSearch::Options search;
        search.url = options_.location.url;
        options.beside = search.connections_needed();
        TRY(auto store, PostgresStore::open(std::move(options)));
        blobs_ = &store->blobs();
        store_ = std::move(store);
        TRY(search_, storage::search::PostgresSearch::open(std::move(search)));
        return {};
    }
    storage::sqlite::Options options;
    options.directory = options_.location.directory;
    options.log = options_.log;
    TRY(auto store, SqliteStore::open(std::move(options)));
    store_ = std::move(store);
    TRY(auto blobs, BlobFiles::open(options_.location.directory));
    own_blobs_ = std::move(blobs);
    blobs_ = own_blobs_.get();
    storage::search::SqliteSearch::Options search;
    search.directory = options_.location.directory;
    TRY(search_, storage::search::SqliteSearch::open(std::move(search)));
    return {};
}

Result<std::unique_ptr<Node>> Node::open(NodeOptions options) {
    auto node = std::unique_ptr<Node>(new Node(std::move(options)));
    CHECK_OK(node->open_store());
    const app::Clock& clock = node->options_.clock ? *node->options_.clock : node->system_clock_;
    app::Runner::Options runner;
    runner.workers = node->options_.workers;
    node->runner_ = std::make_unique<app::Runner>(*node->store_, runner);
    node->tools_.emplace(app::Toolbox{*node->store_, *node->blobs_, clock, node->desks_, *node->runner_});
    node->passwords_ = std::make_unique<app::PasswordPool>();
    node->identity_.emplace(app::IdentityTools{*node->tools_, node->system_clock_, *node->passwords_, node->limits_});
    node->leavers_ = std::make_unique<app::LeaversWorker>(
        *node->tools_,
        [log = node->options_.log](const Error& error) { log("leavers: " + error.code + ": " + error.detail); });
    node->feed_ = std::make_unique<app::Feed>(*node->store_);
    app::Indexer::Options indexing;
    indexing.log = node->options_.log;
    node->indexer_ =
        std::make_unique<app::Indexer>(*node->store_, *node->feed_, node->desks_, *node->search_, std::move(indexing));
    app::AnchorJob::Options anchors;
    node->anchors_ = std::make_unique<app::AnchorJob>(*node->store_, *node->feed_, clock, std::move(anchors));
    node->streams_ = std::make_unique<app::StreamHub>(*node->store_, *node->feed_, node->desks_, clock);
    return node;
}

Status Node::start() {
    CHECK_OK(feed_->start());
    anchors_->start();
    streams_->start();
    indexer_->start();
    leavers_->start();
    return {};
}

void Node::stop() {
    if (is_stopped_ || !store_) return;
    is_stopped_ = true;
    if (leavers_) leavers_->stop();
    if (runner_) runner_->stop();
    if (passwords_) passwords_->stop();
    if (streams_) streams_->stop();
    if (indexer_) indexer_->stop();
    if (anchors_) anchors_->stop();
    if (feed_) feed_->stop();
    store_->stop();
}

Result<std::string> Node::back_up(const std::string& target) {
    auto* sqlite = dynamic_cast<SqliteStore*>(store_.get());
    if (sqlite == nullptr) {
        return fail(ErrorKind::invalid, "backup.postgres",
                    "This desk lies in PostgreSQL: back it up with pg_basebackup or pg_dump, attachments are in it.");
    }
    TRY(const auto manifest, sqlite->back_up(target, static_cast<BlobFiles*>(own_blobs_.get())));
    return target;
}

}  // namespace firstline::server
