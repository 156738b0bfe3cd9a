// A client of raw bytes, and a server on a free port, for the tests of this folder.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/server/server.hpp"

namespace firstline::http {

inline constexpr std::chrono::seconds kTestPatience{20};  // until something that must come is given up

struct Answer {
    unsigned status = 0;
    std::map<std::string, std::string> headers;  // names in lower case; repeated ones joined by ", "
    std::string body;                            // without chunks
    bool whole = false;                          // head and body came up to their end

    [[nodiscard]] std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string() : found->second;
    }
};

class TestClient {
public:
    explicit TestClient(std::uint16_t port, int receive_buffer_bytes = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        if (receive_buffer_bytes > 0) {
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof(receive_buffer_bytes));
        }
        const timeval patience{kTestPatience.count(), 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    }
    ~TestClient() { close(); }
    TestClient(const TestClient&) = delete;
    TestClient& operator=(const TestClient&) = delete;

    [[nodiscard]] bool connected() const { return connected_; }

    // False when the server has closed meanwhile.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    void finish_sending() { ::shutdown(socket_, SHUT_WR); }

    void close() {
        if (socket_ >= 0) ::close(socket_);
        socket_ = -1;
    }

    // More bytes into what was received; false at the end.
    bool receive() {
        char bytes[65536];
        const ssize_t count = ::recv(socket_, bytes, sizeof(bytes), 0);
        if (count <= 0) return false;
        received_.append(bytes, static_cast<std::size_t>(count));
        return true;
    }

    // Up to and with `end`; less when the connection ended before.
    std::string read_until(std::string_view end) {
        std::size_t found = 0;
        while ((found = received_.find(end)) == std::string::npos) {
            if (!receive()) return std::exchange(received_, {});
        }
        return take(found + end.size());
    }

    std::string read_bytes(std::size_t count) {
        while (received_.size() < count && receive()) {}
        return take(std::min(count, received_.size()));
    }

    // Nothing more comes, and the server has closed.
    [[nodiscard]] bool at_end() { return received_.empty() && !receive(); }

    Answer read_answer(bool to_head = false) {
        Answer answer;
        std::string head = read_until("\r\n\r\n");
        if (!head.ends_with("\r\n\r\n") || !head.starts_with("HTTP/1.1 ")) return answer;
        answer.status = static_cast<unsigned>(std::atoi(head.c_str() + 9));
        for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
            const std::size_t end = head.find("\r\n", at);
            add_field(answer, std::string_view(head).substr(at, end - at));
            at = end + 2;
        }
        answer.whole = true;
        const bool empty = to_head || answer.status == 204 || answer.status == 304 || answer.status < 200;
        if (!empty) read_body(answer);
        return answer;
    }

    Answer ask(std::string_view request) {
        send(request);
        return read_answer(request.starts_with("HEAD "));
    }
    Answer get(std::string_view path, std::string_view fields = {}) {
        return ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: desk\r\n" + std::string(fields) + "\r\n");
    }

    // The data of the next chunk of a stream; empty at its end or when cut off (`ended` tells).
    std::string read_chunk() {
        const std::string line = read_until("\r\n");
        const std::size_t size = std::strtoull(line.c_str(), nullptr, 16);
        ended_ = line == "0\r\n";
        std::string data = read_bytes(size);
        if (ended_ || line.ends_with("\r\n")) read_bytes(2);
        return data;
    }
    [[nodiscard]] bool ended() const { return ended_; }

private:
    std::string take(std::size_t count) {
        std::string taken = received_.substr(0, count);
        received_.erase(0, count);
        return taken;
    }

    static void add_field(Answer& answer, std::string_view line) {
        const std::size_t colon = line.find(": ");
        std::string name(line.substr(0, colon));
        for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        std::string& value = answer.headers[name];
        if (!value.empty()) value += ", ";
        value += line.substr(colon + 2);
    }

    void read_body(Answer& answer) {
        if (answer.header("transfer-encoding") == "chunked") {
            ended_ = false;
            for (std::string piece = read_chunk(); !piece.empty(); piece = read_chunk()) answer.body += piece;
            answer.whole = ended_;
        } else if (answer.headers.contains("content-length")) {
            const std::size_t length = std::strtoull(answer.header("content-length").c_str(), nullptr, 10);
            answer.body = read_bytes(length);
            answer.whole = answer.body.size() == length;
        } else {
            while (receive()) {}
            answer.body = std::exchange(received_, {});
        }
    }

    int socket_;
    bool connected_ = false;
    bool ended_ = false;
    std::string received_;
};

// Bytes whose value at position n is n % 251.
inline std::string pattern(std::size_t bytes) {
    std::string text(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>(i % 251);
    return text;
}

// "METHOD path?query\nbody": what a test needs to see of a request.
inline void echo(Request&& request, Responder respond) {
    Response response{.content_type = "text/plain"};
    response.body = request.method + " " + request.path;
    if (!request.query.empty()) response.body += "?" + request.query;
    response.body += "\n" + request.body;
    respond(std::move(response));
}

class TestServer {
public:
    explicit TestServer(Handler handler = echo, ServerOptions options = {})
        : server_(std::move(options), std::move(handler)) {
        const Status started = server_.start();
        EXPECT_TRUE(started.has_value());
    }
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    Server* operator->() { return &server_; }

private:
    Server server_;
};

// The value, or nothing (and a failed test) when it does not come.
template <class T>
std::optional<T> wait_for(std::future<T>& future) {
    if (future.wait_for(kTestPatience) == std::future_status::ready) return future.get();
    ADD_FAILURE() << "waited in vain";
    return std::nullopt;
}

// Whether `condition` becomes true, for what can only be observed from outside.
template <class Condition>
bool becomes_true(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + kTestPatience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace firstline::http
