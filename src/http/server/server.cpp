#include "http/server/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "http/server/io/io_thread.hpp"

namespace firstline::http {
namespace {

// Often enough that the shortest time-out is noticed in time.
std::chrono::milliseconds tick_for(const ServerOptions& options) {
    const auto shortest =
        std::min({options.header_timeout, options.body_timeout, options.write_timeout, options.idle_timeout,
                  options.request_deadline + options.deadline_grace, options.linger_timeout, options.heartbeat});
    return std::clamp(shortest / 4, kTickMin, kTickMax);
}

}  // namespace

struct Server::Parts {
    std::shared_ptr<ServerState> state = std::make_shared<ServerState>();
    std::vector<std::shared_ptr<IoThread>> threads;
    std::uint16_t port = 0;
    bool stopped = false;
};

Server::Server(ServerOptions options, Handler handler) : parts_(std::make_unique<Parts>()) {
    parts_->state->tick = tick_for(options);
    parts_->state->options = std::move(options);
    parts_->state->handler = std::move(handler);
}

Server::~Server() { stop(); }

Status Server::start() {
    const ServerOptions& options = parts_->state->options;
    boost::system::error_code code;
    const auto address = asio::ip::make_address(options.address, code);
    if (code) {
        return fail(ErrorKind::invalid, "server.address_invalid",
                    fmt::format("\"{}\" is not an IP address.", options.address));
    }
    Tcp::endpoint endpoint(address, options.port);
    // Sockets that share a port would also share it with a second server: a plain one finds that out.
    CHECK_OK(check_free(endpoint));
    for (unsigned index = 0; index < std::max(1U, options.io_threads); ++index) {
        auto thread = std::make_shared<IoThread>(parts_->state, index);
        CHECK_OK(thread->listen(endpoint));
        endpoint.port(thread->port());
        parts_->threads.push_back(std::move(thread));
    }
    parts_->port = endpoint.port();
    for (const auto& thread : parts_->threads) thread->start();
    return {};
}

std::uint16_t Server::port() const { return parts_->port; }

std::size_t Server::open_connections() const { return parts_->state->connections.load(std::memory_order_relaxed); }

void Server::stop_accepting() {
    for (const auto& thread : parts_->threads) thread->stop_accepting();
}

bool Server::drain(std::chrono::milliseconds timeout) {
    stop_accepting();
    parts_->state->draining = true;
    for (const auto& thread : parts_->threads) thread->drain();
    return parts_->state->wait_for_no_connection(timeout);
}

void Server::stop() {
    if (std::exchange(parts_->stopped, true)) return;
    for (const auto& thread : parts_->threads) thread->stop();
    parts_->threads.clear();
    parts_->state->handler = nullptr;  // responders may outlive the server, what the handler refers to may not
}

}  // namespace firstline::http
