// The port for attachments' bytes, found by their SHA-256 (storage.md §5). Rows that refer to them are changes of their
// own.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/crypto.hpp"
#include "base/result.hpp"

namespace firstline::app {

struct BlobInfo {
    Sha256 sha256{};
    std::int64_t size = 0;  // bytes
};

// One upload, one thread at a time. Destroyed without `finish` it leaves nothing behind.
class BlobUpload {
public:
    virtual ~BlobUpload() = default;
    // Errors: `attachment.too_large` beyond the size given to `begin`, `storage.unavailable`.
    virtual Status append(std::string_view bytes) = 0;
    // The bytes are durable when this returns; the same bytes twice are stored once. Call once.
    virtual Result<BlobInfo> finish() = 0;
};

// Pulls a blob's bytes in order; one thread at a time.
class BlobReader {
public:
    virtual ~BlobReader() = default;
    [[nodiscard]] virtual std::int64_t size() const = 0;
    // Fills the front of `buffer`; the number of bytes put there, 0 at the end. Error `storage.unavailable`.
    virtual Result<std::size_t> read(std::span<char> buffer) = 0;
};

class BlobStore {
public:
    virtual ~BlobStore() = default;
    virtual Result<std::unique_ptr<BlobUpload>> begin(std::int64_t size_max) = 0;
    // Error `attachment.not_found`.
    virtual Result<std::unique_ptr<BlobReader>> open(const Sha256& sha256) = 0;
    // Removing what is not there is no error. Error `storage.busy` while a backup runs: again later.
    virtual Status remove(const Sha256& sha256) = 0;
    // What the column blob.place says of this store's blobs: "file" or "rows".
    [[nodiscard]] virtual std::string_view place() const = 0;
};

}  // namespace firstline::app
