// Reads: read-only connections, made on demand and kept, each read one deferred transaction behind the gate (storage.md
// §2).
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "app/port/store.hpp"
#include "storage/sqlite/connection/connection.hpp"
#include "storage/sqlite/options.hpp"
#include "storage/sqlite/read/gate.hpp"

namespace firstline::storage::sqlite {

class Readers {
public:
    Readers(const Options& options, std::string path, std::shared_ptr<const Catalogue> catalogue)
        : options_(options), path_(std::move(path)), catalogue_(std::move(catalogue)) {}

    // As Store::read. Any thread, not from within a read: that would wait for itself at a closed gate
    // (`storage.nested_read`).
    [[nodiscard]] Status read(const std::function<Status(app::Reader&)>& body);
    // Turns new reads away, waits for the running ones, closes the connections.
    void stop();
    [[nodiscard]] ReadGate& gate() { return gate_; }
    // Whether the calling thread is within a read of any store.
    [[nodiscard]] static bool is_within_read();

private:
    Result<std::unique_ptr<Connection>> take();
    void give_back(std::unique_ptr<Connection> connection);

    const Options& options_;
    const std::string path_;
    const std::shared_ptr<const Catalogue> catalogue_;
    ReadGate gate_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<Connection>> idle_;  // the last one used is the next: its cache is warm
    std::size_t count_ = 0;                          // idle and in use
    bool is_stopped_ = false;
};

}  // namespace firstline::storage::sqlite
