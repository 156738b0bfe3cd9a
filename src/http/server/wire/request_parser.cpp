// The only file that sees Boost.Beast.
#include "http/server/wire/request_parser.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <optional>

#include "http/server/wire/request_rules.hpp"
#include "http/server/wire/target.hpp"

namespace firstline::http {
namespace {

namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using bhttp::field;

constexpr std::size_t kRequestLineExtraBytes = 64;  // method, blanks and version beside the target
constexpr std::size_t kEmptyLineBytesMax = 4;       // RFC 9112 §2.2: empty lines before the request line
constexpr std::size_t kHeaderFieldsUsual = 8;
constexpr std::size_t kChunkExtensionBytesMax = 1 * kKibibyte;

std::string_view to_std(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

// All that belongs to one message; a new message starts with a new one.
struct RequestParser::Message {
    Request request;
    Framing framing;
    Refusal refusal;
    std::string accept_encoding;
    std::size_t line_start = 0;  // of the head's line that is being looked at, and how far it was
    std::size_t scanned = 0;
    std::size_t empty_line_bytes = 0;
    std::size_t host_fields = 0;
    std::size_t length_fields = 0;
    std::uint64_t body_bytes = 0;
    std::uint64_t body_bytes_max = 0;
    bool started = false;
    bool head_done = false;
    bool expects = false;
    bool expectation_ok = true;
    bool sink_waits = false;
    bool waits_for_line = false;  // the end of a chunk's size line or of the trailers is awaited
    bool refused_by_sink = false;
};

// Beast's parser, telling what it finds. A callback refuses by setting the refusal and any error.
class RequestParser::Reader final : public bhttp::basic_parser<true> {
public:
    Reader(const ParserLimits& limits, Message& message) : limits_(limits), message_(message) {
        eager(false);  // stop after the head
        body_limit(boost::none);
        header_limit(UINT32_MAX);  // limits are kept here, over the whole head
    }

private:
    using Code = beast::error_code;
    using View = beast::string_view;

    void stop(const Refusal& refusal, Code& code) {
        message_.refusal = refusal;
        code = bhttp::error::bad_value;
    }

    void on_request_impl(bhttp::verb /*verb*/, View method, View target, int version, Code& code) override {
        if (target.size() > limits_.target_bytes) return stop(kLongTarget, code);
        message_.request.method = to_std(method);
        message_.request.target = to_std(target);
        message_.framing.http_1_0 = version == 10;
        message_.framing.head_method = message_.request.method == "HEAD";
    }

    void on_field_impl(field name, View name_text, View value, Code& code) override {
        if (message_.head_done) return;  // trailers are read and dropped: no field may come after what it governs
        if (message_.request.headers.size() >= limits_.header_fields) return stop(kLongHead, code);
        const Refusal refusal = note_field(name, to_std(name_text), to_std(value));
        if (refusal.status != 0) return stop(refusal, code);
        if (message_.request.headers.empty()) message_.request.headers.reserve(kHeaderFieldsUsual);
        message_.request.headers.push_back({std::string(name_text), std::string(value)});
    }

    // What the server itself needs to know of a field.
    Refusal note_field(field name, std::string_view name_text, std::string_view value) {
        if (name == field::host) {
            ++message_.host_fields;
            return is_host(value) ? Refusal{} : kBadHost;
        }
        if (name == field::content_length) {
            return ++message_.length_fields > 1 || !std::ranges::all_of(value, is_decimal) ? kBadLength : Refusal{};
        }
        if (name == field::transfer_encoding) {
            if (message_.framing.http_1_0) return kBadLength;
            return equal_ignoring_case(value, "chunked") ? Refusal{} : kBadCoding;
        }
        if (name == field::expect) {
            message_.expects = true;
            message_.expectation_ok = message_.expectation_ok && equal_ignoring_case(value, "100-continue");
        } else if (name == field::accept_encoding) {
            if (!message_.accept_encoding.empty()) message_.accept_encoding += ',';
            message_.accept_encoding += value;
        } else if (name == field::unknown && message_.request.request_id.empty() &&
                   equal_ignoring_case(name_text, "X-Request-Id") && is_request_id(value)) {
            message_.request.request_id = value;
        }
        return {};
    }

    std::size_t on_body_impl(View piece, Code& code) override {
        message_.body_bytes += piece.size();
        if (!message_.request.sink) {
            message_.request.body += to_std(piece);
            return piece.size();
        }
        const BodySink::Take take = message_.request.sink->take(to_std(piece));
        message_.sink_waits = take == BodySink::Take::wait;
        if (take == BodySink::Take::refuse) {
            message_.refused_by_sink = true;
            stop(kSinkRefused, code);
        }
        return piece.size();
    }

    void on_chunk_header_impl(std::uint64_t size, View extensions, Code& code) override {
        if (extensions.size() > kChunkExtensionBytesMax) return stop(kBadSyntax, code);
        if (size > message_.body_bytes_max - message_.body_bytes) stop(kLongBody, code);
    }

    std::size_t on_chunk_body_impl(std::uint64_t /*remaining*/, View piece, Code& code) override {
        return on_body_impl(piece, code);
    }

    void on_header_impl(Code& /*code*/) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/, Code& /*code*/) override {}
    void on_finish_impl(Code& /*code*/) override {}
    void on_response_impl(int /*status*/, View /*reason*/, int /*version*/, Code& /*code*/) override {}

    const ParserLimits& limits_;
    Message& message_;
};

class RequestParser::Core {
public:
    explicit Core(const ParserLimits& limits) : limits_(limits) { reset(); }

