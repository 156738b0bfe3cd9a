// What the load program is asked to do (bench/load/README.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace firstline::bench {

struct LoadOptions {
    std::uint16_t port = 0;       // on 127.0.0.1
    std::string requests_path;    // a file of requests, see request_source.hpp
    std::string token;            // bearer token; from FIRSTLINE_BENCH_TOKEN, so that no process list shows it
    std::size_t connections = 1;  // kept alive, opened before the clock starts
    double rate = 0;              // requests a second that are due, whatever the answers do; 0: as fast as answers come
    double seconds = 5;           // how long requests become due
    double drain_seconds = 10;    // how long answers are awaited after that
    unsigned expected_status = 0;  // any other is an error; 0: any 2xx
};

}  // namespace firstline::bench
