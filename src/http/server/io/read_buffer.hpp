// The bytes of one connection that were received and not yet parsed.
#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "http/server/limits.hpp"

namespace firstline::http {

class ReadBuffer {
public:
    [[nodiscard]] bool empty() const { return begin_ == end_; }
    [[nodiscard]] std::string_view view() const { return {bytes_.data() + begin_, end_ - begin_}; }

    // Room for the next read, at least one byte while fewer than kReadBufferBytesMax are unparsed; `usual` is how large
    // the buffer should be.
    [[nodiscard]] std::span<char> prepare(std::size_t usual) {
        if (begin_ > 0) {
            if (!empty()) std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (bytes_.size() < usual) bytes_.resize(usual);
        if (end_ == bytes_.size()) bytes_.resize(std::min(bytes_.size() * 2, kReadBufferBytesMax));
        return std::span(bytes_).subspan(end_);
    }
    void commit(std::size_t count) { end_ += count; }
    void consume(std::size_t count) { begin_ += count; }
    void clear() { begin_ = end_ = 0; }
    // An idle connection keeps little.
    void shrink() {
        if (!empty() || bytes_.size() <= kReadBufferBytesMin) return;
        bytes_ = {};
        clear();
    }

private:
    std::vector<char> bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace firstline::http
