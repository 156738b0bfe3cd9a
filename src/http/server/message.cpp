#include "http/server/message.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace firstline::http {
namespace {

class PulledSource final : public BodySource {
public:
    PulledSource(std::optional<std::uint64_t> size, ReadPiece read) : size_(size), read_(std::move(read)) {}
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }
    std::optional<std::size_t> read(std::span<char> room) override { return read_(room); }

private:
    std::optional<std::uint64_t> size_;
    ReadPiece read_;
};

class FileSource final : public BodySource {
public:
    FileSource(int file, std::uint64_t at, std::uint64_t bytes) : file_(file), at_(at), bytes_(bytes), left_(bytes) {}
    ~FileSource() override { ::close(file_); }
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return bytes_; }

    std::optional<std::size_t> read(std::span<char> room) override {
        const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), left_));
        if (wanted == 0) return 0;
        ssize_t got = 0;
        do {
            got = ::pread(file_, room.data(), wanted, static_cast<off_t>(at_));
        } while (got < 0 && errno == EINTR);
        if (got <= 0) return std::nullopt;  // an error, or the file has been cut short
        at_ += static_cast<std::uint64_t>(got);
        left_ -= static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
    }

private:
    int file_;
    std::uint64_t at_;
    std::uint64_t bytes_;
    std::uint64_t left_;
};

void append_json_text(std::string& out, std::string_view text) {
    out.push_back('"');
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (byte < 0x20) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

Response BodySink::refusal(std::string_view request_id) {
    return problem(500, "server.internal", "The upload could not be stored.", request_id);
}

void BodySink::resume() {
    std::function<void()> wake;
    {
        const std::lock_guard lock(mutex_);
        wake = wake_;
    }
    if (wake) wake();
}

void BodySink::on_resume(std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
}

std::shared_ptr<BodySource> pulled_source(std::optional<std::uint64_t> size, ReadPiece read) {
    return std::make_shared<PulledSource>(size, std::move(read));
}

Result<std::shared_ptr<BodySource>> file_source(const std::filesystem::path& path, std::uint64_t offset,
                                                std::optional<std::uint64_t> bytes) {
    const auto unreadable = [](std::string_view why) {
        return fail(ErrorKind::not_found, "file.unreadable", fmt::format("The file cannot be read: {}.", why));
    };
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return unreadable("it cannot be opened");
    struct stat about{};
    if (::fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        ::close(file);
        return unreadable("it is no regular file");
    }
    const auto size = static_cast<std::uint64_t>(about.st_size);
    if (offset > size || (bytes && *bytes > size - offset)) {
        ::close(file);
        return unreadable("it is shorter than the range");
    }
    ::posix_fadvise(file, static_cast<off_t>(offset), 0, POSIX_FADV_SEQUENTIAL);
    return std::make_shared<FileSource>(file, offset, bytes.value_or(size - offset));
}

std::string_view Request::header(std::string_view name) const {
    for (const Header& field : headers) {
        if (equal_ignoring_case(field.name, name)) return field.value;
    }
    return {};
}

Response problem(unsigned status, std::string_view code, std::string_view detail, std::string_view request_id) {
    Response response{.status = status, .content_type = "application/problem+json"};
    std::string& out = response.body;
    fmt::format_to(std::back_inserter(out), R"({{"type":"about:blank","title":"{}","status":{},"code":)",
                   reason_phrase(status), status);
    append_json_text(out, code);
    out += R"(,"detail":)";
    append_json_text(out, detail);
    out += R"(,"request_id":)";
    append_json_text(out, request_id);
    out.push_back('}');
    return response;
}

std::string_view reason_phrase(unsigned status) {
    struct Row {
        unsigned status;
        std::string_view phrase;
    };
    // RFC 9110 §15, RFC 6585.
    static constexpr Row kPhrases[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {416, "Range Not Satisfiable"},
        {417, "Expectation Failed"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
        {507, "Insufficient Storage"},
    };
    const auto* const row = std::ranges::lower_bound(kPhrases, status, {}, &Row::status);
    return row != std::end(kPhrases) && row->status == status ? row->phrase : "Unknown";
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char left, char right) { return lower(left) == lower(right); });
}

}  // namespace firstline::http
