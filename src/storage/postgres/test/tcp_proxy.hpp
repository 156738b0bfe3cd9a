// A TCP proxy for tests: stands between a store and its server and cuts the line at a chosen moment.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace firstline::storage::postgres {

class TcpProxy {
public:
    explicit TcpProxy(std::uint16_t server_port) : server_port_(server_port), listener_(open_listener()) {
        thread_ = std::thread([this] { run(); });
    }
    TcpProxy(const TcpProxy&) = delete;
    TcpProxy& operator=(const TcpProxy&) = delete;
    ~TcpProxy() {
        is_stopped_ = true;
        static_cast<void>(eventfd_write(wake_, 1));
        thread_.join();
        for (const auto& pair : pairs_) close_pair(pair);
        close(listener_);
        close(wake_);
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // Both sides of every line end now; what was not passed on is gone. New lines are let through.
    void cut() {
        const std::lock_guard lock(mutex_);
        for (const auto& pair : pairs_) {
            shutdown(pair.client, SHUT_RDWR);
            shutdown(pair.server, SHUT_RDWR);
        }
    }
    // The next bytes from the server on each line of now are swallowed and the line ends: what was asked was done,
    // the answer never arrives.
    void cut_at_next_reply() {
        const std::lock_guard lock(mutex_);
        for (auto& pair : pairs_) pair.swallows = true;
    }

private:
    struct Pair {
        int client, server;
        bool swallows = false;
    };

    [[nodiscard]] int open_listener() {
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (bind(fd, reinterpret_cast<const sockaddr*>(&address), size) != 0 || listen(fd, 64) != 0) std::abort();
        getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        return fd;
    }

    void accept_one() {
        const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(server_port_);
        if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            return close_pair({client, server});
        }
        const std::lock_guard lock(mutex_);
        pairs_.push_back({client, server});
    }

    static void close_pair(const Pair& pair) {
        close(pair.client);
        close(pair.server);
    }

    // False at the end of the line.
    [[nodiscard]] static bool pass(int from, int to) {
        char buffer[65536];
        const ssize_t count = recv(from, buffer, sizeof buffer, 0);
        for (ssize_t sent = 0; sent < count;) {
            const ssize_t more = send(to, buffer + sent, static_cast<std::size_t>(count - sent), MSG_NOSIGNAL);
            if (more <= 0) return false;
            sent += more;
        }
        return count > 0;
    }

    void run() {
        while (!is_stopped_) {
            std::vector<pollfd> waits{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
            std::vector<Pair> pairs;
            {
                const std::lock_guard lock(mutex_);
                pairs = pairs_;
            }
            for (const auto& pair : pairs) {
                waits.push_back({pair.client, POLLIN, 0});
                waits.push_back({pair.server, POLLIN, 0});
            }
            poll(waits.data(), waits.size(), -1);
            if (waits[1].revents != 0) accept_one();
            for (std::size_t i = 0; i < pairs.size(); ++i) {
                if (!serve(pairs[i], waits[2 + 2 * i].revents, waits[3 + 2 * i].revents)) drop(pairs[i]);
            }
        }
    }

    [[nodiscard]] bool serve(const Pair& pair, short client_events, short server_events) {
        if (server_events != 0) {
            {
                const std::lock_guard lock(mutex_);  // asked for since the poll
                for (const auto& now : pairs_) {
                    if (now.client == pair.client && now.swallows) return false;
                }
            }
            if (!pass(pair.server, pair.client)) return false;
        }
        return client_events == 0 || pass(pair.client, pair.server);
    }

    void drop(const Pair& pair) {
        const std::lock_guard lock(mutex_);
        close_pair(pair);
        std::erase_if(pairs_, [&](const Pair& other) { return other.client == pair.client; });
    }

    std::uint16_t server_port_, port_ = 0;
    int listener_ = -1;
    int wake_ = eventfd(0, EFD_CLOEXEC);
    std::mutex mutex_;
    std::vector<Pair> pairs_;
    std::atomic<bool> is_stopped_{false};
    std::thread thread_;
};

}  // namespace firstline::storage::postgres
