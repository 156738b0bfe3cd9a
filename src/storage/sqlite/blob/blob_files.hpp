// Attachments' bytes as files DIR/blobs/<SHA-256 in hex> (storage.md §5): temp file in the same directory, hash while
// streaming, fsync, rename to the hash, fsync the directory.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/port/blob.hpp"

namespace firstline::storage::sqlite {

class BlobFiles;

// While it lives no blob is removed; a backup holds one. Must not outlive its BlobFiles.
class BlobHold {
public:
    explicit BlobHold(BlobFiles& files);
    ~BlobHold();
    BlobHold(const BlobHold&) = delete;
    BlobHold& operator=(const BlobHold&) = delete;

private:
    BlobFiles& files_;
};

// Any thread. The data directory's lock is held by the store.
class BlobFiles final : public app::BlobStore {
public:
    // Makes DIR/blobs where it is missing and removes uploads that a crash left unfinished. Error
    // `storage.unavailable`.
    [[nodiscard]] static Result<std::unique_ptr<BlobFiles>> open(const std::string& directory);

    Result<std::unique_ptr<app::BlobUpload>> begin(std::int64_t size_max) override;
    Result<std::unique_ptr<app::BlobReader>> open(const Sha256& sha256) override;
    Status remove(const Sha256& sha256) override;
    [[nodiscard]] std::string_view place() const override { return "file"; }

    [[nodiscard]] std::unique_ptr<BlobHold> hold() { return std::make_unique<BlobHold>(*this); }
    // The finished blobs' names, in no order.
    [[nodiscard]] Result<std::vector<std::string>> names() const;
    [[nodiscard]] std::string path_of(const std::string& name) const { return directory_ + "/" + name; }

private:
    friend class BlobHold;
    explicit BlobFiles(std::string directory) : directory_(std::move(directory)) {}
    const std::string directory_;
    std::mutex mutex_;
    int holds_ = 0;
};

}  // namespace firstline::storage::sqlite
