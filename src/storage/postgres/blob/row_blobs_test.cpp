// Attachments as rows of 256 kB.
#include <gtest/gtest.h>

#include "storage/postgres/test/test_database.hpp"

namespace firstline::storage::postgres {
namespace {

class RowBlobs : public testing::Test {
protected:
    void SetUp() override {
        SKIP_WITHOUT_POSTGRES();
        database_ = std::make_unique<ScratchDatabase>();
        store_ = open_node({.url = database_->url()});
    }
    Result<app::BlobInfo> put(std::string_view bytes, std::int64_t size_max = 10'000'000) {
        TRY(auto upload, store_->blobs().begin(size_max));
        for (std::size_t at = 0; at < bytes.size(); at += 100'000) CHECK_OK(upload->append(bytes.substr(at, 100'000)));
        return upload->finish();
    }
    Result<std::string> get(const Sha256& sha256) {
        TRY(auto reader, store_->blobs().open(sha256));
        std::string bytes, buffer(77'777, '\0');
        while (true) {
            TRY(const auto count, reader->read(buffer));
            if (count == 0) break;
            bytes.append(buffer, 0, count);
        }
        EXPECT_EQ(static_cast<std::int64_t>(bytes.size()), reader->size());
        return bytes;
    }

    std::unique_ptr<ScratchDatabase> database_;
    std::unique_ptr<PostgresStore> store_;
};

TEST_F(RowBlobs, BytesComeBackWhateverTheirNumber) {
    for (const std::size_t size : {0UL, 1UL, 262'143UL, 262'144UL, 262'145UL, 700'000UL}) {
        const std::string bytes = random_bytes(size);
        const auto info = put(bytes);
        ASSERT_TRUE(info) << info.error().detail;
        EXPECT_EQ(info->sha256, sha256(bytes));
        EXPECT_EQ(info->size, static_cast<std::int64_t>(size));
        const auto back = get(info->sha256);
        ASSERT_TRUE(back) << back.error().detail;
        EXPECT_TRUE(*back == bytes) << size;
    }
}

TEST_F(RowBlobs, TheSameBytesAreStoredOnce) {
    const std::string bytes = random_bytes(600'000);
    ASSERT_TRUE(put(bytes));
    const auto again = put(bytes);
    ASSERT_TRUE(again) << again.error().detail;
    Admin admin(database_->url());
    EXPECT_EQ(admin.ask("SELECT count(*) FROM blob_chunk"), 3);
    ASSERT_TRUE(store_->blobs().remove(again->sha256));
    ASSERT_TRUE(store_->blobs().remove(again->sha256));
    EXPECT_EQ(admin.ask("SELECT count(*) FROM blob_chunk"), 0);
    EXPECT_EQ(get(again->sha256).error().code, "attachment.not_found");
}

TEST_F(RowBlobs, WhatIsTooLargeOrNotFinishedLeavesNothing) {
    EXPECT_EQ(put(random_bytes(1'001), 1'000).error().code, "attachment.too_large");
    {
        auto upload = store_->blobs().begin(1'000);
        ASSERT_TRUE(upload);
        ASSERT_TRUE((*upload)->append("abandoned"));
    }
    Admin admin(database_->url());
    EXPECT_EQ(admin.ask("SELECT count(*) FROM blob_chunk"), 0);
}

TEST_F(RowBlobs, AnEndedSessionIsReplaced) {
    const auto info = put("bytes");
    ASSERT_TRUE(info);
    Admin admin(database_->url());
    EXPECT_EQ(admin.end_sessions("reader"), 1);
    EXPECT_EQ(get(info->sha256).value_or(""), "bytes");
    EXPECT_EQ(admin.end_sessions("reader"), 1);
    EXPECT_TRUE(put("other bytes"));
}

}  // namespace
}  // namespace firstline::storage::postgres
