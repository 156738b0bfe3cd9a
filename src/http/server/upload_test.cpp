// Request bodies: to a sink, in memory, refused, waiting.
#include <gmock/gmock.h>

#include <fstream>
#include <thread>

#include "http/server/server_test_support.hpp"

namespace firstline::http {
namespace {

using testing::HasSubstr;

std::size_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::size_t pages = 0;
    std::size_t resident = 0;
    statm >> pages >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// Counts and checks what comes; the byte at position n must be n % 251.
class CountingSink : public BodySink {
public:
    Take take(std::string_view piece) override {
        for (const char c : piece) right_ &= static_cast<unsigned char>(c) == bytes_++ % 251;
        resident_max_ = std::max(resident_max_, resident_bytes());
        return Take::more;
    }
    std::uint64_t bytes_ = 0;
    bool right_ = true;
    std::size_t resident_max_ = 0;
};

ServerOptions with_sink(const std::shared_ptr<BodySink>& sink, std::uint64_t bytes_max = kUploadBytesMax) {
    ServerOptions options;
    options.body_policy = [=](const Request&) { return BodyPolicy{.bytes_max = bytes_max, .sink = sink}; };
    return options;
}

TEST(Upload, GoesToTheSinkWithoutLyingInMemory) {
    constexpr std::size_t kPieceBytes = 251 * 256;
    constexpr std::size_t kPieces = 800;  // 51 MB
    const auto sink = std::make_shared<CountingSink>();
    TestServer server(
        [&](Request&& request, Responder respond) {
            respond({.body = request.sink == sink && request.body.empty() ? "stored" : "wrong"});
        },
        with_sink(sink));
    const std::string piece = pattern(kPieceBytes);
    TestClient client(server.port());
    EXPECT_EQ(client.get("/").body, "wrong");
    const std::size_t before = resident_bytes();
    client.send("PUT /u HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(kPieceBytes * kPieces) + "\r\n\r\n");
    for (std::size_t i = 0; i < kPieces; ++i) ASSERT_TRUE(client.send(piece));
    EXPECT_EQ(client.read_answer().body, "stored");
    EXPECT_EQ(sink->bytes_, kPieceBytes * kPieces);
    EXPECT_TRUE(sink->right_);
    EXPECT_LT(sink->resident_max_, before + 16 * kMebibyte);
}

TEST(Upload, MayComeInChunks) {
    const auto sink = std::make_shared<CountingSink>();
    TestServer server(echo, with_sink(sink));
    TestClient client(server.port());
    client.send("PUT /u HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string all = pattern(100'000);
    for (std::size_t at = 0; at < all.size(); at += 1000) client.send("3e8\r\n" + all.substr(at, 1000) + "\r\n");
    client.send("0\r\n\r\n");
    EXPECT_EQ(client.read_answer().body, "PUT /u\n");
    EXPECT_EQ(sink->bytes_, 100'000U);
    EXPECT_TRUE(sink->right_);
}

TEST(Upload, IsBoundedByItsPolicy) {
    const auto sink = std::make_shared<CountingSink>();
    TestServer server(echo, with_sink(sink, 10));
    EXPECT_EQ(TestClient(server.port()).ask("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n").status, 413U);
    EXPECT_EQ(
        TestClient(server.port()).ask("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n" + pattern(10)).status,
        200U);
    EXPECT_EQ(TestClient(server.port())
                  .ask("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "a\r\n" +
                       pattern(10) + "\r\n1\r\n")
                  .status,
              413U);
    EXPECT_EQ(sink->bytes_, 20U);
}

TEST(Upload, AClientThatStillSendsGetsTheRefusal) {
    TestServer server;
    TestClient client(server.port());
    // Far more than the sockets' buffers hold: without lingering the answer would be lost in a reset.
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n");
    const std::string piece(100'000, 'x');
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(client.send(piece));
    EXPECT_EQ(client.read_answer().status, 413U);
}

TEST(Upload, MayBeRefusedByThePolicyAndByTheSink) {
    class Refusing final : public BodySink {
    public:
        Take take(std::string_view) override { return Take::refuse; }
        Response refusal(std::string_view request_id) override {
            return problem(507, "attachment.no_space", "No space is left.", request_id);
        }
    };
    ServerOptions options;
    options.body_policy = [](const Request& head) {
        BodyPolicy policy;
        if (head.path == "/forbidden") policy.refusal = problem(401, "session.required", "Sign in.", head.request_id);
        if (head.path == "/throws") throw std::runtime_error("broken");
        policy.sink = std::make_shared<Refusing>();
        return policy;
    };
    TestServer server(echo, options);
    const auto put = [&](const std::string& path) {
        return TestClient(server.port()).ask("PUT " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    };
    EXPECT_EQ(put("/forbidden").status, 401U);
    EXPECT_EQ(put("/forbidden").header("connection"), "close");
    EXPECT_EQ(put("/full").status, 507U);
    EXPECT_THAT(put("/full").body, HasSubstr("attachment.no_space"));
    EXPECT_EQ(put("/throws").status, 500U);
}

TEST(Upload, BodiesInMemoryAreBoundedTogether) {
    ServerOptions options;
    options.body_memory_bytes_max = 100;
    std::promise<Responder> arrived;
    TestServer server(
        [&](Request&& request, Responder respond) {
            if (request.path == "/held") return arrived.set_value(std::move(respond));
            echo(std::move(request), std::move(respond));
        },
        options);
    const auto post = [](const std::string& path, std::size_t bytes) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
               std::string(bytes, 'x');
    };
    TestClient holder(server.port());
    holder.send(post("/held", 60));
    auto future = arrived.get_future();
    auto held = wait_for(future);
    ASSERT_TRUE(held);
    const Answer busy = TestClient(server.port()).ask(post("/", 41));
    EXPECT_EQ(busy.status, 503U);
    EXPECT_THAT(busy.body, HasSubstr("server.busy"));
    EXPECT_EQ(busy.header("retry-after"), "1");
    EXPECT_EQ(TestClient(server.port()).ask(post("/", 40)).status, 200U);
    (*held)({});
    EXPECT_EQ(holder.read_answer().status, 200U);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(holder.ask(post("/", 100)).status, 200U);
    EXPECT_EQ(holder.ask(post("/", 101)).status, 503U);
}

TEST(Upload, AThrowingSinkOrSourceEndsOnlyItsConnection) {
    class Throwing final : public BodySink {
    public:
        Take take(std::string_view) override { throw std::runtime_error("disk on fire"); }
    };
    std::string logged;
    ServerOptions options = with_sink(std::make_shared<Throwing>());
    options.error_log = [&](std::string_view sentence) { logged += sentence; };
    TestServer server(
        [](Request&&, Responder respond) {
            Response response;
            response.source = pulled_source(
                10, [](std::span<char>) -> std::optional<std::size_t> { throw std::runtime_error("disk is wet"); });
            respond(std::move(response));
        },
        options);
    TestClient uploading(server.port());
    uploading.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    EXPECT_TRUE(uploading.at_end());
    TestClient fetching(server.port());
    EXPECT_FALSE(fetching.get("/").whole);
    EXPECT_TRUE(server->drain(kTestPatience));
    EXPECT_THAT(logged, HasSubstr("disk on fire"));
    EXPECT_THAT(logged, HasSubstr("disk is wet"));
}

TEST(Upload, ASinkMayMakeTheClientWait) {
    constexpr std::size_t kBytes = 8 * kMebibyte;
    class Waiting final : public BodySink {
    public:
        Take take(std::string_view piece) override {
            bytes_ += piece.size();
            if (resumed_) return Take::more;
            if (!std::exchange(waiting_, true)) paused_.set_value(std::this_thread::get_id());
            return Take::wait;
        }
        std::atomic<std::uint64_t> bytes_{0};
        std::atomic<bool> resumed_{false};
        bool waiting_ = false;
        std::promise<std::thread::id> paused_;
    };
    const auto sink = std::make_shared<Waiting>();
    ServerOptions options;
    options.body_policy = [&](const Request& head) {
        return head.path == "/u" ? BodyPolicy{.bytes_max = kUploadBytesMax, .sink = sink} : BodyPolicy{};
    };
    options.body_timeout = std::chrono::milliseconds(300);  // a wait is not the client's fault
    TestServer server(echo, options);
    TestClient client(server.port());
    const std::string all = "PUT /u HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(kBytes) + "\r\n\r\n" +
                            std::string(kBytes, 'x');
    std::thread sender([&] { client.send(all); });
    auto paused = sink->paused_.get_future();
    EXPECT_TRUE(wait_for(paused));
    // Another client's time-out passes: time for many reads of the first one's body, of which there must be none.
    TestClient clock(server.port());
    clock.send("PUT /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n");
    EXPECT_EQ(clock.read_answer().status, 408U);
    EXPECT_LE(sink->bytes_, kReadBufferBytesMax);
    sink->resumed_ = true;
    sink->resume();
    EXPECT_EQ(client.read_answer().status, 200U);
    EXPECT_EQ(sink->bytes_, kBytes);
    sender.join();
}

TEST(Upload, ABrokenOffOneDestroysItsSink) {
    class Telling final : public BodySink {
    public:
        explicit Telling(std::promise<int>& gone) : gone_(gone) {}
        ~Telling() override { gone_.set_value(1); }
        Take take(std::string_view) override { return Take::more; }
        std::promise<int>& gone_;
    };
    std::promise<int> gone;
    ServerOptions options;
    options.body_policy = [&](const Request&) { return BodyPolicy{.sink = std::make_shared<Telling>(gone)}; };
    TestServer server([](Request&&, Responder) { ADD_FAILURE() << "must not come here"; }, options);
    TestClient client(server.port());
    client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
    client.close();
    auto future = gone.get_future();
    EXPECT_EQ(wait_for(future), 1);
}

}  // namespace
}  // namespace firstline::http
