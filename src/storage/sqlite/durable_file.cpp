#include "storage/sqlite/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

namespace firstline::storage::sqlite {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;

tl::unexpected<Error> unavailable(const std::string& what, const std::string& path) {
    return fail(ErrorKind::unavailable, "storage.unavailable", what + " " + path + ": " + std::strerror(errno));
}

std::string directory_of(const std::string& path) {
    const std::string directory = std::filesystem::path(path).parent_path().string();
    return directory.empty() ? "." : directory;
}

// Hands every piece of a file to `take`.
Result<FileSum> for_each_piece(const std::string& path, const std::function<Status(std::string_view)>& take) {
    TRY(File file, File::open_to_read(path));
    Sha256Stream hash;
    FileSum sum;
    std::vector<char> buffer(kPieceBytes);
    while (true) {
        TRY(const std::size_t count, file.read(buffer));
        if (count == 0) break;
        const std::string_view piece(buffer.data(), count);
        hash.add(piece);
        sum.size += static_cast<std::int64_t>(count);
        CHECK_OK(take(piece));
    }
    sum.sha256 = hash.finish();
    return sum;
}

}  // namespace

Result<File> File::open_to_read(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return unavailable("cannot open", path);
    return File(path, descriptor);
}

Result<File> File::make(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return unavailable("cannot make", path);
    return File(path, descriptor);
}

File::~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

File& File::operator=(File&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

Result<std::size_t> File::read(std::span<char> buffer) {
    while (true) {
        const ssize_t count = ::read(descriptor_, buffer.data(), buffer.size());
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR) return unavailable("cannot read", path_);
    }
}

Status File::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return unavailable("cannot write", path_);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Status File::sync() {
    if (::fsync(descriptor_) != 0) return unavailable("cannot fsync", path_);
    return {};
}

Result<std::int64_t> File::size() const {
    struct stat found{};
    if (::fstat(descriptor_, &found) != 0) return unavailable("cannot stat", path_);
    return std::int64_t{found.st_size};
}

Result<FileSum> sum_of(const std::string& path) {
    return for_each_piece(path, [](std::string_view) -> Status { return {}; });
}

Result<FileSum> copy_durably(const std::string& from, const std::string& to) {
    TRY(File target, File::make(to));
    TRY(const FileSum sum, for_each_piece(from, [&](std::string_view piece) { return target.write(piece); }));
    CHECK_OK(target.sync());
    return sum;
}

Status write_durably(const std::string& path, std::string_view bytes) {
    TRY(File file, File::make(path));
    CHECK_OK(file.write(bytes));
    CHECK_OK(file.sync());
    return sync_directory(directory_of(path));
}

Status sync_file(const std::string& path) {
    TRY(File file, File::open_to_read(path));
    return file.sync();
}

Status sync_directory(const std::string& path) { return sync_file(path); }

Status rename_durably(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) return unavailable("cannot rename " + from + " to", to);
    return sync_directory(directory_of(to));
}

Result<std::string> read_whole(const std::string& path) {
    std::string whole;
    TRY([[maybe_unused]] const FileSum sum, for_each_piece(path, [&](std::string_view piece) -> Status {
            whole += piece;
            return {};
        }));
    return whole;
}

Status take_empty_directory(const std::string& path, std::string_view allowed) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return unavailable("cannot make", path);
    std::error_code error;
    for (const auto& found : std::filesystem::directory_iterator(path, error)) {
        if (found.path().filename() == allowed) continue;
        return fail(ErrorKind::exists, "storage.not_empty",
                    "the directory " + path + " is not empty: it holds " + found.path().filename().string());
    }
    if (error)
        return fail(ErrorKind::unavailable, "storage.unavailable", "cannot list " + path + ": " + error.message());
    return {};
}

}  // namespace firstline::storage::sqlite
