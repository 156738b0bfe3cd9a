// DIR/firstline.sock (storage.md §2): where a running server takes administrative commands.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>

#include "base/result.hpp"

namespace firstline::server::admin {

inline constexpr std::size_t kRequestBytesMax = 1024 * 1024;
inline constexpr std::size_t kLineBytesMax = 64 * 1024 * 1024;

// Closed at the end of its life.
class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

[[nodiscard]] std::string socket_path(const std::string& directory);

// The socket's address. Where the path is longer than sun_path takes it goes through the directory's descriptor, which must
// stay open while the address is used.
struct SocketAddress {
    sockaddr_un address{};
    Descriptor directory;
    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};
[[nodiscard]] Result<SocketAddress> socket_address(const std::string& directory);

// Sends all of it; false where the other side is gone.
[[nodiscard]] bool send_all(int socket, std::string_view bytes);
// Reads up to a line break, which is left out; `buffer` keeps what came behind it. False at the end, at an error or a timeout of
// the socket, and beyond `bytes_max`.
[[nodiscard]] bool read_line(int socket, std::string& buffer, std::string& line, std::size_t bytes_max);

}  // namespace firstline::server::admin
