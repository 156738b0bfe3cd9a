// How a PostgreSQL store is opened; the defaults are what the program runs with (storage.md §3).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "storage/embedded.hpp"

namespace firstline::storage::postgres {

// Microseconds of the machine's clock.
[[nodiscard]] std::int64_t system_now_us();

struct Options {
    std::string url{};                                // postgres://user@host/database; no transaction-pooling proxy
    std::size_t readers_max = 8;                      // read connections, opened as they are needed: one a worker
    std::size_t writers = 1;                          // write connections, 1 or 2; incidents are spread over them
    std::size_t beside = 0;                           // connections of this node that are not the store's: search
    std::size_t queue_max = 4096;                     // changes that wait
    std::size_t batch_max = 64;                       // changes a transaction
    std::chrono::milliseconds read_max{1'000};        // one query; a snapshot's has_time_left()
    std::chrono::milliseconds write_max{30'000};      // one statement of a batch, waiting for locks included
    std::chrono::milliseconds reconnect_max{10'000};  // then queued changes are answered `unavailable`
    std::chrono::milliseconds probe_every{2'000};     // clocks and schema

    std::span<const EmbeddedFile> sql = sql_files();
    std::span<const EmbeddedFile> migrations = migration_files();
    std::function<std::int64_t()> now_us = &system_now_us;

    // For tests alone.
    bool has_feed_lock = true;              // without it readers of the feed miss entries
    std::function<void()> before_commit{};  // between a batch's writes and its COMMIT

    // What a node takes of the server's max_connections: reads, the writers, numbers, the feed, and what is beside the store
    // (storage.md §3).
    [[nodiscard]] std::size_t connections_needed() const { return readers_max + writers + 2 + beside; }
};

}  // namespace firstline::storage::postgres
