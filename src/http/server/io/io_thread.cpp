#include "http/server/io/io_thread.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "http/server/io/connection.hpp"
#include "http/server/wire/response_head.hpp"

namespace firstline::http {
namespace {

using ErrorCode = boost::system::error_code;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

Status listen_failed(const Tcp::endpoint& endpoint, const ErrorCode& code) {
    const std::string where = fmt::format("{}:{}", endpoint.address().to_string(), endpoint.port());
    if (code == asio::error::address_in_use) {
        return fail(ErrorKind::exists, "server.address_in_use", fmt::format("Another program listens on {}.", where));
    }
    return fail(ErrorKind::unavailable, "server.listen_failed",
                fmt::format("Cannot listen on {}: {}.", where, code.message()));
}

ErrorCode open_and_bind(Acceptor& acceptor, const Tcp::endpoint& endpoint, bool share_port) {
    ErrorCode code;
    acceptor.open(endpoint.protocol(), code);
    if (!code) acceptor.set_option(Acceptor::reuse_address(true), code);
    if (!code && share_port) acceptor.set_option(ReusePort(true), code);
    if (!code) acceptor.bind(endpoint, code);
    return code;
}

// Small answers leave at once; a peer that has vanished is noticed by what it does not acknowledge.
void set_up(Socket& socket, std::chrono::milliseconds user_timeout) {
    ErrorCode ignored;
    socket.non_blocking(true, ignored);
    socket.set_option(Tcp::no_delay(true), ignored);
    const int timeout_ms = static_cast<int>(user_timeout.count());
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof(timeout_ms));
}

}  // namespace

Status check_free(const Tcp::endpoint& endpoint) {
    if (endpoint.port() == 0) return {};
    asio::io_context context;
    Acceptor probe(context);
    const ErrorCode code = open_and_bind(probe, endpoint, false);
    return code ? listen_failed(endpoint, code) : Status{};
}

IoThread::IoThread(std::shared_ptr<ServerState> state, unsigned index) : state_(std::move(state)), index_(index) {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    random_.seed(seed);
}

IoThread::~IoThread() = default;

Status IoThread::listen(const Tcp::endpoint& endpoint) {
    ErrorCode code = open_and_bind(acceptor_, endpoint, true);
    if (!code) acceptor_.listen(kListenBacklog, code);
    return code ? listen_failed(endpoint, code) : Status{};
}

std::uint16_t IoThread::port() const { return acceptor_.local_endpoint().port(); }

void IoThread::start() {
    work_.emplace(context_.get_executor());
    asio::post(context_, [this] {
        accept();
        tick();
    });
    thread_ = std::thread([this] { run(); });
}

void IoThread::run() {
    id_ = std::this_thread::get_id();
    for (;;) {
        try {
            context_.run();
            return;
        } catch (const std::exception& error) {
            // A callback of the application (log, policy, stream) has thrown: its connection times out, the rest goes on.
            log_error(fmt::format("I/O thread {}: {}", index_, error.what()));
        }
    }
}

void IoThread::stop_accepting() {
    post([this] {
        ErrorCode ignored;
        acceptor_.close(ignored);
        accept_timer_.cancel();
    });
}

void IoThread::drain() {
    post([this] {
        for (std::size_t i = connections_.size(); i-- > 0;) {
            const auto connection = connections_[i];  // a closed one leaves the list; the last then takes its place
            connection->drain();
        }
    });
}

void IoThread::stop() {
    if (!thread_.joinable()) return;
    post([this] {
        {
            const std::lock_guard lock(post_mutex_);
            stopping_ = true;
        }
        ErrorCode ignored;
        acceptor_.close(ignored);
        accept_timer_.cancel();
        tick_timer_.cancel();
        while (!connections_.empty()) {
            const auto connection = connections_.back();
            connection->shut();
        }
        work_.reset();  // what was posted before still runs, then the loop ends
    });
    thread_.join();
}

void IoThread::accept() {
    acceptor_.async_accept(context_,
                           [this](const ErrorCode& code, Socket socket) { on_accept(code, std::move(socket)); });
}

void IoThread::on_accept(const ErrorCode& code, Socket socket) {
    if (!acceptor_.is_open()) return;
    if (code && code != asio::error::connection_aborted) {
        // No descriptors or memory left: trying again at once would only burn the CPU.
        log_error(fmt::format("A connection could not be accepted: {}.", code.message()));
        accept_timer_.expires_after(kAcceptPause);
        accept_timer_.async_wait([this](const ErrorCode& stopped) {
            if (!stopped && acceptor_.is_open()) accept();
        });
        return;
    }
    if (!code) add_connection(std::move(socket));
    accept();
}

void IoThread::add_connection(Socket socket) {
    ErrorCode code;
    const Tcp::endpoint peer = socket.remote_endpoint(code);
    if (code) return;  // gone already
    const std::size_t count = state_->connections.fetch_add(1) + 1;
    if (count > options().connections_max + kRefusedConnectionsMax) {
        state_->count_down();
        return;
    }
    set_up(socket, options().write_timeout);
    auto connection = std::make_shared<Connection>(shared_from_this(), std::move(socket), peer.address().to_string());
    connection->slot_ = connections_.size();
    connections_.push_back(connection);
    if (count > options().connections_max) {
        connection->refuse_busy();
    } else {
        connection->start();
    }
}

void IoThread::forget(Connection& connection) {
    const std::size_t slot = connection.slot_;
    std::swap(connections_[slot], connections_.back());
    connections_[slot]->slot_ = slot;
    connections_.pop_back();
    state_->count_down();
}

void IoThread::tick() {
    const auto now = std::chrono::steady_clock::now();
    for (std::size_t i = connections_.size(); i-- > 0;) {
        const auto connection = connections_[i];
        connection->tick(now);
    }
    tick_timer_.expires_after(state_->tick);
    tick_timer_.async_wait([this](const ErrorCode& code) {
        if (!code && work_) tick();
    });
}

std::string_view IoThread::date() {
    const std::time_t now = std::time(nullptr);
    if (now != date_at_) {
        date_at_ = now;
        date_ = http_date(now);
    }
    return date_;
}

std::string IoThread::new_request_id() {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string id(16, '0');
    std::uint64_t bits = random_();
    for (char& digit : id) {
        digit = kDigits[bits & 0xFU];
        bits >>= 4U;
    }
    return id;
}

void IoThread::log_error(std::string_view sentence) const {
    if (options().error_log) options().error_log(sentence);
}

}  // namespace firstline::http
