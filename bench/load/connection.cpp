#include "load/connection.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace firstline::bench {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

tl::unexpected<Error> failed(const char* what) {
    return fail(ErrorKind::unavailable, "load.connect", std::string(what) + ": " + std::strerror(errno));
}

}  // namespace

Connection::~Connection() { close(); }

void Connection::close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    is_busy_ = false;
    reader_.reset();
}

Status Connection::connect() {
    close();
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return failed("socket");
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        const auto error = failed("connect");
        close();
        return error;
    }
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK);
    return {};
}

bool Connection::send(std::string_view request, Clock::time_point intended) {
    unsent_.assign(request);
    sent_ = 0;
    is_busy_ = true;
    intended_ = intended;
    return write_on();
}

bool Connection::write_on() {
    while (has_unsent()) {
        const ssize_t count = ::send(socket_, unsent_.data() + sent_, unsent_.size() - sent_, MSG_NOSIGNAL);
        if (count < 0) return errno == EAGAIN || errno == EINTR;
        sent_ += static_cast<std::size_t>(count);
    }
    return true;
}

Connection::Outcome Connection::on_ready(bool is_writable) {
    if (is_writable && has_unsent() && !write_on()) return Outcome::lost;
    std::array<char, kReadBytes> buffer;
    const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (count < 0) return errno == EAGAIN || errno == EINTR ? Outcome::more : Outcome::lost;
    if (count == 0 || !is_busy_) return Outcome::lost;
    const auto progress = reader_.take({buffer.data(), static_cast<std::size_t>(count)});
    if (progress == AnswerReader::Progress::broken) return Outcome::lost;
    if (progress == AnswerReader::Progress::more) return Outcome::more;
    is_busy_ = false;
    return Outcome::answered;
}

}  // namespace firstline::bench
