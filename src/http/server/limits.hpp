// What the server allows at most, with units (architecture.md §3 and §6). Options may lower or raise those they carry.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace firstline::http {

inline constexpr std::size_t kKibibyte = 1024;
inline constexpr std::size_t kMebibyte = 1024 * kKibibyte;

// Requests.
inline constexpr std::size_t kHeaderBytesMax = 16 * kKibibyte;  // request line and all fields
inline constexpr std::size_t kTargetBytesMax = 8 * kKibibyte;
inline constexpr std::size_t kMethodBytesMax = 32;
inline constexpr std::size_t kHeaderFieldsMax = 100;
inline constexpr std::uint64_t kBodyBytesMax = 2 * kMebibyte;          // where the body policy does not say otherwise
inline constexpr std::uint64_t kUploadBytesMax = 64 * kMebibyte;       // what a policy should allow an upload to a sink
inline constexpr std::size_t kBodyReserveBytesMax = 256 * kKibibyte;   // reserved on a client's mere word
inline constexpr std::uint64_t kBodyMemoryBytesMax = 256 * kMebibyte;  // of all bodies that lie in memory at a time
inline constexpr std::size_t kRequestIdBytesMax = 64;

// Buffers of one connection.
inline constexpr std::size_t kReadBufferBytesMin = 4 * kKibibyte;  // what an idle connection keeps
inline constexpr std::size_t kReadBufferBytesMax = 64 * kKibibyte;
inline constexpr std::size_t kSourcePieceBytes = 64 * kKibibyte;
inline constexpr int kSourcePiecesPerTurn = 16;  // then other connections of the thread get theirs

// Answers.
inline constexpr std::size_t kCompressBytesMin = kKibibyte;  // smaller bodies gain nothing
inline constexpr std::size_t kStreamUnsentBytesMax = 256 * kKibibyte;
inline constexpr int kGzipLevel = 5;
inline constexpr int kBrotliQuality = 4;
inline constexpr int kRetryAfterSeconds = 1;

// Connections.
inline constexpr std::size_t kConnectionsMax = 10'000;
inline constexpr std::size_t kRefusedConnectionsMax = 256;  // beyond the bound, told so; further ones are just closed
inline constexpr int kListenBacklog = 4096;
inline constexpr std::uint64_t kLingerBytesMax = 64 * kMebibyte;
inline constexpr std::size_t kProgressBytesMin = 4 * kKibibyte;  // in each body_timeout or write_timeout

// Times.
inline constexpr std::chrono::milliseconds kHeaderTimeout{10'000};
inline constexpr std::chrono::milliseconds kBodyTimeout{30'000};
inline constexpr std::chrono::milliseconds kWriteTimeout{30'000};
inline constexpr std::chrono::milliseconds kIdleTimeout{60'000};
inline constexpr std::chrono::milliseconds kRequestDeadline{30'000};
inline constexpr std::chrono::milliseconds kDeadlineGrace{2'000};  // for a handler that answers its deadline itself
inline constexpr std::chrono::milliseconds kLingerTimeout{2'000};
inline constexpr std::chrono::milliseconds kHeartbeat{15'000};
inline constexpr std::chrono::milliseconds kTickMax{1'000};  // how late a time-out may be noticed
inline constexpr std::chrono::milliseconds kTickMin{5};
inline constexpr std::chrono::milliseconds kAcceptPause{100};  // after a failed accept (no file descriptors left)

}  // namespace firstline::http
