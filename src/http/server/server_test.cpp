// The everyday: requests and answers over real connections.
#include "http/server/server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>
#include <thread>

#include "http/server/server_test_support.hpp"

namespace firstline::http {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

TEST(Server, AnswersAndKeepsTheConnection) {
    TestServer server;
    TestClient client(server.port());
    EXPECT_EQ(client.get("/a%20b?x=%20").body, "GET /a b?x=%20\n");
    const Answer second = client.get("/second");
    EXPECT_EQ(second.status, 200U);
    EXPECT_EQ(second.body, "GET /second\n");
    EXPECT_EQ(second.header("content-type"), "text/plain");
    EXPECT_EQ(second.header("connection"), "");
    EXPECT_THAT(second.header("date"), MatchesRegex("[A-Z][a-z][a-z], [0-9][0-9] [A-Z][a-z][a-z] 20[0-9][0-9] "
                                                    "[0-9][0-9]:[0-9][0-9]:[0-9][0-9] GMT"));
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
    // Answers come late and from another thread: the requests behind must wait.
    std::vector<std::thread> workers;
    std::atomic<int> at_once{0};
    std::atomic<int> at_once_max{0};
    {
        TestServer server([&](Request&& request, Responder respond) {
            at_once_max = std::max(at_once_max.load(), ++at_once);
            workers.emplace_back([&, path = request.path, respond = std::move(respond)]() mutable {
                --at_once;
                respond({.body = path});
            });
        });
        TestClient client(server.port());
        std::string requests;
        for (int i = 0; i < 50; ++i) requests += fmt::format("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", i);
        client.send(requests);
        for (int i = 0; i < 50; ++i) ASSERT_EQ(client.read_answer().body, fmt::format("/{}", i));
        EXPECT_EQ(at_once_max, 1);
    }
    for (auto& worker : workers) worker.join();
}

TEST(Server, ReadsARequestThatComesByteByByte) {
    TestServer server;
    TestClient client(server.port());
    for (const char c : std::string_view("\r\nPOST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                         "3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n")) {
        client.send({&c, 1});
    }
    EXPECT_EQ(client.read_answer().body, "POST /p\nabc0123456789");
}

TEST(Server, DropsTrailers) {
    std::string seen = "?";
    TestServer server([&](Request&& request, Responder respond) {
        seen = request.header("Authorization");
        respond({});
    });
    TestClient client(server.port());
    EXPECT_EQ(client
                  .ask("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "0\r\nAuthorization: Bearer smuggled\r\n\r\n")
                  .status,
              200U);
    EXPECT_EQ(seen, "");
}

TEST(Server, SendsContinueWhenTheBodyIsAwaited) {
    TestServer server;
    TestClient client(server.port());
    client.send("POST /c HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("abc");
    EXPECT_EQ(client.read_answer().body, "POST /c\nabc");
}

TEST(Server, RefusesInsteadOfContinuing) {
    TestServer server;
    TestClient client(server.port());
    const Answer answer =
        client.ask("POST /c HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(answer.status, 413U);
    EXPECT_EQ(answer.header("connection"), "close");
}

TEST(Server, AnswersHeadWithoutBody) {
    TestServer server;
    TestClient client(server.port());
    const Answer head = client.ask("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(head.status, 200U);
    EXPECT_EQ(head.header("content-length"), "8");
    EXPECT_EQ(client.get("/next").body, "GET /next\n");
    const Answer wrong = client.ask("HEAD /%zz HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(wrong.status, 400U);
    EXPECT_EQ(client.get("/again").body, "GET /again\n");
}

TEST(Server, SendsNoLengthWith204And304) {
    TestServer server([](Request&& request, Responder respond) {
        respond({.status = request.path == "/204" ? 204U : 304U, .body = "must not be sent"});
    });
    TestClient client(server.port());
    for (const unsigned status : {204U, 304U, 204U}) {
        const Answer answer = client.get(fmt::format("/{}", status));
        EXPECT_EQ(answer.status, status);
        EXPECT_FALSE(answer.headers.contains("content-length"));
    }
}

TEST(Server, SpeaksHttp10) {
    TestServer server;
    TestClient closing(server.port());
    const Answer answer = closing.ask("GET /old HTTP/1.0\r\n\r\n");
    EXPECT_EQ(answer.body, "GET /old\n");
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(closing.at_end());
    TestClient keeping(server.port());
    EXPECT_EQ(keeping.ask("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("connection"), "keep-alive");
    EXPECT_EQ(keeping.ask("GET /2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").body, "GET /2\n");
}

TEST(Server, ClosesWhenAsked) {
    TestServer server;
    TestClient client(server.port());
    EXPECT_EQ(client.get("/", "Connection: close\r\n").header("connection"), "close");
    EXPECT_TRUE(client.at_end());
}

TEST(Server, AnswersAClientThatHasFinishedSending) {
    TestServer server;
    TestClient client(server.port());
    client.send("GET /half HTTP/1.1\r\nHost: x\r\n\r\n");
    client.finish_sending();
    EXPECT_EQ(client.read_answer().body, "GET /half\n");
    EXPECT_TRUE(client.at_end());
}

TEST(Server, EveryAnswerHasARequestId) {
    std::vector<std::string> seen;
    TestServer server([&](Request&& request, Responder respond) {
        seen.push_back(request.request_id);
        respond({});
    });
    TestClient client(server.port());
    EXPECT_EQ(client.get("/", "X-Request-Id: my.Id_1-2\r\n").header("x-request-id"), "my.Id_1-2");
    const std::string longest(64, 'a');
    EXPECT_EQ(client.get("/", "X-Request-Id: " + longest + "\r\n").header("x-request-id"), longest);
    std::set<std::string> made;
    for (const char* const unusable : {"", "X-Request-Id: \r\n", "X-Request-Id: a b\r\n", "X-Request-Id: a\"b\r\n"}) {
        made.insert(client.get("/", unusable).header("x-request-id"));
    }
    made.insert(client.get("/", "X-Request-Id: " + longest + "a\r\n").header("x-request-id"));
    made.insert(client.get("/%zz").header("x-request-id"));
    EXPECT_EQ(made.size(), 6U);
    for (const auto& id : made) EXPECT_THAT(id, MatchesRegex("[0-9a-f]+"));
    for (const auto& id : made) EXPECT_EQ(id.size(), 16U);
    EXPECT_THAT(seen, ElementsAre("my.Id_1-2", longest, testing::_, testing::_, testing::_, testing::_, testing::_));
}

TEST(Server, PassesPeerThreadAndDeadline) {
    TestServer server([](Request&& request, Responder respond) {
        const auto left = request.deadline - std::chrono::steady_clock::now();
        const bool sensible = left > milliseconds(0) && left <= kRequestDeadline;
        respond({.body = request.remote_address + (sensible ? " ok " : " wrong ") + std::to_string(request.io_thread)});
    });
    TestClient client(server.port());
    EXPECT_EQ(client.get("/").body, "127.0.0.1 ok 0");
}

TEST(Server, RunsSeveralIoThreads) {
    TestServer server(
        [](Request&& request, Responder respond) { respond({.body = std::to_string(request.io_thread)}); },
        {.io_threads = 2});
    std::set<std::string> threads;
    // The system spreads connections by a hash of their ports.
    for (int i = 0; i < 200 && threads.size() < 2; ++i) threads.insert(TestClient(server.port()).get("/").body);
    EXPECT_THAT(threads, ElementsAre("0", "1"));
}

TEST(Server, ReplacesLineEndsInFields) {
    TestServer server([](Request&&, Responder respond) {
        Response response;
        response.headers.push_back({"Location", "/a\r\nSet-Cookie: stolen=1"});
        respond(std::move(response));
    });
    TestClient client(server.port());
    const Answer answer = client.get("/");
    EXPECT_EQ(answer.header("location"), "/a  Set-Cookie: stolen=1");
    EXPECT_FALSE(answer.headers.contains("set-cookie"));
}

TEST(Server, LogsEachAnswer) {
    std::mutex mutex;
    std::vector<std::string> lines;
    ServerOptions options;
    options.access_log = [&](const AccessRecord& record) {
        const std::lock_guard lock(mutex);
        const bool timed = record.duration.count() >= 0 && record.duration < kTestPatience;
        lines.push_back(std::string(record.method) + " " + std::string(record.path) + " " +
                        std::to_string(record.status) + " " + std::string(record.request_id) + " " +
                        std::string(record.remote_address) + (timed ? "" : " untimed"));
    };
    {
        TestServer server(echo, options);
        TestClient client(server.port());
        client.get("/a", "X-Request-Id: r1\r\n");
        client.get("/%zz", "X-Request-Id: r2\r\n");
        client.ask("POST /b HTTP/1.1\r\nHost: x\r\nX-Request-Id: r3\r\nContent-Length: 99999999\r\n\r\n");
    }
    EXPECT_THAT(lines, ElementsAre("GET /a 200 r1 127.0.0.1", "GET /%zz 400 r2 127.0.0.1", "POST /b 413 r3 127.0.0.1"));
}

TEST(Server, CountsTheBytesOfAnAnswer) {
    std::promise<std::uint64_t> promise;
    ServerOptions options;
    options.access_log = [&](const AccessRecord& record) { promise.set_value(record.bytes); };
    TestServer server(echo, options);
    TestClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    while (client.receive()) {}
    auto bytes = promise.get_future();
    EXPECT_EQ(wait_for(bytes), client.read_bytes(100000).size());
}

}  // namespace
}  // namespace firstline::http
