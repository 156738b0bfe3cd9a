#include "storage/sqlite/blob/blob_files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "storage/sqlite/durable_file.hpp"

namespace firstline::storage::sqlite {
namespace {

constexpr std::string_view kUploadPrefix = ".upload-";

class Upload final : public app::BlobUpload {
public:
    Upload(File file, std::string directory, std::int64_t size_max)
        : file_(std::move(file)), directory_(std::move(directory)), size_max_(size_max) {}
    ~Upload() override {
        if (!is_finished_) ::unlink(file_.path().c_str());
    }
    Upload(const Upload&) = delete;
    Upload& operator=(const Upload&) = delete;

    Status append(std::string_view bytes) override {
        if (std::cmp_greater(bytes.size(), size_max_ - size_)) {
            return fail(ErrorKind::too_large, "attachment.too_large",
                        "the file is larger than " + std::to_string(size_max_) + " bytes");
        }
        CHECK_OK(file_.write(bytes));
        hash_.add(bytes);
        size_ += static_cast<std::int64_t>(bytes.size());
        return {};
    }

    Result<app::BlobInfo> finish() override {
        CHECK_OK(file_.sync());
        const app::BlobInfo info{.sha256 = hash_.finish(), .size = size_};
        // The same bytes may be there already: the one replaces the other.
        CHECK_OK(rename_durably(file_.path(), directory_ + "/" + to_hex(info.sha256)));
        is_finished_ = true;
        return info;
    }

private:
    File file_;
    const std::string directory_;
    const std::int64_t size_max_;
    Sha256Stream hash_;
    std::int64_t size_ = 0;
    bool is_finished_ = false;
};

class FileReader final : public app::BlobReader {
public:
    FileReader(File file, std::int64_t size) : file_(std::move(file)), size_(size) {}
    [[nodiscard]] std::int64_t size() const override { return size_; }
    Result<std::size_t> read(std::span<char> buffer) override { return file_.read(buffer); }

private:
    File file_;
    const std::int64_t size_;
};

bool is_blob_name(const std::string& name) { return name.size() == 64 && from_hex(name).has_value(); }

}  // namespace

BlobHold::BlobHold(BlobFiles& files) : files_(files) {
    const std::scoped_lock lock(files_.mutex_);
    ++files_.holds_;
}
BlobHold::~BlobHold() {
    const std::scoped_lock lock(files_.mutex_);
    --files_.holds_;
}

Result<std::unique_ptr<BlobFiles>> BlobFiles::open(const std::string& directory) {
    const std::string path = directory + "/blobs";
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
        return fail(ErrorKind::unavailable, "storage.unavailable", "cannot make " + path + ": " + std::strerror(errno));
    }
    CHECK_OK(sync_directory(directory));
    std::error_code error;
    for (const auto& found : std::filesystem::directory_iterator(path, error)) {
        if (found.path().filename().string().starts_with(kUploadPrefix)) ::unlink(found.path().c_str());
    }
    if (error)
        return fail(ErrorKind::unavailable, "storage.unavailable", "cannot list " + path + ": " + error.message());
    return std::unique_ptr<BlobFiles>(new BlobFiles(path));
}

Result<std::unique_ptr<app::BlobUpload>> BlobFiles::begin(std::int64_t size_max) {
    TRY(File file, File::make(directory_ + "/" + std::string(kUploadPrefix) + to_hex(random_bytes(16))));
    return std::make_unique<Upload>(std::move(file), directory_, size_max);
}

Result<std::unique_ptr<app::BlobReader>> BlobFiles::open(const Sha256& sha256) {
    auto opened = File::open_to_read(path_of(to_hex(sha256)));
    if (!opened && errno == ENOENT)
        return fail(ErrorKind::not_found, "attachment.not_found", "the attachment's bytes are gone");
    if (!opened) return fail(std::move(opened).error());
    TRY(const std::int64_t size, opened->size());
    return std::make_unique<FileReader>(std::move(*opened), size);
}

Status BlobFiles::remove(const Sha256& sha256) {
    const std::scoped_lock lock(mutex_);
    if (holds_ > 0) return fail(ErrorKind::unavailable, "storage.busy", "a backup is running");
    const std::string path = path_of(to_hex(sha256));
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        return fail(ErrorKind::unavailable, "storage.unavailable",
                    "cannot remove " + path + ": " + std::strerror(errno));
    }
    return sync_directory(directory_);
}

Result<std::vector<std::string>> BlobFiles::names() const {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& found : std::filesystem::directory_iterator(directory_, error)) {
        if (auto name = found.path().filename().string(); is_blob_name(name)) names.push_back(std::move(name));
    }
    if (error)
        return fail(ErrorKind::unavailable, "storage.unavailable",
                    "cannot list " + directory_ + ": " + error.message());
    return names;
}

}  // namespace firstline::storage::sqlite
