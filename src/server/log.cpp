#include "server/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>

#include "app/core/clock.hpp"

namespace firstline::server {
namespace {

constexpr std::string_view kLevels[]{"debug", "info", "warning", "error"};

LogLevel level_of(std::string_view word) {
    for (int i = 0; i < 4; ++i) {
        if (kLevels[i] == word) return static_cast<LogLevel>(i);
    }
    return LogLevel::info;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return spdlog::level::debug;
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warning: return spdlog::level::warn;
        case LogLevel::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

// Bare where nothing in it could be mistaken, else quoted as JSON quotes.
std::string logfmt_value(std::string_view text) {
    const bool is_bare = !text.empty() && text.find_first_of(" =\"\\") == std::string_view::npos &&
                         text.find_first_of(std::string_view("\0\t\n\r\x7f", 5)) == std::string_view::npos;
    return is_bare ? std::string(text) : boost::json::serialize(boost::json::string(text.data(), text.size()));
}

}  // namespace

Log::Log(std::string_view level, std::string_view format)
    : logger_(std::make_shared<spdlog::logger>("firstline", std::make_shared<spdlog::sinks::stderr_sink_mt>())),
      is_json_(format == "json") {
    logger_->set_pattern("%v");
    logger_->set_level(spdlog_level(level_of(level)));
    logger_->flush_on(spdlog::level::debug);
}

Log::~Log() = default;

void Log::write(LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
    const auto at = spdlog_level(level);
    if (!logger_->should_log(at)) return;
    const std::string time = to_rfc3339(app::SystemClock().now());
    const std::string_view word = kLevels[static_cast<int>(level)];
    if (is_json_) {
        boost::json::object line{{"ts", time}, {"level", std::string(word)}, {"msg", std::string(message)}};
        for (const Field& field : fields)
            line[boost::json::string_view(field.first.data(), field.first.size())] = field.second;
        logger_->log(at, std::string_view(boost::json::serialize(line)));
        return;
    }
    std::string line = "ts=" + time + " level=" + std::string(word) + " msg=" + logfmt_value(message);
    for (const Field& field : fields) line += " " + std::string(field.first) + "=" + logfmt_value(field.second);
    logger_->log(at, std::string_view(line));
}

}  // namespace firstline::server
