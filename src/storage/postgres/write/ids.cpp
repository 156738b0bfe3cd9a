#include "storage/postgres/write/ids.hpp"

namespace firstline::storage::postgres {

Result<std::int64_t> Ids::next(app::IdKind kind) {
    const auto index = static_cast<std::size_t>(kind);
    const std::lock_guard lock(mutex_);
    auto& block = blocks_.at(index);
    if (block.empty()) CHECK_OK(fetch(index));
    const std::int64_t number = block.front();
    block.pop_front();
    return number;
}

void Ids::forget() {
    const std::lock_guard lock(mutex_);
    for (auto& block : blocks_) block.clear();
}

Status Ids::fetch(std::size_t kind) {
    const std::string sql = "SELECT nextval('" + sequences_.at(kind) + "') FROM generate_series(1, 64)";
    Reply reply;
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (!connection_ || connection_->is_lost()) {
            TRY(connection_, Connection::open(options_));
        }
        reply = connection_->run(sql);
        if (!reply.failure || !reply.failure->is_lost) break;  // numbers of a lost answer are a gap
    }
    if (reply.failure) return fail(to_error(*reply.failure));
    for (int row = 0; row < PQntuples(reply.result.get()); ++row) blocks_.at(kind).push_back(reply.integer(row, 0));
    return {};
}

}  // namespace firstline::storage::postgres
