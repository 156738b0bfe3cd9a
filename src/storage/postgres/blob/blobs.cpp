#include "storage/postgres/blob/blobs.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace firstline::storage::postgres {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;
constexpr NamedSql kBegin{"begin", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"};
constexpr NamedSql kCommit{"commit", "COMMIT"};
constexpr NamedSql kInsert{"blob_insert", "INSERT INTO blob_chunk (sha256, n, bytes) VALUES ($1, $2, $3)"};
constexpr NamedSql kDelete{"blob_delete", "DELETE FROM blob_chunk WHERE sha256 = $1"};
constexpr NamedSql kSize{
    "blob_size",
    "SELECT count(*), CAST(coalesce(sum(octet_length(bytes)), 0) AS BIGINT) FROM blob_chunk WHERE sha256 = $1"};
constexpr NamedSql kLoad{"blob_load", "SELECT bytes FROM blob_chunk WHERE sha256 = $1 AND n = $2"};

Status no_spool() {
    return fail(ErrorKind::unavailable, "storage.unavailable", "The temporary file cannot be written.");
}

// A connection of the pool for the length of a scope.
class Lease {
public:
    Lease(ReaderPool& pool, std::unique_ptr<Connection> connection) : pool_(pool), connection_(std::move(connection)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { pool_.give_back(std::move(connection_)); }
    Connection& operator*() { return *connection_; }
    void replace_by(std::unique_ptr<Connection> connection) { connection_ = std::move(connection); }

private:
    ReaderPool& pool_;
    std::unique_ptr<Connection> connection_;
};

// One statement that may be repeated; once more on a fresh connection where the pool's was lost meanwhile.
Result<Reply> run(ReaderPool& pool, const NamedSql& sql, const Parameters& parameters) {
    TRY(auto connection, pool.take());
    Lease lease(pool, std::move(connection));
    Reply reply;
    for (int attempt = 0; attempt < 2; ++attempt) {
        (*lease).send(sql, parameters);
        (*lease).sync();
        reply = (*lease).receive();
        static_cast<void>((*lease).drain());
        if (!reply.failure || !reply.failure->is_lost || attempt > 0) break;
        TRY(auto fresh, pool.replace());
        lease.replace_by(std::move(fresh));
    }
    if (reply.failure) return fail(to_error(*reply.failure));
    return reply;
}

struct CloseFile {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};

class RowUpload final : public app::BlobUpload {
public:
    RowUpload(ReaderPool& pool, std::FILE* spool, std::int64_t size_max)
        : pool_(pool), spool_(spool), size_max_(size_max) {}

    Status append(std::string_view bytes) override {
        size_ += static_cast<std::int64_t>(bytes.size());
        if (size_ > size_max_) {
            return fail(ErrorKind::too_large, "attachment.too_large",
                        "The attachment is larger than " + std::to_string(size_max_) + " bytes.");
        }
        hash_.add(bytes);
        if (std::fwrite(bytes.data(), 1, bytes.size(), spool_.get()) != bytes.size()) return no_spool();
        return {};
    }

    Result<app::BlobInfo> finish() override {
        const app::BlobInfo info{hash_.finish(), size_};
        // Once more where the connection was lost: if the rows were written after all, they collide.
        Status status = store(info.sha256);
        if (!status && status.error().code == "storage.unavailable") status = store(info.sha256);
        if (!status) return fail(std::move(status).error());
        return info;
    }

private:
    Status store(const Sha256& sha256) {
        if (std::fflush(spool_.get()) != 0 || std::fseek(spool_.get(), 0, SEEK_SET) != 0) return no_spool();
        TRY(auto connection, pool_.take());
        Lease lease(pool_, std::move(connection));
        (*lease).send(kBegin);
        std::string chunk(std::min(kChunkBytes, static_cast<std::size_t>(std::max<std::int64_t>(size_, 1))), '\0');
        for (std::int64_t n = 0, left = size_; n == 0 || left > 0; ++n) {
            const auto wanted =
                static_cast<std::size_t>(std::min<std::int64_t>(left, static_cast<std::int64_t>(chunk.size())));
            if (std::fread(chunk.data(), 1, wanted, spool_.get()) != wanted) return give_up(*lease);
            Parameters parameters;
            parameters.add_bytes(as_bytes(sha256));
            parameters.add(n);
            parameters.add_bytes(std::string_view(chunk).substr(0, wanted));
            (*lease).send(kInsert, parameters);
            left -= static_cast<std::int64_t>(wanted);
        }
        (*lease).send(kCommit);
        (*lease).sync();
        const auto failure = (*lease).drain();
        if (!failure) return {};
        if (!(*lease).is_lost()) static_cast<void>((*lease).run("ROLLBACK"));
        if (failure->is("23505")) return {};  // the same bytes are there
        return fail(to_error(*failure));
    }

    static Status give_up(Connection& connection) {
        connection.sync();
        static_cast<void>(connection.drain());
        static_cast<void>(connection.run("ROLLBACK"));
        return no_spool();
    }

    ReaderPool& pool_;
    std::unique_ptr<std::FILE, CloseFile> spool_;
    Sha256Stream hash_;
    std::int64_t size_ = 0, size_max_;
};

class RowReader final : public app::BlobReader {
public:
    RowReader(ReaderPool& pool, const Sha256& sha256, std::int64_t size) : pool_(pool), sha256_(sha256), size_(size) {}
    [[nodiscard]] std::int64_t size() const override { return size_; }

    Result<std::size_t> read(std::span<char> buffer) override {
        if (buffer.empty() || done_ == size_) return std::size_t{0};
        if (offset_ == chunk_.size()) CHECK_OK(load_next());
        const std::size_t count = std::min(buffer.size(), chunk_.size() - offset_);
        std::copy_n(chunk_.data() + offset_, count, buffer.data());
        offset_ += count;
        done_ += static_cast<std::int64_t>(count);
        return count;
    }

private:
    Status load_next() {
        Parameters parameters;
        parameters.add_bytes(as_bytes(sha256_));
        parameters.add(next_++);
        TRY(const auto reply, run(pool_, kLoad, parameters));
        if (PQntuples(reply.result.get()) == 0) {
            return fail(ErrorKind::unavailable, "storage.unavailable", "The attachment was removed while it was read.");
        }
        chunk_ = ResultRow(reply.result.get(), 0).bytes(0);
        offset_ = 0;
        return {};
    }

    ReaderPool& pool_;
    Sha256 sha256_;
    std::int64_t size_, done_ = 0, next_ = 0;
    std::string chunk_;
    std::size_t offset_ = 0;
};

}  // namespace

Result<std::unique_ptr<app::BlobUpload>> RowBlobStore::begin(std::int64_t size_max) {
    std::FILE* spool = std::tmpfile();
    if (spool == nullptr) return fail(no_spool().error());
    return std::make_unique<RowUpload>(pool_, spool, size_max);
}

Result<std::unique_ptr<app::BlobReader>> RowBlobStore::open(const Sha256& sha256) {
    Parameters parameters;
    parameters.add_bytes(as_bytes(sha256));
    TRY(const auto reply, run(pool_, kSize, parameters));
    if (reply.integer(0, 0) == 0) {
        return fail(ErrorKind::not_found, "attachment.not_found", "There is no attachment with these bytes.");
    }
    return std::make_unique<RowReader>(pool_, sha256, reply.integer(0, 1));
}

Status RowBlobStore::remove(const Sha256& sha256) {
    Parameters parameters;
    parameters.add_bytes(as_bytes(sha256));
    const auto reply = run(pool_, kDelete, parameters);
    if (!reply) return fail(reply.error());
    return {};
}

}  // namespace firstline::storage::postgres
