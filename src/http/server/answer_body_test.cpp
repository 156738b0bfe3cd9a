// Large and compressed answers: sources, files, gzip and br.
#include <brotli/decode.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "http/server/server_test_support.hpp"

namespace firstline::http {
namespace {

class Source : public testing::Test {
protected:
    static Answer fetch(const std::function<std::shared_ptr<BodySource>()>& make, const std::string& request) {
        TestServer server([&](Request&&, Responder respond) {
            Response response;
            response.source = make();
            respond(std::move(response));
        });
        TestClient client(server.port());
        return client.ask(request);
    }
    static ReadPiece counting(std::size_t bytes) {
        return [left = bytes, at = std::size_t{0}](std::span<char> room) mutable -> std::optional<std::size_t> {
            const std::size_t count = std::min({room.size(), left, std::size_t{5000}});
            for (std::size_t i = 0; i < count; ++i) room[i] = static_cast<char>(at++ % 251);
            left -= count;
            return count;
        };
    }
    static inline const std::string kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
};

TEST_F(Source, OfKnownLengthIsSentWhole) {
    constexpr std::size_t kBytes = 5 * kMebibyte;
    const auto make = [] { return pulled_source(std::uint64_t{kBytes}, counting(kBytes)); };
    const Answer answer = fetch(make, kGet);
    EXPECT_EQ(answer.header("content-length"), std::to_string(kBytes));
    EXPECT_TRUE(answer.body == pattern(kBytes));
}

TEST_F(Source, OfUnknownLengthIsSentInChunks) {
    constexpr std::size_t kBytes = 3'000'000;
    const auto make = [] { return pulled_source(std::nullopt, counting(kBytes)); };
    const Answer answer = fetch(make, kGet);
    EXPECT_EQ(answer.header("transfer-encoding"), "chunked");
    EXPECT_TRUE(answer.whole);
    EXPECT_TRUE(answer.body == pattern(kBytes));
    const Answer old = fetch(make, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(old.header("connection"), "close");
    EXPECT_TRUE(old.body == pattern(kBytes));
}

TEST_F(Source, ThatFailsOrEndsEarlyIsCutOff) {
    const auto broken = [](std::span<char>) -> std::optional<std::size_t> { return std::nullopt; };
    EXPECT_FALSE(fetch([&] { return pulled_source(std::nullopt, broken); }, kGet).whole);
    EXPECT_FALSE(fetch([] { return pulled_source(1000, counting(999)); }, kGet).whole);
    const Answer longer = fetch([] { return pulled_source(1000, counting(2000)); }, kGet);
    EXPECT_TRUE(longer.whole);
    EXPECT_EQ(longer.body, pattern(1000));
}

TEST_F(Source, IsNotReadForHead) {
    const Answer answer = fetch(
        [] {
            return pulled_source(77, [](std::span<char>) -> std::optional<std::size_t> {
                ADD_FAILURE() << "must not be read";
                return std::nullopt;
            });
        },
        "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(answer.header("content-length"), "77");
}

TEST_F(Source, ReadsAFileOrARangeOfIt) {
    const auto path = std::filesystem::temp_directory_path() / ("firstline_source_" + std::to_string(::getpid()));
    std::ofstream(path, std::ios::binary) << pattern(300'000);
    const auto file = [&](std::uint64_t offset, std::optional<std::uint64_t> bytes) {
        return [=] { return file_source(path, offset, bytes).value(); };
    };
    EXPECT_TRUE(fetch(file(0, std::nullopt), kGet).body == pattern(300'000));
    EXPECT_TRUE(fetch(file(1000, 5), kGet).body == pattern(300'000).substr(1000, 5));
    EXPECT_TRUE(fetch(file(300'000, std::nullopt), kGet).body.empty());
    EXPECT_EQ(file_source(path, 300'001).error().code, "file.unreadable");
    EXPECT_EQ(file_source(path, 0, 300'001).error().code, "file.unreadable");
    std::filesystem::remove(path);
    EXPECT_EQ(file_source(path).error().code, "file.unreadable");
    EXPECT_EQ(file_source("/").error().code, "file.unreadable");
}

std::string gunzip(const std::string& packed) {
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    std::string out(1'000'000, '\0');
    std::string in = packed;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

std::string unbrotli(const std::string& packed) {
    std::string out(1'000'000, '\0');
    std::size_t size = out.size();
    EXPECT_EQ(BrotliDecoderDecompress(packed.size(), reinterpret_cast<const std::uint8_t*>(packed.data()), &size,
                                      reinterpret_cast<std::uint8_t*>(out.data())),
              BROTLI_DECODER_RESULT_SUCCESS);
    out.resize(size);
    return out;
}

TEST(Compression, GoesRoundByBothCodings) {
    std::string text;
    for (int i = 0; i < 500; ++i) text += "{\"number\":\"INC-" + std::to_string(i) + "\"},";
    TestServer server([&](Request&& request, Responder respond) {
        Response response{.body = text, .content_type = "application/json; charset=utf-8"};
        if (request.path == "/thread") {
            std::thread([&] { respond(std::move(response)); }).join();
        } else {
            respond(std::move(response));
        }
    });
    TestClient client(server.port());
    for (const char* const path : {"/", "/thread", "/"}) {
        const Answer gzip = client.get(path, "Accept-Encoding: gzip, deflate\r\n");
        EXPECT_EQ(gzip.header("content-encoding"), "gzip");
        EXPECT_EQ(gzip.header("vary"), "Accept-Encoding");
        EXPECT_LT(gzip.body.size(), text.size() / 3);
        EXPECT_EQ(gunzip(gzip.body), text);
        const Answer br = client.get(path, "Accept-Encoding: gzip\r\nAccept-Encoding: br\r\n");
        EXPECT_EQ(br.header("content-encoding"), "br");
        EXPECT_LT(br.body.size(), text.size() / 3);
        EXPECT_EQ(unbrotli(br.body), text);
        const Answer plain = client.get(path);
        EXPECT_FALSE(plain.headers.contains("content-encoding"));
        EXPECT_EQ(plain.header("vary"), "Accept-Encoding");
        EXPECT_EQ(plain.body, text);
    }
    const Answer head = client.ask("HEAD / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\n\r\n");
    EXPECT_EQ(head.header("content-encoding"), "br");
    EXPECT_EQ(head.header("content-length"), std::to_string(client.get("/", "Accept-Encoding: br\r\n").body.size()));
}

}  // namespace
}  // namespace firstline::http
