// Finds the end and the status of one answer in the bytes of a kept-alive connection (RFC 9112 §6). It understands what
// this server sends: a Content-Length, or no content (204, 304).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace firstline::bench {

class AnswerReader {
public:
    enum class Progress { more, whole, broken };

    // Takes the bytes that came. After `whole` the status is there and the next answer may come; `broken` is final.
    [[nodiscard]] Progress take(std::string_view bytes);
    [[nodiscard]] unsigned status() const { return status_; }
    [[nodiscard]] bool closes() const { return closes_; }  // the server will close after this answer
    void reset();

private:
    [[nodiscard]] bool read_head(std::string_view head);

    std::string head_;
    bool has_head_ = false;
    bool closes_ = false;
    unsigned status_ = 0;
    std::size_t body_left_ = 0;
};

}  // namespace firstline::bench
