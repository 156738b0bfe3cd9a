#include "intake/table/bytes.hpp"

#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

namespace firstline::intake::table {
namespace {

constexpr std::size_t kPackedBlock = 128 * 1024;
// A frame that wants more memory for its window is none that a tool makes unasked.
constexpr int kZstdWindowLogMax = 27;
constexpr int kGzipWindow = 15 + 16;  // 32 kB, gzip's own head

tl::unexpected<Error> unreadable(std::string detail) {
    return fail(ErrorKind::malformed, "import.unreadable", std::move(detail));
}

class File final : public Bytes {
public:
    File(std::FILE* file, std::string path) : file_(file), path_(std::move(path)) {
        struct stat info{};
        if (::fstat(::fileno(file_), &info) == 0 && S_ISREG(info.st_mode)) total_ = info.st_size;
    }
    ~File() override { std::fclose(file_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    Result<std::size_t> read(std::span<char> buffer) override {
        const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file_);
        if (count == 0 && std::ferror(file_) != 0)
            return unreadable(path_ + " cannot be read: " + std::strerror(errno) + ".");
        read_ += static_cast<std::int64_t>(count);
        return count;
    }
    [[nodiscard]] std::int64_t bytes_read() const override { return read_; }
    [[nodiscard]] std::int64_t bytes_total() const override { return total_; }

private:
    std::FILE* file_;
    std::string path_;
    std::int64_t read_ = 0, total_ = 0;
};

class Memory final : public Bytes {
public:
    explicit Memory(std::string bytes) : bytes_(std::move(bytes)) {}
    Result<std::size_t> read(std::span<char> buffer) override {
        const std::size_t count = std::min(buffer.size(), bytes_.size() - at_);
        std::memcpy(buffer.data(), bytes_.data() + at_, count);
        at_ += count;
        return count;
    }
    [[nodiscard]] std::int64_t bytes_read() const override { return static_cast<std::int64_t>(at_); }
    [[nodiscard]] std::int64_t bytes_total() const override { return static_cast<std::int64_t>(bytes_.size()); }

private:
    std::string bytes_;
    std::size_t at_ = 0;
};

// Gives back what was read to look at the first bytes, then the rest.
class Peeked final : public Bytes {
public:
    explicit Peeked(std::unique_ptr<Bytes> inner) : inner_(std::move(inner)) {}
    Result<std::string_view> peek(std::size_t count) {
        while (head_.size() < count) {
            std::array<char, 16> some{};
            TRY(const std::size_t got, inner_->read(std::span(some).first(count - head_.size())));
            if (got == 0) break;
            head_.append(some.data(), got);
        }
        return std::string_view(head_);
    }
    Result<std::size_t> read(std::span<char> buffer) override {
        if (at_ == head_.size()) return inner_->read(buffer);
        const std::size_t count = std::min(buffer.size(), head_.size() - at_);
        std::memcpy(buffer.data(), head_.data() + at_, count);
        at_ += count;
        return count;
    }
    [[nodiscard]] std::int64_t bytes_read() const override { return inner_->bytes_read(); }
    [[nodiscard]] std::int64_t bytes_total() const override { return inner_->bytes_total(); }

private:
    std::unique_ptr<Bytes> inner_;
    std::string head_;
    std::size_t at_ = 0;
};

class Gunzip final : public Bytes {
public:
    explicit Gunzip(std::unique_ptr<Bytes> inner) : inner_(std::move(inner)), packed_(kPackedBlock) {
        is_ready_ = ::inflateInit2(&stream_, kGzipWindow) == Z_OK;
    }
    ~Gunzip() override {
        if (is_ready_) ::inflateEnd(&stream_);
    }
    Gunzip(const Gunzip&) = delete;
    Gunzip& operator=(const Gunzip&) = delete;

