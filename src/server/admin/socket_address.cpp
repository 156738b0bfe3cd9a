#include "server/admin/socket_address.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace firstline::server::admin {
namespace {

constexpr std::string_view kName = "firstline.sock";

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}
Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

std::string socket_path(const std::string& directory) { return directory + "/" + std::string(kName); }

Result<SocketAddress> socket_address(const std::string& directory) {
    SocketAddress out;
    out.address.sun_family = AF_UNIX;
    std::string path = socket_path(directory);
    if (path.size() >= sizeof out.address.sun_path) {
        out.directory = Descriptor(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!out.directory.is_open()) {
            return fail(ErrorKind::unavailable, "storage.unavailable",
                        "cannot open the directory " + directory + ": " + std::strerror(errno));
        }
        path = "/proc/self/fd/" + std::to_string(out.directory.number()) + "/" + std::string(kName);
    }
    std::memcpy(out.address.sun_path, path.c_str(), path.size() + 1);
    return out;
}

bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool read_line(int socket, std::string& buffer, std::string& line, std::size_t bytes_max) {
    std::array<char, 16 * 1024> piece{};
    std::size_t searched = 0;
    for (;;) {
        const auto end = buffer.find('\n', searched);
        if (end != std::string::npos) {
            line = buffer.substr(0, end);
            buffer.erase(0, end + 1);
            return line.size() <= bytes_max;
        }
        searched = buffer.size();
        if (searched > bytes_max) return false;
        const ssize_t got = ::recv(socket, piece.data(), piece.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        buffer.append(piece.data(), static_cast<std::size_t>(got));
    }
}

}  // namespace firstline::server::admin
