// One I/O thread: its event loop, its listening socket, its connections and one coarse tick for all their time-outs.
// Inside the server only: Boost.Asio's types do not leave src/http/server/io and server.cpp.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "http/server/io/server_state.hpp"

namespace firstline::http {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
// Bound to their event loop's own executor: the type-erased default costs at every operation.
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

class Connection;

// Nobody listens on `endpoint`. Errors as `Server::start`.
[[nodiscard]] Status check_free(const Tcp::endpoint& endpoint);

class IoThread final : public std::enable_shared_from_this<IoThread> {
public:
    IoThread(std::shared_ptr<ServerState> state, unsigned index);
    ~IoThread();
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

    // Not on the I/O thread.
    [[nodiscard]] Status listen(const Tcp::endpoint& endpoint);  // before `start`
    [[nodiscard]] std::uint16_t port() const;                    // after `listen`
    void start();
    void stop_accepting();
    void drain();
    void stop();

    // Any thread. Runs `task` on this thread; false, and nothing runs, once the thread is stopping.
    template <class Task>
    bool post(Task&& task) {
        const std::lock_guard lock(post_mutex_);
        if (stopping_) return false;
        asio::post(context_, std::forward<Task>(task));
        return true;
    }
    [[nodiscard]] bool is_current() const { return std::this_thread::get_id() == id_; }

    // On the I/O thread, for its connections.
    [[nodiscard]] ServerState& state() const { return *state_; }
    [[nodiscard]] const ServerOptions& options() const { return state_->options; }
    [[nodiscard]] unsigned index() const { return index_; }
    [[nodiscard]] std::string_view date();  // of now, for the Date field; valid until the next call
    [[nodiscard]] std::string new_request_id();
    void forget(Connection& connection);
    void log_error(std::string_view sentence) const;

private:
    void run();
    void accept();
    void on_accept(const boost::system::error_code& code, Socket socket);
    void add_connection(Socket socket);
    void tick();

    std::shared_ptr<ServerState> state_;
    unsigned index_;
    asio::io_context context_{1};
    std::optional<asio::executor_work_guard<Executor>> work_;
    Acceptor acceptor_{context_};
    Timer tick_timer_{context_};
    Timer accept_timer_{context_};
    std::vector<std::shared_ptr<Connection>> connections_;
    std::mt19937_64 random_;
    std::time_t date_at_ = 0;
    std::string date_;
    std::mutex post_mutex_;
    bool stopping_ = false;
    std::thread thread_;
    std::thread::id id_;  // set before the first connection exists
};

}  // namespace firstline::http
