#include "storage/sqlite/connection/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace firstline::storage::sqlite {
namespace {

std::string holder_of(int descriptor) {
    std::array<char, 24> text{};
    const ssize_t size = ::pread(descriptor, text.data(), text.size() - 1, 0);
    std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!pid.empty() && pid.back() == '\n') pid.pop_back();
    return pid.empty() ? std::string() : " (process " + pid + ")";
}

tl::unexpected<Error> unavailable(const std::string& what) {
    return fail(ErrorKind::unavailable, "storage.unavailable", what + ": " + std::strerror(errno));
}

}  // namespace

Result<LockFile> LockFile::take(const std::string& directory) {
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
        return unavailable("cannot make the directory " + directory);
    const std::string path = directory + "/lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return unavailable("cannot open " + path);
    LockFile lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return unavailable("cannot lock " + path);
        return fail(ErrorKind::unavailable, "storage.in_use",
                    "the data directory " + directory + " is in use by another firstline" + holder_of(descriptor) +
                        ": stop it first, or give this one a directory of its own");
    }
    const std::string pid = std::to_string(::getpid()) + "\n";
    // Only for the message above; the lock holds without it.
    if (::ftruncate(descriptor, 0) == 0) [[maybe_unused]]
        const ssize_t written = ::pwrite(descriptor, pid.data(), pid.size(), 0);
    return lock;
}

LockFile::~LockFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}
LockFile::LockFile(LockFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
LockFile& LockFile::operator=(LockFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

}  // namespace firstline::storage::sqlite
