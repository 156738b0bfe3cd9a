// One node of the desk: the store, what follows its commits, and the tools of the use cases; without HTTP (architecture.md §1).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/core/toolbox.hpp"
#include "app/feed/anchors.hpp"
#include "app/feed/feed.hpp"
#include "app/feed/stream.hpp"
#include "app/identity/password/sign_in.hpp"
#include "app/incidents/list/list.hpp"
#include "app/jobs/leavers.hpp"
#include "app/search/indexer.hpp"
#include "base/result.hpp"

namespace firstline::server {

// Where the data lies: a directory, or a postgres:// URL.
struct Location {
    std::string directory;  // "" with PostgreSQL
    std::string url;
    [[nodiscard]] bool is_postgres() const { return !url.empty(); }
};
// "sqlite:DIR", a directory, or postgres://… Error `config.invalid`.
[[nodiscard]] Result<Location> parse_location(std::string_view text);

struct NodeOptions {
    Location location;
    std::size_t workers = 4;
    std::shared_ptr<const app::Clock> clock;  // null: the system's
    std::function<void(std::string_view)> log = [](std::string_view) {};
};

class Node {
public:
    // Opens the store (migrating it), no background work yet. Errors: those of the stores.
    [[nodiscard]] static Result<std::unique_ptr<Node>> open(NodeOptions options);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    // Feed, anchors, live streams. The desk must be there.
    [[nodiscard]] Status start();
    // In the order of architecture.md §3; once.
    void stop();

    [[nodiscard]] app::Toolbox& tools() { return *tools_; }
    [[nodiscard]] app::IdentityTools& identity() { return *identity_; }
    [[nodiscard]] app::LeaversWorker& leavers() { return *leavers_; }
    [[nodiscard]] app::Store& store() { return *store_; }
    [[nodiscard]] app::SearchIndex& search() { return *search_; }
    [[nodiscard]] app::Indexer& indexer() { return *indexer_; }
    [[nodiscard]] app::Feed& feed() { return *feed_; }
    [[nodiscard]] app::StreamHub& streams() { return *streams_; }
    [[nodiscard]] const Location& location() const { return options_.location; }
    [[nodiscard]] const NodeOptions& options() const { return options_; }
    // A copy of the desk in an empty directory; SQLite only: PostgreSQL has backups of its own. Error `backup.postgres`.
    [[nodiscard]] Result<std::string> back_up(const std::string& target);

private:
    explicit Node(NodeOptions options);
    struct Sqlite;
    [[nodiscard]] Status open_store();

    NodeOptions options_;
    app::SystemClock system_clock_;
    std::unique_ptr<app::Store> store_;
    std::unique_ptr<app::BlobStore> own_blobs_;
    app::BlobStore* blobs_ = nullptr;
    app::DeskCache desks_;
    std::unique_ptr<app::Runner> runner_;
    std::optional<app::Toolbox> tools_;
    std::unique_ptr<app::PasswordPool> passwords_;
    app::SignInLimits limits_;
    std::optional<app::IdentityTools> identity_;
    std::unique_ptr<app::LeaversWorker> leavers_;
    std::unique_ptr<app::Feed> feed_;
    std::unique_ptr<app::SearchIndex> search_;
    std::unique_ptr<app::Indexer> indexer_;
    std::unique_ptr<app::AnchorJob> anchors_;
    std::unique_ptr<app::StreamHub> streams_;
    bool is_stopped_ = false;
};

}  // namespace firstline::server
