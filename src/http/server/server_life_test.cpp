// What goes wrong or ends: handlers that fail, clients that dawdle, bounds, draining and stopping.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <thread>

#include "http/server/server_test_support.hpp"

namespace firstline::http {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

TEST(ServerLife, ADroppedResponderIsAnInternalError) {
    std::string logged;
    ServerOptions options;
    options.error_log = [&](std::string_view sentence) { logged += sentence; };
    TestServer server(
        [](Request&& request, Responder respond) {
            if (request.path == "/elsewhere") std::thread([r = std::move(respond)] {}).join();
        },
        options);
    TestClient client(server.port());
    for (const char* const path : {"/here", "/elsewhere"}) {
        const Answer answer = client.get(path, "X-Request-Id: r1\r\n");
        EXPECT_EQ(answer.status, 500U);
        EXPECT_EQ(answer.header("content-type"), "application/problem+json");
        EXPECT_EQ(answer.body, R"({"type":"about:blank","title":"Internal Server Error","status":500,)"
                               R"("code":"server.internal","detail":"The request could not be handled.",)"
                               R"("request_id":"r1"})");
    }
    EXPECT_THAT(logged, HasSubstr("Request r1: nobody answered it."));
}

TEST(ServerLife, AThrowingHandlerIsAnInternalError) {
    std::string logged;
    ServerOptions options;
    options.error_log = [&](std::string_view sentence) { logged += sentence; };
    TestServer server(
        [](Request&& request, Responder respond) {
            if (request.path == "/bad") throw std::runtime_error("the secret reason");
            respond({});
        },
        options);
    TestClient client(server.port());
    const Answer answer = client.get("/bad");
    EXPECT_EQ(answer.status, 500U);
    EXPECT_THAT(answer.body, testing::Not(HasSubstr("secret")));
    EXPECT_THAT(logged, HasSubstr("the secret reason"));
    EXPECT_EQ(client.get("/good").status, 200U);
}

TEST(ServerLife, TheSecondAnswerIsIgnored) {
    TestServer server([](Request&&, Responder respond) {
        respond({.body = "first"});
        respond({.body = "second"});
    });
    TestClient client(server.port());
    EXPECT_EQ(client.get("/").body, "first");
    EXPECT_EQ(client.get("/").body, "first");
}

TEST(ServerLife, AnswersAfterTheDeadlineByItself) {
    std::optional<Responder> late;
    ServerOptions options;
    options.request_deadline = milliseconds(20);
    options.deadline_grace = milliseconds(20);
    TestServer server(
        [&](Request&& request, Responder respond) {
            if (request.path == "/slow") return void(late.emplace(std::move(respond)));
            respond({.body = "in time"});
        },
        options);
    TestClient client(server.port());
    const Answer answer = client.get("/slow");
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("retry-after"), "1");
    EXPECT_THAT(answer.body, HasSubstr("server.deadline_exceeded"));
    (*late)({.body = "too late"});
    EXPECT_EQ(client.get("/next").body, "in time");
}

TEST(ServerLife, TimesOutASlowHead) {
    ServerOptions options;
    options.header_timeout = milliseconds(40);
    TestServer server(echo, options);
    TestClient slow(server.port());
    slow.send("GET / HTT");
    const Answer answer = slow.read_answer();
    EXPECT_EQ(answer.status, 408U);
    EXPECT_THAT(answer.body, HasSubstr("request.timeout"));
    EXPECT_TRUE(slow.at_end());
    TestClient silent(server.port());
    EXPECT_TRUE(silent.at_end());
}

TEST(ServerLife, TimesOutASlowBodyButNotAMovingOne) {
    ServerOptions options;
    options.body_timeout = milliseconds(400);
    TestServer server(echo, options);
    TestClient slow(server.port());
    slow.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
    EXPECT_EQ(slow.read_answer().status, 408U);
    EXPECT_TRUE(slow.at_end());
    TestClient moving(server.port());
    // Longer than the time-out in all, but with enough bytes in each part of it.
    const std::string piece(kProgressBytesMin, 'x');
    moving.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(piece.size() * 10) + "\r\n\r\n");
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 1; i <= 10; ++i) {
        std::this_thread::sleep_until(begin + i * milliseconds(60));  // the pace is what is tested
        moving.send(piece);
    }
    EXPECT_EQ(moving.read_answer().status, 200U);
}

