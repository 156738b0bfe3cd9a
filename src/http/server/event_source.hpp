// A server-sent event stream (WHATWG HTML §9.2) as the application sees it: bytes go in from any thread, the connection's
// I/O thread sends them. Every function is safe from any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

namespace firstline::http {

class EventSource {
public:
    EventSource() = default;
    EventSource(const EventSource&) = delete;
    EventSource& operator=(const EventSource&) = delete;

    // Queues whole events ("data: …\n\n"). False, with nothing queued, when the stream is closed or when more than
    // kStreamUnsentBytesMax already wait: the client is too slow, and the application decides what to drop.
    [[nodiscard]] bool send(std::string events);
    // Ends the stream after what is queued.
    void close();
    // Nothing can be sent any more: closed by the application, by the client or by the server.
    [[nodiscard]] bool closed() const;
    // Queued bytes that the socket has not taken yet.
    [[nodiscard]] std::size_t unsent_bytes() const;
    // Called once, when the connection has ended for whatever reason, mostly on its I/O thread: be quick. At once when it
    // has already ended.
    void on_close(std::function<void()> callback);

    // For the server. `wake` is called from any thread when something waits to be sent or the stream was closed; after
    // that not again before the next `take`.
    void attach(std::function<void()> wake);
    // Moves what is queued into `out` (emptied before); false when the stream ends after it.
    [[nodiscard]] bool take(std::string& out);
    // The socket took `bytes` of what `take` gave.
    void sent(std::size_t bytes);
    // The connection has ended.
    void gone();

private:
    void wake_up(std::unique_lock<std::mutex> lock);

    mutable std::mutex mutex_;
    std::string queued_;
    std::size_t unsent_bytes_ = 0;
    bool closing_ = false;
    bool gone_ = false;
    bool woken_ = false;
    std::function<void()> wake_;
    std::function<void()> on_close_;
};

}  // namespace firstline::http
