// The pure parts: targets, codings, heads, and the parser's independence of how the bytes arrive.
#include <gmock/gmock.h>

#include "http/server/wire/content_coding.hpp"
#include "http/server/wire/request_parser.hpp"
#include "http/server/wire/response_head.hpp"
#include "http/server/wire/target.hpp"

namespace firstline::http {
namespace {

TEST(ChooseCoding, FollowsTheQualities) {
    struct Row {
        std::string_view accept;
        ContentCoding coding;
    };
    constexpr auto kNone = ContentCoding::identity;
    constexpr auto kGzip = ContentCoding::gzip;
    constexpr auto kBr = ContentCoding::br;
    for (const Row& row : {
             Row{"", kNone},
             Row{"gzip", kGzip},
             Row{"GZIP", kGzip},
             Row{"x-gzip", kGzip},
             Row{"br", kBr},
             Row{"deflate, zstd", kNone},
             Row{"gzip, deflate, br", kBr},
             Row{"br;q=0.5, gzip;q=0.8", kGzip},
             Row{"br;q=0.001, gzip;q=0", kBr},
             Row{"br; q=0 , gzip ; q=0", kNone},
             Row{"gzip;q=0.5;x=y", kGzip},
             Row{"*", kBr},
             Row{"*;q=0.1, br;q=0", kGzip},
             Row{"*;q=0", kNone},
             Row{"*;q=0, gzip", kGzip},
             Row{"identity, gzip;q=0.5", kNone},
             Row{"identity;q=0.5, gzip;q=0.5", kGzip},
             Row{"identity;q=0", kNone},
             Row{"gzip;q=1.0, br;q=1.000", kBr},
             Row{"gzip;q=2", kNone},
             Row{"gzip;q=1.5", kNone},
             Row{"gzip;q=0.1234", kNone},
             Row{"gzip;q=abc", kNone},
             Row{"gzip;q=", kNone},
             Row{",,;, ,", kNone},
         }) {
        EXPECT_EQ(choose_coding(row.accept), row.coding) << row.accept;
    }
}

TEST(IsCompressible, KnowsText) {
    for (const char* const type : {"text/html", "TEXT/plain; charset=utf-8", "application/json", "image/svg+xml",
                                   "application/problem+json", "application/javascript", "text/javascript"}) {
        EXPECT_TRUE(is_compressible(type)) << type;
    }
    for (const char* const type : {"", "text/", "text/event-stream", "text/event-stream; charset=utf-8", "image/png",
                                   "application/octet-stream", "application/jsonx", "font/woff2"}) {
        EXPECT_FALSE(is_compressible(type)) << type;
    }
}

TEST(EncodeBody, SaysOnceWhatTheAnswerDependsOn) {
    const auto vary = [](std::vector<Header> headers) {
        Response response{.headers = std::move(headers), .body = std::string(2000, 'a'), .content_type = "text/plain"};
        // As behind an access log: through one responder that compresses nothing, and through the one within.
        encode_body(response, ContentCoding::identity);
        encode_body(response, ContentCoding::gzip);
        std::string out;
        for (const Header& field : response.headers) {
            if (field.name == "Vary") out += "[" + field.value + "]";
        }
        return out;
    };
    EXPECT_EQ(vary({}), "[Accept-Encoding]");
    EXPECT_EQ(vary({{"Vary", "Cookie"}}), "[Cookie, Accept-Encoding]");
    EXPECT_EQ(vary({{"Vary", "accept-encoding , Cookie"}}), "[accept-encoding , Cookie]");
    EXPECT_EQ(vary({{"Vary", "*"}}), "[*]");
}

TEST(EncodeBody, LeavesAloneWhatGainsNothing) {
    const std::string text(2000, 'a');
    const auto encoded = [](Response response) {
        encode_body(response, ContentCoding::gzip);
        return response.headers.size();
    };
    EXPECT_EQ(encoded({.body = text, .content_type = "text/plain"}), 2U);
    EXPECT_EQ(encoded({.body = text.substr(0, 1025), .content_type = "text/plain"}), 2U);
    EXPECT_EQ(encoded({.body = text.substr(0, 1024), .content_type = "text/plain"}), 0U);
    EXPECT_EQ(encoded({.body = text, .content_type = "image/png"}), 0U);
    EXPECT_EQ(encoded({.status = 206, .body = text, .content_type = "text/plain"}), 0U);
    EXPECT_EQ(encoded({.headers = {{"content-encoding", "br"}}, .body = text, .content_type = "text/plain"}), 1U);
    EXPECT_EQ(compress("abc", ContentCoding::gzip), std::nullopt);
    EXPECT_EQ(compress(text, ContentCoding::identity), std::nullopt);
}

TEST(PercentDecode, TakesEveryByteAndNothingBroken) {
    for (int byte = 0; byte < 256; ++byte) {
        constexpr std::string_view kLower = "0123456789abcdef";
        constexpr std::string_view kUpper = "0123456789ABCDEF";
        const auto high = static_cast<std::size_t>(byte / 16);
        const auto low = static_cast<std::size_t>(byte % 16);
        std::string out;
        ASSERT_TRUE(percent_decode(std::string{'%', kLower[high], kUpper[low]}, out));
        EXPECT_EQ(out, std::string(1, static_cast<char>(byte)));
    }
    std::string out;
    for (const char* const broken : {"%", "a%", "%1", "%g0", "%0g", "%%41", "% 41", "%-1"}) {
        EXPECT_FALSE(percent_decode(broken, out)) << broken;
    }
}

TEST(ResponseHead, IsWrittenExactly) {
    Response response{.status = 409, .headers = {{"Retry-After", "1"}}, .content_type = "application/json"};
    HeadFraming framing;
    framing.length = 12;
    framing.date = "D";
    framing.request_id = "r";
    std::string head;
    append_head(head, response, framing);
    EXPECT_EQ(head,
              "HTTP/1.1 409 Conflict\r\nDate: D\r\nContent-Type: application/json\r\nContent-Length: 12\r\n"
              "X-Request-Id: r\r\nRetry-After: 1\r\n\r\n");
    EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(reason_phrase(404), "Not Found");
    EXPECT_EQ(reason_phrase(299), "Unknown");
    EXPECT_EQ(problem(404, "a.b", "say \"no\"\\\n\x01", "r").body,
              R"({"type":"about:blank","title":"Not Found","status":404,"code":"a.b",)"
              R"("detail":"say \"no\"\\\u000a\u0001","request_id":"r"})");
}

// Each request's "METHOD path [fields] body", or "refused <status>", when the bytes come in pieces of `piece`.
std::vector<std::string> parse_all(std::string_view bytes, std::size_t piece) {
    std::vector<std::string> seen;
    RequestParser parser;
    std::string buffer;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        buffer += bytes.substr(at, piece);
        for (bool more = true; more;) {
            std::size_t consumed = 0;
            ParseEvent event = parser.feed(buffer, consumed);
            buffer.erase(0, consumed);
            if (event == ParseEvent::head)
                event = parser.take_body(100, nullptr);
            else
                more = event == ParseEvent::complete;
            if (event == ParseEvent::refused) {
                seen.push_back("refused " + std::to_string(parser.refusal().status));
                return seen;
            }
            if (event != ParseEvent::complete) continue;
            const Request& request = parser.request();
            std::string line = request.method + " " + request.path + " [";
            for (const Header& field : request.headers) line += field.name + "=" + field.value + ";";
            seen.push_back(line + "] " + request.body);
            parser.reset();
        }
    }
    return seen;
}

