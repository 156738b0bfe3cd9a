// Plain files that survive a power loss: written, fsynced, renamed, their directory fsynced (storage.md §2, §5).
// Never for a database file that SQLite has open: closing a descriptor of it drops SQLite's locks.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/crypto.hpp"
#include "base/result.hpp"

namespace firstline::storage::sqlite {

// A descriptor that closes itself. Errors of all members: `storage.unavailable`.
class File {
public:
    [[nodiscard]] static Result<File> open_to_read(const std::string& path);
    [[nodiscard]] static Result<File> make(const std::string& path);  // new, mode 0600; fails where it exists
    File() = default;
    ~File();
    File(File&& other) noexcept : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
    File& operator=(File&& other) noexcept;

    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer);  // 0 at the end
    [[nodiscard]] Status write(std::string_view bytes);
    [[nodiscard]] Status sync();
    [[nodiscard]] Result<std::int64_t> size() const;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    File(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
    std::string path_;
    int descriptor_ = -1;
};

struct FileSum {
    Sha256 sha256{};
    std::int64_t size = 0;
};

[[nodiscard]] Result<FileSum> sum_of(const std::string& path);
// Copies to a new file, fsyncs it, tells what was copied.
[[nodiscard]] Result<FileSum> copy_durably(const std::string& from, const std::string& to);
[[nodiscard]] Status write_durably(const std::string& path, std::string_view bytes);  // a new file
[[nodiscard]] Status sync_file(const std::string& path);
[[nodiscard]] Status sync_directory(const std::string& path);
[[nodiscard]] Status rename_durably(const std::string& from, const std::string& to);  // within one directory
[[nodiscard]] Result<std::string> read_whole(const std::string& path);
// Makes the directory (0700) where it is missing. Error `storage.not_empty` where it holds anything but `allowed`.
[[nodiscard]] Status take_empty_directory(const std::string& path, std::string_view allowed = {});

}  // namespace firstline::storage::sqlite
