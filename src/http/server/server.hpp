// The HTTP/1.1 server (RFC 9110, RFC 9112): accepts, reads, times out, answers what is wrong by itself, and hands whole
// requests to one handler (architecture.md §3). Each I/O thread has its own listening socket and its own connections.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/server/event_source.hpp"
#include "http/server/limits.hpp"
#include "http/server/message.hpp"
#include "http/server/responder.hpp"

namespace firstline::http {

// What to do with the body of a request whose head is known.
struct BodyPolicy {
    std::uint64_t bytes_max = kBodyBytesMax;  // beyond: 413 `request.too_large`
    std::shared_ptr<BodySink> sink{};         // null: into `Request::body`
    std::optional<Response> refusal{};        // answer this, do not read the body, close
};

// One answered request. The texts live for the call only. Method and path are empty where no request could be read.
struct AccessRecord {
    std::string_view method;
    std::string_view path;
    unsigned status = 0;
    std::uint64_t bytes = 0;               // sent, head and body
    std::chrono::microseconds duration{};  // from the whole request to the last byte handed to the system
    std::string_view request_id;
    std::string_view remote_address;
};

// Called on an I/O thread with a whole request: answer at once when that is cheap, else hand the responder to a worker.
// An exception that leaves it is answered with 500.
using Handler = std::function<void(Request&&, Responder)>;

struct ServerOptions {
    std::string address = "127.0.0.1";  // an IPv4 or IPv6 address
    std::uint16_t port = 0;             // 0: any free one
    unsigned io_threads = 1;
    std::size_t header_bytes_max = kHeaderBytesMax;
    std::size_t connections_max = kConnectionsMax;              // beyond: 503 `server.busy`
    std::uint64_t body_memory_bytes_max = kBodyMemoryBytesMax;  // of bodies without a sink; beyond: 503 `server.busy`
    std::function<BodyPolicy(const Request& head)> body_policy{};  // on the I/O thread, for requests with a body

    std::chrono::milliseconds header_timeout =
        kHeaderTimeout;  // from a request's first byte to its whole head; also until the first
    std::chrono::milliseconds body_timeout = kBodyTimeout;    // in each such time kProgressBytesMin must come
    std::chrono::milliseconds write_timeout = kWriteTimeout;  // in each such time the client must take as much
    std::chrono::milliseconds idle_timeout = kIdleTimeout;    // between requests
    std::chrono::milliseconds request_deadline =
        kRequestDeadline;  // `Request::deadline`; a grace later the answer is 503
    std::chrono::milliseconds deadline_grace = kDeadlineGrace;
    std::chrono::milliseconds linger_timeout =
        kLingerTimeout;                                // a closing connection drains what the client still sends
    std::chrono::milliseconds heartbeat = kHeartbeat;  // a comment on an event stream after this silence

    std::function<void(const AccessRecord&)> access_log{};  // on the I/O thread, after each answer
    std::function<void(std::string_view)> error_log{};      // any thread; one sentence
};

class Server {
public:
    Server(ServerOptions options, Handler handler);
    ~Server();  // stops
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Listens and starts the I/O threads. Once. Errors: `server.address_invalid` (invalid), `server.address_in_use`
    // (exists), `server.listen_failed` (unavailable).
    [[nodiscard]] Status start();
    [[nodiscard]] std::uint16_t port() const;  // after `start`
    [[nodiscard]] std::size_t open_connections() const;

    // The graceful end, in this order; not from an I/O thread. Each may be left out.
    void stop_accepting();
    // Lets requests under way finish, closes idle connections, ends event streams. True when no connection is left.
    bool drain(std::chrono::milliseconds timeout);
    // Cuts what is left off and joins the threads. Later answers are dropped.
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace firstline::http