    void reset() {
        message_ = {};
        reader_.emplace(limits_, message_);
    }

    ParseEvent feed(std::string_view bytes, std::size_t& consumed) {
        consumed = 0;
        if (message_.head_done) return feed_body(bytes, consumed);
        skip_empty_lines(bytes, consumed);
        const std::string_view rest = bytes.substr(consumed);
        const bool may_be_empty_line = !message_.started && message_.empty_line_bytes < kEmptyLineBytesMax;
        if (rest.empty() || (rest == "\r" && may_be_empty_line)) return ParseEvent::need_more;
        message_.started = true;
        return feed_head(rest, consumed);
    }

    ParseEvent take_body(std::uint64_t bytes_max, std::shared_ptr<BodySink> sink) {
        message_.body_bytes_max = bytes_max;
        message_.request.sink = std::move(sink);
        const auto length = message_.framing.content_length;
        if (length.value_or(0) > bytes_max) return refuse(kLongBody);
        if (!message_.request.sink && length) {
            message_.request.body.reserve(std::min<std::size_t>(*length, kBodyReserveBytesMax));
        }
        reader_->eager(true);
        return ParseEvent::need_more;
    }

    [[nodiscard]] Message& message() { return message_; }
    [[nodiscard]] bool done() const { return reader_->is_done(); }

private:
    ParseEvent refuse(const Refusal& refusal) {
        message_.refusal = refusal;
        return ParseEvent::refused;
    }

    void skip_empty_lines(std::string_view bytes, std::size_t& consumed) {
        while (!message_.started && message_.empty_line_bytes < kEmptyLineBytesMax &&
               bytes.substr(consumed, 2) == "\r\n") {
            consumed += 2;
            message_.empty_line_bytes += 2;
        }
    }

    // Beast gets the head in one piece: then its outcome cannot depend on how the bytes arrived.
    ParseEvent feed_head(std::string_view bytes, std::size_t& consumed) {
        if (message_.line_start == 0 && !begins_like_a_request(bytes)) return refuse(kBadSyntax);
        std::size_t head_bytes = 0;
        if (const Refusal refusal = find_head_end(bytes, head_bytes); refusal.status != 0) return refuse(refusal);
        if (head_bytes == 0) return ParseEvent::need_more;
        beast::error_code code;
        const std::size_t read = reader_->put({bytes.data(), head_bytes}, code);
        consumed += read;
        if (code || read != head_bytes) return refuse(failure(code, bytes.substr(0, head_bytes)));
        message_.head_done = true;
        return finish_head();
    }

    // So that foreign protocols (a TLS hello) are not waited for to send a line end.
    [[nodiscard]] static bool begins_like_a_request(std::string_view bytes) {
        const std::string_view method = bytes.substr(0, std::min(bytes.find(' '), kMethodBytesMax + 1));
        return method.size() <= kMethodBytesMax && std::ranges::all_of(method, is_token_char);
    }

    // Looks at line ends only: bare LF is refused, the first empty line ends the head. `head_bytes` stays 0 before it.
    Refusal find_head_end(std::string_view bytes, std::size_t& head_bytes) {
        for (;;) {
            const std::size_t limit =
                message_.line_start == 0 ? limits_.target_bytes + kRequestLineExtraBytes : limits_.header_bytes;
            const std::size_t end = bytes.find('\n', message_.scanned);
            if (std::min(end, bytes.size()) > limit) return message_.line_start == 0 ? kLongTarget : kLongHead;
            if (end == std::string_view::npos) {
                message_.scanned = bytes.size();
                return {};
            }
            if (end == 0 || bytes[end - 1] != '\r') return kBadSyntax;
            const bool empty = end - message_.line_start == 1;
            message_.line_start = message_.scanned = end + 1;
            if (empty) {
                head_bytes = end + 1;
                return {};
            }
        }
    }

