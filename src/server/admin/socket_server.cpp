#include "server/admin/socket_server.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "server/admin/table.hpp"

namespace firstline::server::admin {
namespace {

constexpr int kBacklog = 16;
constexpr std::size_t kClientsMax = 8;
constexpr timeval kIdleMax{10, 0};  // until a client has sent its request, and for each of our lines to be taken
constexpr std::chrono::milliseconds kProgressEvery{100};

Error unavailable(const std::string& what) {
    return Error{ErrorKind::unavailable, "storage.unavailable", what + ": " + std::strerror(errno), {}, {}};
}

bool is_own_peer(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return peer.uid == ::geteuid() || peer.uid == 0;
}

std::string error_line(const Error& error) {
    json::array fields;
    for (const FieldError& field : error.fields) {
        fields.emplace_back(json::object{{"pointer", field.pointer}, {"code", field.code}, {"detail", field.detail}});
    }
    const json::object line{{"error", json::object{{"kind", std::string(to_string(error.kind))},
                                                   {"code", error.code},
                                                   {"detail", error.detail},
                                                   {"fields", std::move(fields)}}}};
    return json::serialize(line) + "\n";
}

}  // namespace

Status SocketServer::start() {
    TRY(const SocketAddress address, socket_address(directory_));
    listener_ = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!listener_.is_open()) return fail(unavailable("cannot make a socket"));
    ::unlink(address.address.sun_path);
    const mode_t before = ::umask(0177);
    const int bound = ::bind(listener_.number(), address.get(), sizeof address.address);
    const int why = errno;
    ::umask(before);
    if (bound != 0) {
        errno = why;
        return fail(unavailable("cannot bind " + socket_path(directory_)));
    }
    if (::listen(listener_.number(), kBacklog) != 0)
        return fail(unavailable("cannot listen on " + socket_path(directory_)));
    thread_ = std::thread([this] { accept_clients(); });
    return {};
}

void SocketServer::accept_clients() {
    while (!is_stopping_) {
        Descriptor socket(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
        if (is_stopping_) return;
        if (!socket.is_open()) {
            if (errno == EINTR || errno == ECONNABORTED) continue;
            log_.write(LogLevel::warning, "the admin socket takes no more commands", {{"why", std::strerror(errno)}});
            return;
        }
        if (!is_own_peer(socket.number())) continue;
        ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &kIdleMax, sizeof kIdleMax);
        ::setsockopt(socket.number(), SOL_SOCKET, SO_SNDTIMEO, &kIdleMax, sizeof kIdleMax);
        drop_finished();
        const std::scoped_lock lock(mutex_);
        if (clients_.size() >= kClientsMax) {
            const Error busy{ErrorKind::unavailable,
                             "admin.busy",
                             "The server runs as many commands as it takes: try again.",
                             {},
                             {}};
            [[maybe_unused]] const bool is_told = send_all(socket.number(), error_line(busy));
            continue;
        }
        auto& client = clients_.emplace_back(std::make_unique<Client>());
        client->socket = std::move(socket);
        client->thread = std::thread([this, here = client.get()] { serve(*here); });
    }
}

void SocketServer::serve(Client& client) {
    std::string buffer, line;
    while (!is_stopping_ && read_line(client.socket.number(), buffer, line, kRequestBytesMax)) {
        if (!send_all(client.socket.number(), answer(client, line))) break;
    }
    ::shutdown(client.socket.number(), SHUT_RDWR);
    client.is_done = true;
}

std::string SocketServer::answer(Client& client, const std::string& line) {
    boost::system::error_code broken;
    const json::value request = json::parse(line, broken);
    const json::object* object = broken ? nullptr : request.if_object();
    const json::value* command = object == nullptr ? nullptr : object->if_contains("command");
    if (command == nullptr || !command->is_string()) {
        return error_line(
            Error{ErrorKind::malformed, "request.malformed", "A request is one line {command, args}.", {}, {}});
    }
    const json::value* args = object->if_contains("args");
    const std::string name(command->get_string());
    auto last = std::chrono::steady_clock::time_point{};
    const auto progress = [&](std::string_view what, std::int64_t done, std::int64_t total) {
        const auto now = std::chrono::steady_clock::now();
        if (now - last < kProgressEvery) return;
        last = now;
        const json::object note{
            {"progress", json::object{{"what", std::string(what)}, {"done", done}, {"total", total}}}};
        [[maybe_unused]] const bool is_taken = send_all(client.socket.number(), json::serialize(note) + "\n");
    };
    const auto started = std::chrono::steady_clock::now();
    auto result = run_command(node_, name, args == nullptr ? "{}" : json::serialize(*args), progress);
    const auto spent =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started).count();
    log_.write(
        LogLevel::info, "command",
        {{"name", name.substr(0, 64)}, {"code", result ? "ok" : result.error().code}, {"ms", std::to_string(spent)}});
    if (!result) return error_line(result.error());
    return "{\"result\":" + *result + "}\n";
}

void SocketServer::drop_finished() {
    std::list<std::unique_ptr<Client>> finished;
    {
        const std::scoped_lock lock(mutex_);
        for (auto at = clients_.begin(); at != clients_.end();) {
            const auto next = std::next(at);
            if ((*at)->is_done) finished.splice(finished.end(), clients_, at);
            at = next;
        }
    }
    for (auto& client : finished) client->thread.join();
}

void SocketServer::stop_accepting() {
    if (is_stopping_.exchange(true) || !listener_.is_open()) return;
    if (const auto address = socket_address(directory_)) ::unlink(address->address.sun_path);
    ::shutdown(listener_.number(), SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    const std::scoped_lock lock(mutex_);
    for (auto& client : clients_) ::shutdown(client->socket.number(), SHUT_RD);
}

void SocketServer::stop() {
    stop_accepting();
    std::list<std::unique_ptr<Client>> clients;
    {
        const std::scoped_lock lock(mutex_);
        clients.swap(clients_);
    }
    for (auto& client : clients) client->thread.join();
}

}  // namespace firstline::server::admin
