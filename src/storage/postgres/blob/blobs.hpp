// Attachments' bytes as rows of 256 kB (storage.md §5 "Attachments"): every node sees them, the database's backup holds
// them.
#pragma once

#include <memory>

#include "app/port/blob.hpp"
#include "storage/postgres/read/reader.hpp"

namespace firstline::storage::postgres {

class RowBlobStore final : public app::BlobStore {
public:
    explicit RowBlobStore(ReaderPool& pool) : pool_(pool) {}
    // An upload is spooled into a nameless temporary file, so that no connection waits for a slow sender.
    Result<std::unique_ptr<app::BlobUpload>> begin(std::int64_t size_max) override;
    Result<std::unique_ptr<app::BlobReader>> open(const Sha256& sha256) override;
    Status remove(const Sha256& sha256) override;
    [[nodiscard]] std::string_view place() const override { return "rows"; }

private:
    ReaderPool& pool_;
};

}  // namespace firstline::storage::postgres
