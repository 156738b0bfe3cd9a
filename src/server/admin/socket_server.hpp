// Serves the admin table on DIR/firstline.sock: a request is one line {command, args}; the answer lines {progress: …} and at last
// {result: …} or {error: {kind, code, detail, fields}}. Only for the owner of the process (and root).
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "server/admin/socket_address.hpp"
#include "server/log.hpp"
#include "server/node.hpp"

namespace firstline::server::admin {

class SocketServer {
public:
    SocketServer(Node& node, Log& log, std::string directory)
        : node_(node), log_(log), directory_(std::move(directory)) {}
    ~SocketServer() { stop(); }
    SocketServer(const SocketServer&) = delete;
    SocketServer& operator=(const SocketServer&) = delete;

    // The directory's lock is held: a socket that lies there is nobody's and is replaced. Error `storage.unavailable`.
    [[nodiscard]] Status start();
    // Takes no more commands, and removes the socket; what runs goes on until `stop`.
    void stop_accepting();
    // After the node was stopped: what still runs there ends with an error.
    void stop();

private:
    struct Client {
        Descriptor socket;
        std::atomic<bool> is_done{false};
        std::thread thread;
    };
    void accept_clients();
    void serve(Client& client);
    [[nodiscard]] std::string answer(Client& client, const std::string& line);
    void drop_finished();

    Node& node_;
    Log& log_;
    const std::string directory_;
    Descriptor listener_;
    std::atomic<bool> is_stopping_{false};
    std::mutex mutex_;
    std::list<std::unique_ptr<Client>> clients_;
    std::thread thread_;
};

}  // namespace firstline::server::admin
