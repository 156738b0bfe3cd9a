// The node's HTTP side: the API's routes, health, metrics, the contract and its page, the server (architecture.md §4).
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/network.hpp"
#include "http/api/api.hpp"
#include "http/server/server.hpp"
#include "server/log.hpp"
#include "server/node.hpp"

namespace firstline::server {

struct WebOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;
    unsigned io_threads = 2;
    bool has_secure_cookie = true;  // browsers take loopback for safe
    Log* access_log = nullptr;      // none: requests are not logged
    IpNetworks trusted_proxies;     // whose X-Forwarded-For is believed
};

class Web {
public:
    Web(Node& node, WebOptions options);
    ~Web();
    [[nodiscard]] Status start();
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    // Not ready → no accept → requests → streams closed; the node is stopped by its owner after this.
    void stop();
    [[nodiscard]] http::Api& api() { return api_; }

private:
    void add_routes();
    Node& node_;
    WebOptions options_;
    http::Api api_;
    std::unique_ptr<http::Server> server_;
    std::atomic<bool> is_ready_{false};
};

}  // namespace firstline::server
