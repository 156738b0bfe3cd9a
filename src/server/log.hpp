// The program's log: one line an event on standard error, logfmt or JSON, written at once (architecture.md §7).
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace spdlog {
class logger;
}

namespace firstline::server {

enum class LogLevel : int { debug, info, warning, error };

// Any thread.
class Log {
public:
    using Field = std::pair<std::string_view, std::string>;
    // `level`: debug, info, warning, error; `format`: logfmt, json.
    Log(std::string_view level, std::string_view format);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    void write(LogLevel level, std::string_view message, std::initializer_list<Field> fields = {});

private:
    std::shared_ptr<spdlog::logger> logger_;
    bool is_json_;
};

}  // namespace firstline::server
