// Bytes of a file as they are meant: plain, or unpacked while reading where it is gzip (RFC 1952) or Zstandard (RFC 8878).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"

namespace firstline::intake::table {

class Bytes {
public:
    virtual ~Bytes() = default;
    // Fills the front of `buffer`; how many bytes it put there, 0 at the end. Error `import.unreadable`.
    virtual Result<std::size_t> read(std::span<char> buffer) = 0;
    // Of the file as it lies on the disk; for progress.
    [[nodiscard]] virtual std::int64_t bytes_read() const = 0;
    [[nodiscard]] virtual std::int64_t bytes_total() const = 0;
};

// By its first bytes, not its name. Error `import.unreadable`: it is not there, or may not be read.
[[nodiscard]] Result<std::unique_ptr<Bytes>> open_file(const std::string& path);
[[nodiscard]] Result<std::unique_ptr<Bytes>> from_memory(std::string bytes);

}  // namespace firstline::intake::table