TEST(ServerLife, ClosesAnIdleConnection) {
    ServerOptions options;
    options.idle_timeout = milliseconds(40);
    TestServer server(echo, options);
    TestClient client(server.port());
    EXPECT_EQ(client.get("/").status, 200U);
    EXPECT_TRUE(client.at_end());
}

TEST(ServerLife, ClosesAConnectionThatDoesNotReadItsAnswer) {
    ServerOptions options;
    options.write_timeout = milliseconds(60);
    std::promise<std::uint64_t> ended;
    options.access_log = [&](const AccessRecord& record) { ended.set_value(record.bytes); };
    constexpr std::size_t kBytes = 32 * kMebibyte;
    TestServer server([](Request&&, Responder respond) { respond({.body = std::string(kBytes, 'x')}); }, options);
    TestClient client(server.port(), 4096);
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    auto future = ended.get_future();
    const auto bytes = wait_for(future);
    ASSERT_TRUE(bytes);
    EXPECT_LT(*bytes, kBytes);
    EXPECT_TRUE(becomes_true([&] { return server->open_connections() == 0; }));
}

TEST(ServerLife, RefusesConnectionsBeyondTheBound) {
    ServerOptions options;
    options.connections_max = 2;
    TestServer server(echo, options);
    TestClient first(server.port());
    TestClient second(server.port());
    EXPECT_EQ(first.get("/").status, 200U);
    EXPECT_EQ(second.get("/").status, 200U);
    TestClient third(server.port());
    const Answer answer = third.get("/");
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("retry-after"), "1");
    EXPECT_EQ(answer.header("x-request-id").size(), 16U);
    EXPECT_THAT(answer.body, HasSubstr("server.busy"));
    EXPECT_TRUE(third.at_end());
    first.close();
    third.close();
    EXPECT_TRUE(becomes_true([&] { return server->open_connections() == 1; }));
    EXPECT_EQ(TestClient(server.port()).get("/").status, 200U);
}

TEST(ServerLife, FinishesRequestsWhenDraining) {
    std::promise<Responder> arrived;
    TestServer server([&](Request&& request, Responder respond) {
        if (request.path != "/slow") return echo(std::move(request), std::move(respond));
        arrived.set_value(std::move(respond));
    });
    TestClient idle(server.port());
    EXPECT_EQ(idle.get("/").status, 200U);
    TestClient busy(server.port());
    busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /pipelined HTTP/1.1\r\nHost: x\r\n\r\n");
    auto future = arrived.get_future();
    auto respond = wait_for(future);
    ASSERT_TRUE(respond);
    EXPECT_FALSE(server->drain(milliseconds(1)));
    EXPECT_TRUE(idle.at_end());
    TestClient refused(server.port());
    EXPECT_FALSE(refused.connected());
    (*respond)({.body = "done"});
    const Answer answer = busy.read_answer();
    EXPECT_EQ(answer.body, "done");
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(busy.at_end());
    busy.close();
    EXPECT_TRUE(server->drain(kTestPatience));
    EXPECT_EQ(server->open_connections(), 0U);
}

TEST(ServerLife, AnswersMayComeAfterTheEnd) {
    std::promise<Responder> arrived;
    std::optional<Responder> respond;
    {
        TestServer server([&](Request&&, Responder responder) { arrived.set_value(std::move(responder)); });
        TestClient client(server.port());
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        auto future = arrived.get_future();
        respond = wait_for(future);
        ASSERT_TRUE(respond);
        server->stop();
        EXPECT_TRUE(client.at_end());
    }
    (*respond)({.body = "to nobody"});
}

TEST(ServerLife, RefusesAnAddressThatIsTakenOrWrong) {
    TestServer server;
    Server second({.port = server.port()}, echo);
    const Status taken = second.start();
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, "server.address_in_use");
    Server wrong({.address = "localhost:80"}, echo);
    const Status invalid = wrong.start();
    ASSERT_FALSE(invalid);
    EXPECT_EQ(invalid.error().code, "server.address_invalid");
}

}  // namespace
}  // namespace firstline::http
