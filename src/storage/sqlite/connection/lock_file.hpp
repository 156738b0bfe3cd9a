// DIR/lock: one process a directory (storage.md §2).
#pragma once

#include <string>

#include "base/result.hpp"

namespace firstline::storage::sqlite {

// Holds the lock for its life; the kernel releases it at any death of the process.
class LockFile {
public:
    // Makes the directory where it is missing (0700). Errors: `storage.in_use` (another process has the directory),
    // `storage.unavailable`.
    [[nodiscard]] static Result<LockFile> take(const std::string& directory);
    LockFile() = default;
    ~LockFile();
    LockFile(LockFile&& other) noexcept;
    LockFile& operator=(LockFile&& other) noexcept;

private:
    explicit LockFile(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace firstline::storage::sqlite
