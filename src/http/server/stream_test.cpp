// Server-sent events over a real connection.
#include <gmock/gmock.h>

#include <thread>

#include "http/server/server_test_support.hpp"

namespace firstline::http {
namespace {

using std::chrono::milliseconds;

class Stream : public testing::Test {
protected:
    // A server whose "/events" opens the stream given.
    static Handler opening(const std::shared_ptr<EventSource>& events) {
        return [=](Request&&, Responder respond) {
            Response response{.content_type = "text/event-stream"};
            response.stream = events;
            respond(std::move(response));
        };
    }
    static void open(TestClient& client, std::string_view fields = {}) {
        client.send("GET /events HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n");
        head_ = client.read_until("\r\n\r\n");
    }
    static inline std::string head_;
};

TEST_F(Stream, DeliversWhatIsSentBeforeAndAfterItOpens) {
    const auto events = std::make_shared<EventSource>();
    std::promise<int> closed;
    events->on_close([&] { closed.set_value(1); });
    EXPECT_TRUE(events->send("data: early\n\n"));
    TestServer server(opening(events));
    TestClient client(server.port());
    open(client, "Accept-Encoding: gzip, br\r\n");
    EXPECT_THAT(head_, testing::StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(head_, testing::HasSubstr("Transfer-Encoding: chunked\r\n"));
    EXPECT_THAT(head_, testing::Not(testing::HasSubstr("Content-Encoding")));
    EXPECT_EQ(client.read_chunk(), "data: early\n\n");
    for (int i = 0; i < 100; ++i) {
        const std::string event = "data: " + std::to_string(i) + "\n\n";
        std::thread([&] { EXPECT_TRUE(events->send(event)); }).join();
        ASSERT_EQ(client.read_chunk(), event);
    }
    EXPECT_TRUE(events->send("data: last\n\n"));
    events->close();
    EXPECT_FALSE(events->send("data: too late\n\n"));
    EXPECT_EQ(client.read_chunk(), "data: last\n\n");
    EXPECT_EQ(client.read_chunk(), "");
    EXPECT_TRUE(client.ended());
    EXPECT_TRUE(client.at_end());
    auto future = closed.get_future();
    EXPECT_EQ(wait_for(future), 1);
    EXPECT_TRUE(events->closed());
}

TEST_F(Stream, KeepsOrderUnderManySenders) {
    const auto events = std::make_shared<EventSource>();
    TestServer server(opening(events));
    TestClient client(server.port());
    open(client);
    constexpr int kEach = 500;
    std::vector<std::thread> senders;
    for (const char name : {'a', 'b', 'c'}) {
        senders.emplace_back([&events, name] {
            for (int i = 0; i < kEach; ++i) EXPECT_TRUE(events->send(name + std::to_string(i) + "\n"));
        });
    }
    std::map<char, int> next;
    for (int i = 0; i < 3 * kEach;) {
        std::string lines = client.read_chunk();
        ASSERT_FALSE(lines.empty());
        for (std::size_t end = 0; (end = lines.find('\n')) != std::string::npos; lines.erase(0, end + 1), ++i) {
            ASSERT_EQ(lines.substr(1, end - 1), std::to_string(next[lines[0]]++));
        }
    }
    for (auto& sender : senders) sender.join();
}

TEST_F(Stream, TellsTheSenderThatTheClientIsTooSlow) {
    const auto events = std::make_shared<EventSource>();
    TestServer server(opening(events));
    TestClient client(server.port(), 4096);
    open(client);
    const std::string event = "data: " + std::string(10'000, 'x') + "\n\n";
    std::size_t sent = 0;
    while (events->send(event)) {
        sent += event.size();
        ASSERT_LT(sent, std::size_t{100 * kMebibyte});
    }
    EXPECT_GT(events->unsent_bytes(), kStreamUnsentBytesMax);
    EXPECT_LE(events->unsent_bytes(), kStreamUnsentBytesMax + event.size());
    EXPECT_FALSE(events->closed());
    // The client catches up and misses nothing of what was accepted.
    std::size_t received = 0;
    while (received < sent) {
        const std::string chunk = client.read_chunk();
        ASSERT_FALSE(chunk.empty());
        received += chunk.size();
    }
    EXPECT_EQ(received, sent);
    EXPECT_TRUE(becomes_true([&] { return events->unsent_bytes() == 0; }));
    EXPECT_TRUE(events->send("event: reset\n\n"));
    EXPECT_EQ(client.read_chunk(), "event: reset\n\n");
}

TEST_F(Stream, EndsForAClientThatReadsNothing) {
    const auto events = std::make_shared<EventSource>();
    std::promise<int> closed;
    events->on_close([&] { closed.set_value(1); });
    ServerOptions options;
    options.write_timeout = milliseconds(60);
    TestServer server(opening(events), options);
    TestClient client(server.port(), 4096);
    open(client);
    while (events->send(std::string(50'000, 'x'))) {}
    auto future = closed.get_future();
    EXPECT_EQ(wait_for(future), 1);
}

TEST_F(Stream, NoticesThatTheClientHasLeft) {
    const auto events = std::make_shared<EventSource>();
    std::promise<int> closed;
    events->on_close([&] { closed.set_value(1); });
    TestServer server(opening(events));
    TestClient client(server.port());
    open(client);
    client.close();
    auto future = closed.get_future();
    EXPECT_EQ(wait_for(future), 1);
    EXPECT_FALSE(events->send("data: nobody\n\n"));
    EXPECT_EQ(events->unsent_bytes(), 0U);
    bool told = false;
    events->on_close([&] { told = true; });
    EXPECT_TRUE(told);
}

TEST_F(Stream, BeatsWhileNothingIsSaid) {
    const auto events = std::make_shared<EventSource>();
    ServerOptions options;
    options.heartbeat = milliseconds(20);
    TestServer server(opening(events), options);
    TestClient client(server.port());
    open(client);
    EXPECT_EQ(client.read_chunk(), ":\n\n");
    EXPECT_EQ(client.read_chunk(), ":\n\n");
    EXPECT_TRUE(events->send("data: x\n\n"));
    std::string chunk = client.read_chunk();
    while (chunk == ":\n\n") chunk = client.read_chunk();
    EXPECT_EQ(chunk, "data: x\n\n");
}

TEST_F(Stream, IsDelimitedByTheEndInHttp10) {
    const auto events = std::make_shared<EventSource>();
    EXPECT_TRUE(events->send("data: old\n\n"));
    events->close();
    TestServer server(opening(events));
    TestClient client(server.port());
    const Answer answer = client.ask("GET /events HTTP/1.0\r\n\r\n");
    EXPECT_EQ(answer.header("transfer-encoding"), "");
    EXPECT_EQ(answer.body, "data: old\n\n");
}

TEST_F(Stream, IsNotOpenedByHead) {
    const auto events = std::make_shared<EventSource>();
    TestServer server(opening(events));
    TestClient client(server.port());
    EXPECT_EQ(client.ask("HEAD /events HTTP/1.1\r\nHost: x\r\n\r\n").status, 200U);
    EXPECT_TRUE(events->closed());
}

TEST_F(Stream, EndsWhenTheServerDrainsOrStops) {
    const auto drained = std::make_shared<EventSource>();
    {
        TestServer server(opening(drained));
        TestClient client(server.port());
        open(client);
        EXPECT_TRUE(drained->send("data: last\n\n"));
        EXPECT_FALSE(server->drain(milliseconds(0)));
        EXPECT_EQ(client.read_chunk(), "data: last\n\n");
        EXPECT_EQ(client.read_chunk(), "");
        EXPECT_TRUE(client.ended());
        client.close();
        EXPECT_TRUE(server->drain(kTestPatience));
        EXPECT_TRUE(drained->closed());
    }
    const auto stopped = std::make_shared<EventSource>();
    bool told = false;
    stopped->on_close([&] { told = true; });
    TestServer server(opening(stopped));
    TestClient client(server.port());
    open(client);
    server->stop();
    EXPECT_TRUE(told);
    EXPECT_FALSE(stopped->send("data: nobody\n\n"));
}

}  // namespace
}  // namespace firstline::http
