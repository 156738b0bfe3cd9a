#include "server/access_log.hpp"

#include <chrono>

namespace firstline::server {
namespace {

constexpr std::size_t kPathBytesMax = 512;

class LoggedExchange final : public http::Exchange {
public:
    LoggedExchange(Log& log, const http::Request& request, http::Responder respond)
        : log_(log),
          method_(request.method),
          path_(request.path.substr(0, kPathBytesMax)),
          address_(request.remote_address),
          request_id_(request.request_id),
          respond_(std::move(respond)) {}

    void answer(std::uint64_t, http::Response&& response) override {
        write(std::to_string(response.status), std::to_string(response.body.size()));
        respond_(std::move(response));
    }
    void abandon(std::uint64_t) override {
        write("500", "0");
        const http::Responder dropped = std::move(respond_);
    }

private:
    void write(std::string status, std::string bytes) {
        const auto spent =
            std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started_).count();
        log_.write(LogLevel::info, "request",
                   {{"request_id", request_id_},
                    {"method", method_},
                    {"path", path_},
                    {"status", std::move(status)},
                    {"bytes", std::move(bytes)},
                    {"us", std::to_string(spent)},
                    {"from", address_}});
    }
    Log& log_;
    const std::string method_, path_, address_, request_id_;
    const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    http::Responder respond_;
};

}  // namespace

http::Responder with_access_log(Log& log, const http::Request& request, http::Responder respond) {
    // The responder within compresses; this one hands the answer on as it is.
    return {std::make_shared<LoggedExchange>(log, request, std::move(respond)), 0, http::ContentCoding::identity};
}

}  // namespace firstline::server
