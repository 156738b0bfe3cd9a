// Numbers of records from the sequences behind the {id} columns, 64 at a time on a connection of their own (storage.md
// §1).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "app/port/store.hpp"
#include "storage/postgres/connection/connection.hpp"

namespace firstline::storage::postgres {

class Ids {
public:
    using Sequences = std::array<std::string, app::kIdKindCount>;  // quoted as in SQL
    Ids(std::unique_ptr<Connection> connection, ConnectOptions options, Sequences sequences)
        : connection_(std::move(connection)), options_(std::move(options)), sequences_(std::move(sequences)) {}

    // Error `storage.unavailable`.
    [[nodiscard]] Result<std::int64_t> next(app::IdKind kind);
    // What is left of the blocks is given up: rows with numbers of their own may have been written among them.
    void forget();

private:
    [[nodiscard]] Status fetch(std::size_t kind);

    std::mutex mutex_;
    std::unique_ptr<Connection> connection_;
    ConnectOptions options_;
    Sequences sequences_;
    std::array<std::deque<std::int64_t>, app::kIdKindCount> blocks_;
};

}  // namespace firstline::storage::postgres