TEST(RequestParser, DoesNotCareHowTheBytesArrive) {
    struct Row {
        std::string bytes;
        std::vector<std::string> seen;
    };
    const std::string get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
    const std::string chunks =
        "PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2;e\r\nab\r\n1\r\nc\r\n0\r\nT: t\r\n\r\n";
    const std::string length = "POST /l HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nxyz";
    const std::string folded = "GET /f HTTP/1.1\r\nHost: x\r\nA: b\r\n  c\r\n\t\r\n\r\n";
    for (const Row& row : {
             Row{get + get, {"GET /a [Host=x;] ", "GET /a [Host=x;] "}},
             Row{"\r\n" + length + "\r\n" + chunks + get,
                 {"POST /l [Host=x;Content-Length=3;] xyz", "PUT /c [Host=x;Transfer-Encoding=chunked;] abc",
                  "GET /a [Host=x;] "}},
             Row{folded + get, {"GET /f [Host=x;A=b c;] ", "GET /a [Host=x;] "}},
             Row{get + "GET / HTTP/2.0\r\nHost: x\r\n\r\n", {"GET /a [Host=x;] ", "refused 505"}},
             Row{get + "G T", {"GET /a [Host=x;] "}},
             Row{"GET / HTTP/1.1\r\nA: b\nC", {"refused 400"}},
             Row{"GET /" + std::string(8300, 'a'), {"refused 414"}},
             Row{"GET / HTTP/1.1\r\n" + std::string(20000, 'a'), {"refused 431"}},
             Row{chunks.substr(0, chunks.size() - 11) + "63\r\n", {"refused 413"}},
         }) {
        for (const std::size_t piece :
             {row.bytes.size(), std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
            EXPECT_EQ(parse_all(row.bytes, piece), row.seen) << row.bytes.substr(0, 200) << " in pieces of " << piece;
        }
    }
}

}  // namespace
}  // namespace firstline::http
