#include "http/server/wire/content_coding.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "http/server/limits.hpp"

namespace firstline::http {
namespace {

constexpr int kGzipWindowBits = 15 + 16;  // zlib's way to ask for a gzip wrapper
constexpr int kGzipMemoryLevel = 8;
constexpr unsigned kPartialContent = 206;
constexpr unsigned kQualityOne = 1000;  // q-values in thousandths

std::string_view trimmed(std::string_view text) {
    const auto is_blank_char = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_blank_char(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank_char(text.back())) text.remove_suffix(1);
    return text;
}

// Cuts the next part off the front of `rest`.
std::string_view next_part(std::string_view& rest, char separator) {
    const std::size_t end = std::min(rest.find(separator), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return trimmed(part);
}

// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ); 0 for anything else, so nobody gets what he may not read.
unsigned quality_of(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
    unsigned value = text[0] == '1' ? kQualityOne : 0;
    if (text.size() == 1) return value;
    if (text[1] != '.') return 0;
    unsigned weight = kQualityOne / 10;
    for (const char c : text.substr(2)) {
        if (c < '0' || c > '9') return 0;
        value += weight * static_cast<unsigned>(c - '0');
        weight /= 10;
    }
    return value <= kQualityOne ? value : 0;
}

struct Offer {
    std::string_view coding;
    unsigned quality;
};

Offer parse_offer(std::string_view part) {
    Offer offer{next_part(part, ';'), kQualityOne};
    while (!part.empty()) {
        const std::string_view parameter = next_part(part, ';');
        if (parameter.size() >= 2 && (parameter[0] == 'q' || parameter[0] == 'Q') && parameter[1] == '=') {
            offer.quality = quality_of(trimmed(parameter.substr(2)));
        }
    }
    return offer;
}

// zlib's state is 256 kB: one a thread, kept from answer to answer.
class Deflater {
public:
    Deflater() {
        ready_ = deflateInit2(&stream_, kGzipLevel, Z_DEFLATED, kGzipWindowBits, kGzipMemoryLevel,
                              Z_DEFAULT_STRATEGY) == Z_OK;
    }
    ~Deflater() {
        if (ready_) deflateEnd(&stream_);
    }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    bool compress(std::string_view body, std::string& out) {
        if (!ready_ || body.size() > std::numeric_limits<uInt>::max() || deflateReset(&stream_) != Z_OK) return false;
        out.resize(deflateBound(&stream_, static_cast<uLong>(body.size())));
        // zlib never writes to its input; the const is missing in its C interface.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
        stream_.avail_in = static_cast<uInt>(body.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) return false;
        out.resize(out.size() - stream_.avail_out);
        return true;
    }

private:
    z_stream stream_{};
    bool ready_ = false;
};

bool compress_brotli(std::string_view body, std::string& out) {
    std::size_t size = BrotliEncoderMaxCompressedSize(body.size());
    if (size == 0) return false;
    out.resize(size);
    // A window just over the body: the encoder's tables grow with it.
    int window_bits = BROTLI_MIN_WINDOW_BITS;
    while (window_bits < BROTLI_DEFAULT_WINDOW && (std::size_t{1} << window_bits) < body.size()) ++window_bits;
    if (BrotliEncoderCompress(kBrotliQuality, window_bits, BROTLI_MODE_TEXT, body.size(),
                              reinterpret_cast<const std::uint8_t*>(body.data()), &size,
                              reinterpret_cast<std::uint8_t*>(out.data())) != BROTLI_TRUE) {
        return false;
    }
    out.resize(size);
    return true;
}

// The answer depends on what the client accepts; said once, however often a body passes here.
void vary_by_encoding(Response& response) {
    static constexpr std::string_view kField = "Accept-Encoding";
    const auto vary = std::ranges::find_if(response.headers,
                                           [](const Header& field) { return equal_ignoring_case(field.name, "Vary"); });
    if (vary == response.headers.end()) {
        response.headers.push_back({"Vary", std::string(kField)});
        return;
    }
    for (std::string_view rest = vary->value; !rest.empty();) {
        const std::string_view named = next_part(rest, ',');
        if (named == "*" || equal_ignoring_case(named, kField)) return;
    }
    vary->value += ", ";
    vary->value += kField;
}

bool has_header(const Response& response, std::string_view name) {
    return std::ranges::any_of(response.headers,
                               [&](const Header& field) { return equal_ignoring_case(field.name, name); });
}

}  // namespace

ContentCoding choose_coding(std::string_view accept_encoding) {
    std::optional<unsigned> br;
    std::optional<unsigned> gzip;
    std::optional<unsigned> identity;
    std::optional<unsigned> any;
    for (std::string_view rest = accept_encoding; !rest.empty();) {
        const Offer offer = parse_offer(next_part(rest, ','));
        if (equal_ignoring_case(offer.coding, "br")) {
            br = offer.quality;
        } else if (equal_ignoring_case(offer.coding, "gzip") || equal_ignoring_case(offer.coding, "x-gzip")) {
            gzip = offer.quality;
        } else if (equal_ignoring_case(offer.coding, "identity")) {
            identity = offer.quality;
        } else if (offer.coding == "*") {
            any = offer.quality;
        }
    }
    const unsigned br_quality = br.value_or(any.value_or(0));
    const unsigned gzip_quality = gzip.value_or(any.value_or(0));
    const unsigned best = std::max(br_quality, gzip_quality);
    // Identity is acceptable unasked, but preferred only by a client that says so.
    if (best == 0 || (identity && *identity > best)) return ContentCoding::identity;
    return br_quality >= gzip_quality ? ContentCoding::br : ContentCoding::gzip;
}

bool is_compressible(std::string_view content_type) {
    const std::string_view type = next_part(content_type, ';');
    if (equal_ignoring_case(type, "text/event-stream")) return false;
    if (type.size() > 5 && equal_ignoring_case(type.substr(0, 5), "text/")) return true;
    static constexpr std::array<std::string_view, 7> kTypes{
        "application/json",    "application/problem+json",  "application/javascript", "application/x-javascript",
        "application/ld+json", "application/manifest+json", "image/svg+xml",
    };
    return std::ranges::any_of(kTypes, [&](std::string_view known) { return equal_ignoring_case(type, known); });
}

std::optional<std::string> compress(std::string_view body, ContentCoding coding) {
    std::string out;
    bool done = false;
    switch (coding) {
        case ContentCoding::identity: return std::nullopt;
        case ContentCoding::gzip: {
            thread_local Deflater deflater;
            done = deflater.compress(body, out);
            break;
        }
        case ContentCoding::br: done = compress_brotli(body, out); break;
    }
    if (!done || out.size() >= body.size()) return std::nullopt;
    return out;
}

void encode_body(Response& response, ContentCoding coding) {
    if (response.body.size() <= kCompressBytesMin || response.stream || response.source) return;
    if (response.status == kPartialContent) return;  // its range is of the bytes as they are
    if (!is_compressible(response.content_type) || has_header(response, "Content-Encoding")) return;
    vary_by_encoding(response);
    if (auto packed = compress(response.body, coding)) {
        response.body = std::move(*packed);
        response.headers.push_back({"Content-Encoding", coding == ContentCoding::br ? "br" : "gzip"});
    }
}

}  // namespace firstline::http
