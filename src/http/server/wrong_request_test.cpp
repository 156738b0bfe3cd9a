// What is no good request, byte by byte: status, code, and whether the connection may go on.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "http/server/server_test_support.hpp"

namespace firstline::http {
namespace {

using namespace std::string_literals;

enum class After { kept, closed };

struct Row {
    std::string name;
    std::string bytes;
    unsigned status;
    std::string code;
    After after;
    bool client_ends = false;  // the client closes its direction after the bytes
};

std::string with_line(const std::string& line) { return line + "\r\nHost: x\r\n\r\n"; }
std::string with_target(const std::string& target) { return with_line("GET " + target + " HTTP/1.1"); }
std::string with_field(const std::string& field) { return "GET / HTTP/1.1\r\nHost: x\r\n" + field + "\r\n\r\n"; }
std::string post(const std::string& fields, const std::string& body) {
    return "POST / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n\r\n" + body;
}
std::string chunked(const std::string& body) { return post("Transfer-Encoding: chunked", body); }
std::string many_fields(int count) {
    std::string fields;
    for (int i = 0; i < count; ++i) fields += fmt::format("F{}: v\r\n", i);
    return "GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

const std::string kMalformed = "request.malformed";
const std::string kTooLarge = "request.too_large";
const std::string kVersion = "request.version_unsupported";
const std::string kMethod = "request.method_unsupported";
const std::string kCoding = "request.coding_unsupported";
const std::string kExpectation = "request.expectation_failed";

// clang-format off
const std::vector<Row> kRows{
    // request line
    {"tls_hello",             "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s,       400, kMalformed, After::closed},
    {"method_alone",          "GET\r\n\r\n",                                         400, kMalformed, After::closed},
    {"http_0_9",              "GET /\r\n\r\n",                                       400, kMalformed, After::closed},
    {"empty_method",          with_line(" / HTTP/1.1"),                              400, kMalformed, After::closed},
    {"leading_blank",         with_line(" GET / HTTP/1.1"),                          400, kMalformed, After::closed},
    {"two_blanks",            with_line("GET  / HTTP/1.1"),                          400, kMalformed, After::closed},
    {"blank_in_target",       with_line("GET /a b HTTP/1.1"),                        400, kMalformed, After::closed},
    {"blank_at_end",          with_line("GET / HTTP/1.1 "),                          400, kMalformed, After::closed},
    {"tab_between",           with_line("GET\t/\tHTTP/1.1"),                         400, kMalformed, After::closed},
    {"method_no_token",       with_line("G@T / HTTP/1.1"),                           400, kMalformed, After::closed},
    {"method_overlong",       std::string(33, 'A'),                                  400, kMalformed, After::closed},
    {"nul_in_method",         with_line("G\0T / HTTP/1.1"s),                         400, kMalformed, After::closed},
    {"nul_in_target",         with_line("GET /a\0b HTTP/1.1"s),                      400, kMalformed, After::closed},
    {"bare_line_feeds",       "GET / HTTP/1.1\nHost: x\n\n",                         400, kMalformed, After::closed},
    {"three_empty_lines",     "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",       400, kMalformed, After::closed},
    {"protocol_lower_case",   with_line("GET / http/1.1"),                           400, kMalformed, After::closed},
    {"protocol_other",        with_line("GET / FTP/1.1"),                            400, kMalformed, After::closed},
    {"version_three_digits",  with_line("GET / HTTP/1.10"),                          400, kMalformed, After::closed},
    {"version_without_minor", with_line("GET / HTTP/2"),                             400, kMalformed, After::closed},
    {"version_2_0",           with_line("GET / HTTP/2.0"),                           505, kVersion,   After::closed},
    {"version_1_2",           with_line("GET / HTTP/1.2"),                           505, kVersion,   After::closed},
    {"version_0_9",           with_line("GET / HTTP/0.9"),                           505, kVersion,   After::closed},
    {"http_2_preface",        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",                    505, kVersion,   After::closed},
    {"method_unknown",        with_line("BREW / HTTP/1.1"),                          501, kMethod,    After::kept},
    {"method_lower_case",     with_line("get / HTTP/1.1"),                           501, kMethod,    After::kept},
    {"method_trace",          with_line("TRACE / HTTP/1.1"),                         501, kMethod,    After::kept},
    {"method_connect",        with_line("CONNECT x:443 HTTP/1.1"),                   501, kMethod,    After::kept},
    // target
    {"percent_not_hex",       with_target("/%zz"),                                   400, kMalformed, After::kept},
    {"percent_one_digit",     with_target("/%4"),                                    400, kMalformed, After::kept},
    {"percent_at_end",        with_target("/abc%"),                                  400, kMalformed, After::kept},
    {"percent_sign",          with_target("/%+1"),                                   400, kMalformed, After::kept},
    {"percent_nul",           with_target("/a%00b"),                                 400, kMalformed, After::kept},
    {"percent_no_utf8",       with_target("/%ff"),                                   400, kMalformed, After::kept},
    {"percent_overlong",      with_target("/%c0%af"),                                400, kMalformed, After::kept},
    {"percent_surrogate",     with_target("/%ed%a0%80"),                             400, kMalformed, After::kept},
    {"raw_no_utf8",           with_target("/\xff"),                                  400, kMalformed, After::kept},
    {"fragment",              with_target("/a#b"),                                   400, kMalformed, After::kept},
    {"no_slash",              with_target("incidents"),                              400, kMalformed, After::kept},
    {"asterisk_for_get",      with_target("*"),                                      400, kMalformed, After::kept},
    {"other_scheme",          with_target("ftp://x/a"),                              400, kMalformed, After::kept},
    {"no_authority",          with_target("http:///a"),                              400, kMalformed, After::kept},
    {"query_alone",           with_target("?a=b"),                                   400, kMalformed, After::kept},
    {"bad_target_with_body",  "POST /%zz HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab", 400, kMalformed, After::closed},
    {"target_too_long",       with_target("/" + std::string(8192, 'a')),             414, kTooLarge,  After::closed},
    {"target_without_end",    "GET /" + std::string(9000, 'a'),                      414, kTooLarge,  After::closed},
    // fields
    {"no_host",               "GET / HTTP/1.1\r\n\r\n",                              400, kMalformed, After::closed},
    {"two_hosts",             with_field("Host: y"),                                 400, kMalformed, After::closed},
    {"host_with_blank",       "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",                 400, kMalformed, After::closed},
    {"host_with_slash",       "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",                 400, kMalformed, After::closed},
    {"host_with_user",        "GET / HTTP/1.1\r\nHost: me@x\r\n\r\n",                400, kMalformed, After::closed},
    {"blank_before_colon",    with_field("Name : v"),                                400, kMalformed, After::closed},
    {"blank_first_field",     "GET / HTTP/1.1\r\n Host: x\r\n\r\n",                  400, kMalformed, After::closed},
    {"no_colon",              with_field("Name"),                                    400, kMalformed, After::closed},
    {"empty_name",            with_field(": v"),                                     400, kMalformed, After::closed},
    {"name_no_token",         with_field("Na(me: v"),                                400, kMalformed, After::closed},
    {"name_not_ascii",        with_field("N\xc3\xa4me: v"),                          400, kMalformed, After::closed},
    {"nul_in_name",           with_field("Na\0me: v"s),                              400, kMalformed, After::closed},
    {"nul_in_value",          with_field("Name: a\0b"s),                             400, kMalformed, After::closed},
    {"control_in_value",      with_field("Name: a\x01" "b"),                         400, kMalformed, After::closed},
    {"delete_in_value",       with_field("Name: a\x7f" "b"),                         400, kMalformed, After::closed},
    {"bare_return_in_value",  with_field("Name: a\rb"),                              400, kMalformed, After::closed},
    {"bare_feed_in_value",    with_field("Name: a\nB: c"),                           400, kMalformed, After::closed},
    {"connection_no_list",    with_field("Connection: a b"),                         400, kMalformed, After::closed},
    {"fields_too_large",      with_field("Name: " + std::string(16384, 'v')),        431, kTooLarge,  After::closed},
    {"fields_without_end",    "GET / HTTP/1.1\r\nHost: x\r\nName: " + std::string(17000, 'v'), 431, kTooLarge, After::closed},
    {"fields_too_many",       many_fields(100),                                      431, kTooLarge,  After::closed},
    {"expect_unknown",        with_field("Expect: rain"),                            417, kExpectation, After::kept},
    {"expect_with_body",      post("Expect: rain\r\nContent-Length: 2", "ab"),       417, kExpectation, After::closed},
    // length of the body
    {"length_no_number",      post("Content-Length: abc", ""),                       400, kMalformed, After::closed},
    {"length_negative",       post("Content-Length: -1", ""),                        400, kMalformed, After::closed},
    {"length_with_plus",      post("Content-Length: +1", "a"),                       400, kMalformed, After::closed},
    {"length_hex",            post("Content-Length: 0x1", "a"),                      400, kMalformed, After::closed},
    {"length_empty",          post("Content-Length: ", ""),                          400, kMalformed, After::closed},
    {"length_overflow",       post("Content-Length: 99999999999999999999", ""),      400, kMalformed, After::closed},
    {"length_list",           post("Content-Length: 1, 1", "a"),                     400, kMalformed, After::closed},
    {"length_twice",          post("Content-Length: 1\r\nContent-Length: 1", "a"),   400, kMalformed, After::closed},
    {"length_two_values",     post("Content-Length: 1\r\nContent-Length: 2", "ab"),  400, kMalformed, After::closed},
    {"length_then_coding",    post("Content-Length: 1\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), 400, kMalformed, After::closed},
    {"coding_then_length",    post("Transfer-Encoding: chunked\r\nContent-Length: 1", "0\r\n\r\n"), 400, kMalformed, After::closed},
    {"coding_gzip",           post("Transfer-Encoding: gzip", ""),                   501, kCoding,    After::closed},
    {"coding_gzip_chunked",   post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"), 501, kCoding,    After::closed},
    {"coding_chunked_gzip",   post("Transfer-Encoding: chunked, gzip", "0\r\n\r\n"), 501, kCoding,    After::closed},
    {"coding_lookalike",      post("Transfer-Encoding: xchunked", "0\r\n\r\n"),      501, kCoding,    After::closed},
    {"coding_twice",          post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), 400, kMalformed, After::closed},
    {"coding_in_http_1_0",    "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, kMalformed, After::closed},
    {"body_too_large",        post("Content-Length: 2097153", ""),                   413, kTooLarge,  After::closed},
    // chunks
    {"chunk_size_no_hex",     chunked("xyz\r\n"),                                    400, kMalformed, After::closed},
    {"chunk_size_empty",      chunked("\r\nabc\r\n"),                                400, kMalformed, After::closed},
    {"chunk_size_negative",   chunked("-1\r\n"),                                     400, kMalformed, After::closed},
    {"chunk_size_overflow",   chunked("fffffffffffffffff\r\n"),                      400, kMalformed, After::closed},
    {"chunk_too_large",       chunked("200001\r\n"),                                 413, kTooLarge,  After::closed},
    {"chunks_too_large",      chunked("1\r\na\r\n200000\r\n"),                       413, kTooLarge,  After::closed},
    {"chunk_size_huge",       chunked("ffffffffffffffff\r\n"),                       413, kTooLarge,  After::closed},
    {"chunk_longer_than_said", chunked("1\r\nab\r\n0\r\n\r\n"),                      400, kMalformed, After::closed},
    {"chunk_bare_feed",       chunked("1\na\r\n0\r\n\r\n"),                          400, kMalformed, After::closed},
    {"chunk_extension_bad",   chunked("1;=\r\na\r\n0\r\n\r\n"),                      400, kMalformed, After::closed},
    {"chunk_extension_long",  chunked("1;a=" + std::string(2000, 'b') + "\r\na\r\n0\r\n\r\n"), 400, kMalformed, After::closed},
    {"chunk_line_without_end", chunked("1;a=" + std::string(20000, 'b')),            431, kTooLarge,  After::closed},
    {"trailer_bad",           chunked("0\r\nbad\r\n\r\n"),                           400, kMalformed, After::closed},
    {"trailer_length",        chunked("0\r\nContent-Length: 1\r\n\r\n"),             400, kMalformed, After::closed},
    // cut off
    {"cut_in_line",           "GET / HT",                                            400, kMalformed, After::closed, true},
    {"cut_in_fields",         "GET / HTTP/1.1\r\nHost: x\r\n",                       400, kMalformed, After::closed, true},
    {"cut_in_body",           post("Content-Length: 5", "abc"),                      400, kMalformed, After::closed, true},
    {"cut_before_body",       post("Content-Length: 5", ""),                         400, kMalformed, After::closed, true},
    {"cut_in_chunk",          chunked("5\r\nab"),                                    400, kMalformed, After::closed, true},
    {"cut_after_chunks",      chunked("1\r\na\r\n0\r\n"),                            400, kMalformed, After::closed, true},
};
// clang-format on

class WrongRequest : public testing::TestWithParam<Row> {};

TEST_P(WrongRequest, IsAnsweredByTheServer) {
    const Row& row = GetParam();
    TestServer server([](Request&& request, Responder respond) {
        respond({.body = request.path == "/good" ? "good" : "must not come here"});
    });
    TestClient client(server.port());
    client.send(row.bytes);
    if (row.client_ends) client.finish_sending();
    const Answer answer = client.read_answer();
    EXPECT_EQ(answer.status, row.status);
    EXPECT_TRUE(answer.whole);
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_THAT(answer.body,
                testing::HasSubstr("\"status\":" + std::to_string(row.status) + ",\"code\":\"" + row.code + "\""));
    EXPECT_THAT(answer.body, testing::HasSubstr("\"request_id\":\"" + answer.header("x-request-id") + "\""));
    EXPECT_EQ(answer.header("x-request-id").size(), 16U);
    if (row.after == After::kept) {
        EXPECT_EQ(answer.header("connection"), "");
        EXPECT_EQ(client.get("/good").body, "good");
    } else {
        EXPECT_EQ(answer.header("connection"), "close");
        EXPECT_TRUE(client.at_end());
    }
}

INSTANTIATE_TEST_SUITE_P(Rows, WrongRequest, testing::ValuesIn(kRows), [](const auto& row) { return row.param.name; });

// Odd, but right: what a strict reader must still take.
TEST(OddRequest, IsServed) {
    TestServer server;
    TestClient client(server.port());
    EXPECT_EQ(client.ask(with_target("http://desk:8080/a?b=c")).body, "GET /a?b=c\n");
    EXPECT_EQ(client.ask(with_target("HTTPS://desk?b")).body, "GET /?b\n");
    EXPECT_EQ(client.ask("OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n").body, "OPTIONS *\n");
    EXPECT_EQ(client.ask(with_target("/%e2%82%ac+%2F")).body, "GET /\xe2\x82\xac+/\n");
    EXPECT_EQ(client.ask(with_target("/\xe2\x82\xac")).body, "GET /\xe2\x82\xac\n");
    EXPECT_EQ(client.ask(with_field("Folded: a\r\n b")).status, 200U);
    EXPECT_EQ(client.ask(with_field("Name:\tv\xff\t")).status, 200U);
    EXPECT_EQ(client.ask(post("Content-Length: 0", "")).body, "POST /\n");
    EXPECT_EQ(client.ask(post("content-length: 002", "ab")).body, "POST /\nab");
    EXPECT_EQ(client.ask(post("TRANSFER-ENCODING: Chunked", "2 ; a ; b=\"c\"\r\nab\r\n00\r\n\r\n")).body, "POST /\nab");
    EXPECT_EQ(client.ask("\r\n\r\n" + with_target("/x")).body, "GET /x\n");
    EXPECT_EQ(client.ask(with_target("/" + std::string(8191, 'a'))).status, 200U);
    EXPECT_EQ(client.ask(many_fields(99)).status, 200U);
    EXPECT_EQ(client.ask("POST / HTTP/1.0\r\nExpect: rain\r\nContent-Length: 1\r\n\r\na").body, "POST /\na");
}

}  // namespace
}  // namespace firstline::http