    [[nodiscard]] Refusal failure(const beast::error_code& code, std::string_view head) const {
        if (message_.refusal.status != 0) return message_.refusal;
        if (code == bhttp::error::bad_version && names_other_version(head)) return kBadVersion;
        if (code == bhttp::error::header_limit) return kLongHead;
        if (code == bhttp::error::multiple_content_length || code == bhttp::error::bad_transfer_encoding) {
            return kBadLength;
        }
        return kBadSyntax;
    }

    ParseEvent finish_head() {
        Framing& framing = message_.framing;
        framing.keep_alive = reader_->keep_alive();
        framing.has_body = !reader_->is_done();
        if (message_.length_fields > 0) framing.content_length = *reader_->content_length();
        if (!message_.accept_encoding.empty()) framing.coding = choose_coding(message_.accept_encoding);
        framing.expects_continue = message_.expects && framing.has_body && !framing.http_1_0;
        if (const Refusal refusal = check_head(); refusal.status != 0) {
            message_.refusal = refusal;
            message_.refusal.closes = refusal.closes || framing.has_body;
            return ParseEvent::refused;
        }
        return framing.has_body ? ParseEvent::head : ParseEvent::complete;
    }

    Refusal check_head() {
        Request& request = message_.request;
        if (message_.host_fields > 1 || (message_.host_fields == 0 && !message_.framing.http_1_0)) return kBadHost;
        if (!is_known_method(request.method)) return kBadMethod;
        if (!message_.expectation_ok && !message_.framing.http_1_0) return kBadExpectation;
        return split_target(request.target, request.method == "OPTIONS", request.path, request.query) ? Refusal{}
                                                                                                      : kBadTarget;
    }

    ParseEvent feed_body(std::string_view bytes, std::size_t& consumed) {
        if (bytes.empty()) return ParseEvent::need_more;
        // Once Beast has seen the last chunk's size line it wants at least the five bytes that end a body.
        constexpr std::size_t kEndBytesMin = 5;
        consumed = 0;
        const std::size_t zeros = bytes.find_first_not_of('0');
        const bool is_last_chunk = zeros > 0 && zeros != std::string_view::npos && bytes.substr(zeros, 2) == "\r\n";
        if (message_.waits_for_line && is_last_chunk && bytes.size() < kEndBytesMin) return ParseEvent::need_more;
        message_.sink_waits = false;
        beast::error_code code;
        consumed = reader_->put({bytes.data(), bytes.size()}, code);
        message_.waits_for_line = !message_.framing.content_length && consumed < bytes.size();
        if (code && code != bhttp::error::need_more) return refuse(failure(code, {}));
        if (reader_->is_done()) return ParseEvent::complete;
        // Only a chunk's size line and the trailers wait for their end.
        return bytes.size() - consumed > limits_.header_bytes ? refuse(kLongHead) : ParseEvent::need_more;
    }

    ParserLimits limits_;
    Message message_;
    std::optional<Reader> reader_;  // serves one message, then a new one is made in place
};

RequestParser::RequestParser(ParserLimits limits) : core_(std::make_unique<Core>(limits)) {}
RequestParser::~RequestParser() = default;
void RequestParser::reset() { core_->reset(); }
ParseEvent RequestParser::feed(std::string_view bytes, std::size_t& consumed) { return core_->feed(bytes, consumed); }
ParseEvent RequestParser::take_body(std::uint64_t bytes_max, std::shared_ptr<BodySink> sink) {
    return core_->take_body(bytes_max, std::move(sink));
}
Request& RequestParser::request() { return core_->message().request; }
const Framing& RequestParser::framing() const { return core_->message().framing; }
const Refusal& RequestParser::refusal() const { return core_->message().refusal; }
bool RequestParser::started() const { return core_->message().started; }
bool RequestParser::in_body() const { return core_->message().head_done && !core_->done(); }
bool RequestParser::sink_waits() const { return core_->message().sink_waits; }
bool RequestParser::refused_by_sink() const { return core_->message().refused_by_sink; }
std::uint64_t RequestParser::body_bytes() const { return core_->message().body_bytes; }

}  // namespace firstline::http