    Result<std::size_t> read(std::span<char> buffer) override {
        if (!is_ready_) return unreadable("There is no memory to unpack the file.");
        stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream_.avail_out = static_cast<uInt>(buffer.size());
        while (stream_.avail_out == buffer.size()) {
            if (stream_.avail_in == 0) {
                TRY(const std::size_t got, inner_->read(packed_));
                if (got == 0 && is_between_members_) return std::size_t{0};
                if (got == 0) return unreadable("The gzip file ends before its end: it is cut off.");
                stream_.next_in = reinterpret_cast<Bytef*>(packed_.data());
                stream_.avail_in = static_cast<uInt>(got);
            }
            // Several members behind one another are one file.
            if (is_between_members_ && ::inflateReset(&stream_) != Z_OK) return unreadable("The gzip file is broken.");
            is_between_members_ = false;
            const int code = ::inflate(&stream_, Z_NO_FLUSH);
            if (code == Z_STREAM_END) {
                is_between_members_ = true;
            } else if (code != Z_OK && code != Z_BUF_ERROR) {
                return unreadable("The gzip file is broken.");
            }
        }
        return buffer.size() - stream_.avail_out;
    }
    [[nodiscard]] std::int64_t bytes_read() const override { return inner_->bytes_read(); }
    [[nodiscard]] std::int64_t bytes_total() const override { return inner_->bytes_total(); }

private:
    std::unique_ptr<Bytes> inner_;
    std::vector<char> packed_;
    z_stream stream_{};
    bool is_ready_ = false;
    bool is_between_members_ = false;
};

class Unzstd final : public Bytes {
public:
    explicit Unzstd(std::unique_ptr<Bytes> inner)
        : inner_(std::move(inner)), stream_(::ZSTD_createDCtx()), packed_(kPackedBlock) {
        if (stream_ != nullptr) ::ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kZstdWindowLogMax);
    }
    ~Unzstd() override { ::ZSTD_freeDCtx(stream_); }
    Unzstd(const Unzstd&) = delete;
    Unzstd& operator=(const Unzstd&) = delete;

    Result<std::size_t> read(std::span<char> buffer) override {
        if (stream_ == nullptr) return unreadable("There is no memory to unpack the file.");
        ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
        while (out.pos == 0) {
            if (in_.pos == in_.size && !has_more_inside_) {
                TRY(const std::size_t got, inner_->read(packed_));
                if (got == 0 && is_between_frames_) return std::size_t{0};
                if (got == 0) return unreadable("The zstd file ends before its end: it is cut off.");
                in_ = {packed_.data(), got, 0};
            }
            const std::size_t left = ::ZSTD_decompressStream(stream_, &out, &in_);
            if (::ZSTD_isError(left) != 0)
                return unreadable("The zstd file is broken: " + std::string(::ZSTD_getErrorName(left)) + ".");
            is_between_frames_ = left == 0;
            has_more_inside_ = out.pos == out.size;
        }
        return out.pos;
    }
    [[nodiscard]] std::int64_t bytes_read() const override { return inner_->bytes_read(); }
    [[nodiscard]] std::int64_t bytes_total() const override { return inner_->bytes_total(); }

private:
    std::unique_ptr<Bytes> inner_;
    ZSTD_DCtx* stream_;
    std::vector<char> packed_;
    ZSTD_inBuffer in_{nullptr, 0, 0};
    bool is_between_frames_ = true;
    bool has_more_inside_ = false;
};

Result<std::unique_ptr<Bytes>> unpacked(std::unique_ptr<Bytes> raw) {
    constexpr std::string_view kGzip = "\x1f\x8b";
    constexpr std::string_view kZstd = "\x28\xb5\x2f\xfd";
    auto peeked = std::make_unique<Peeked>(std::move(raw));
    TRY(const std::string_view head, peeked->peek(kZstd.size()));
    if (head.starts_with(kGzip)) return std::make_unique<Gunzip>(std::move(peeked));
    if (head == kZstd) return std::make_unique<Unzstd>(std::move(peeked));
    return peeked;
}

}  // namespace

Result<std::unique_ptr<Bytes>> open_file(const std::string& path) {
    std::FILE* file = std::fopen(path.c_str(), "rbe");
    if (file == nullptr) return unreadable(path + " cannot be opened: " + std::strerror(errno) + ".");
    return unpacked(std::make_unique<File>(file, path));
}

Result<std::unique_ptr<Bytes>> from_memory(std::string bytes) {
    return unpacked(std::make_unique<Memory>(std::move(bytes)));
}

}  // namespace firstline::intake::table
