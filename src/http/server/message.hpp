// Requests, answers and the bodies too large to lie in memory: what handlers see of HTTP (RFC 9110, RFC 9112).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace firstline::http {

class EventSource;
struct Response;

struct Header {
    std::string name;
    std::string value;
};

// Takes an upload piece by piece, so that it never lies in memory. The server owns it by shared_ptr until the body is
// complete and then hands it to the handler in `Request::sink`; destroyed before that, the upload was broken off.
class BodySink {
public:
    enum class Take : std::uint8_t {
        more,    // taken, go on
        wait,    // taken, but send no more (beyond one read buffer) until `resume`
        refuse,  // not taken: the server answers `refusal()` and closes the connection
    };

    BodySink() = default;
    BodySink(const BodySink&) = delete;
    BodySink& operator=(const BodySink&) = delete;
    virtual ~BodySink() = default;

    // The next bytes, in order, on the connection's I/O thread: must not block for long. They die with the call.
    virtual Take take(std::string_view piece) = 0;
    // The answer after `refuse`, by default 500 `server.internal`. `request_id` belongs into a problem body.
    virtual Response refusal(std::string_view request_id);
    // Ends a `wait`. Any thread; without a wait it does nothing.
    void resume();

    // For the server: what `resume` calls; null when the connection has gone.
    void on_resume(std::function<void()> wake);

private:
    std::mutex mutex_;
    std::function<void()> wake_;
};

// A body read piece by piece while the client takes it. Called on the connection's I/O thread only.
class BodySource {
public:
    BodySource() = default;
    BodySource(const BodySource&) = delete;
    BodySource& operator=(const BodySource&) = delete;
    virtual ~BodySource() = default;

    // Bytes in all where known (sent as Content-Length); without, the body is sent in chunks.
    [[nodiscard]] virtual std::optional<std::uint64_t> size() const = 0;
    // Fills the front of `room` and returns how many bytes; 0 at the end; nothing on failure, which cuts the connection
    // off, because the head has already promised a whole body.
    virtual std::optional<std::size_t> read(std::span<char> room) = 0;
};

using ReadPiece = std::function<std::optional<std::size_t>(std::span<char> room)>;

// A source over a function with the contract of `BodySource::read`.
[[nodiscard]] std::shared_ptr<BodySource> pulled_source(std::optional<std::uint64_t> size, ReadPiece read);
// `bytes` of a file from `offset` on, or all the rest. Errors: `file.unreadable` (not_found), also for a range that the
// file does not have.
[[nodiscard]] Result<std::shared_ptr<BodySource>> file_source(const std::filesystem::path& path,
                                                              std::uint64_t offset = 0,
                                                              std::optional<std::uint64_t> bytes = std::nullopt);

struct Request {
    std::string method;           // as sent; one of the methods that HTTP servers know
    std::string target;           // raw, as sent
    std::string path;             // percent-decoded, clean UTF-8, begins with '/' (or is "*" for OPTIONS)
    std::string query;            // raw, what follows '?'
    std::vector<Header> headers;  // in order, without trailers
    std::string body;             // empty where `sink` took it
    std::shared_ptr<BodySink> sink;
    std::string remote_address;  // of the peer of the connection; `client_address` looks behind a trusted proxy
    std::string request_id;      // [A-Za-z0-9._-]{1,64}: the client's, or 16 random hex digits
    std::chrono::steady_clock::time_point deadline;
    unsigned io_thread = 0;  // index of the I/O thread that holds the connection

    // The first field of that name, compared without case; "" if absent.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

// At most one of `body`, `source`, `stream` is sent: the first of stream, source, body that is there. The server itself
// writes Date, Content-Length, Transfer-Encoding, Connection and X-Request-Id; a handler sets none of them. CR, LF and
// NUL in a field become blanks. An ETag stays as set, also when the body is compressed.
struct Response {
    unsigned status = 200;
    std::vector<Header> headers{};
    std::string body{};
    std::string content_type{};
    std::shared_ptr<EventSource> stream{};
    std::shared_ptr<BodySource> source{};
};

// An RFC 9457 problem: type, title, status, code, detail, request_id.
[[nodiscard]] Response problem(unsigned status, std::string_view code, std::string_view detail,
                               std::string_view request_id);
// "Not Found" for 404; "Unknown" for a status without a phrase.
[[nodiscard]] std::string_view reason_phrase(unsigned status);
// ASCII only, as field names and tokens are compared.
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace firstline::http
