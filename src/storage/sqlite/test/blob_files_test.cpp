// Attachments' bytes as files (storage.md §5).
#include "storage/sqlite/blob/blob_files.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "storage/sqlite/test/temporary_directory.hpp"

namespace firstline::storage::sqlite {
namespace {

class Blobs : public testing::Test {
protected:
    void SetUp() override {
        auto opened = BlobFiles::open(directory_ / "");
        ASSERT_TRUE(opened);
        blobs_ = std::move(*opened);
    }
    std::size_t count_files() {
        std::size_t count = 0;
        for ([[maybe_unused]] const auto& found : std::filesystem::directory_iterator(directory_ / "blobs")) ++count;
        return count;
    }
    Result<app::BlobInfo> put(const std::vector<std::string>& pieces) {
        TRY(auto upload, blobs_->begin(1'000'000));
        for (const auto& piece : pieces) CHECK_OK(upload->append(piece));
        return upload->finish();
    }
    std::string get(const Sha256& sha256) {
        auto reader = blobs_->open(sha256);
        if (!reader) return reader.error().code;
        std::string whole;
        std::vector<char> buffer(7);
        for (auto count = (*reader)->read(buffer); count && *count > 0; count = (*reader)->read(buffer)) {
            whole.append(buffer.data(), *count);
        }
        EXPECT_EQ(static_cast<std::int64_t>(whole.size()), (*reader)->size());
        return whole;
    }
    TemporaryDirectory directory_;
    std::unique_ptr<BlobFiles> blobs_;
};

TEST_F(Blobs, BytesComeBackByTheirHash) {
    const std::string bytes("pdf\0\xff and more", 14);
    const auto info = put({bytes.substr(0, 3), "", bytes.substr(3)});
    ASSERT_TRUE(info);
    EXPECT_EQ(info->sha256, sha256(bytes));
    EXPECT_EQ(info->size, 14);
    EXPECT_EQ(get(info->sha256), bytes);
    EXPECT_EQ(get(sha256("something else")), "attachment.not_found");
}

TEST_F(Blobs, TheSameBytesAreStoredOnce) {
    ASSERT_TRUE(put({"same"}));
    ASSERT_TRUE(put({"sa", "me"}));
    EXPECT_EQ(count_files(), 1U);
    EXPECT_EQ(get(sha256("same")), "same");
}

TEST_F(Blobs, AnUploadThatIsTooLargeOrGivenUpLeavesNothing) {
    {
        auto upload = blobs_->begin(5);
        ASSERT_TRUE(upload);
        EXPECT_TRUE((*upload)->append("12345"));
        EXPECT_EQ((*upload)->append("6").error().code, "attachment.too_large");
        EXPECT_EQ(count_files(), 1U);
    }
    EXPECT_EQ(count_files(), 0U);
}

TEST_F(Blobs, WhatACrashLeftIsRemovedAtTheStart) {
    std::ofstream(directory_ / "blobs/.upload-left") << "half";
    ASSERT_TRUE(put({"whole"}));
    EXPECT_EQ(count_files(), 2U);
    ASSERT_TRUE(BlobFiles::open(directory_ / ""));
    EXPECT_EQ(count_files(), 1U);
    EXPECT_EQ(get(sha256("whole")), "whole");
}

TEST_F(Blobs, NoneIsRemovedWhileABackupHoldsThem) {
    const auto info = put({"bytes"});
    ASSERT_TRUE(info);
    {
        const auto hold = blobs_->hold();
        EXPECT_EQ(blobs_->remove(info->sha256).error().code, "storage.busy");
    }
    EXPECT_TRUE(blobs_->remove(info->sha256));
    EXPECT_EQ(get(info->sha256), "attachment.not_found");
    EXPECT_TRUE(blobs_->remove(info->sha256));
}

}  // namespace
}  // namespace firstline::storage::sqlite
