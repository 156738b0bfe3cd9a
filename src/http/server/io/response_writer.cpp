#include "http/server/io/response_writer.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace firstline::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";
constexpr std::string_view kLineEndAndLastChunk = "\r\n0\r\n\r\n";

}  // namespace

void ResponseWriter::reset() {
    front_.clear();
    middle_ = {};
    back_ = {};
    sent_ = 0;
    source_ = nullptr;
    bytes_ = 0;
    pieces_ = 0;
}

void ResponseWriter::begin(Response&& response, const HeadFraming& framing, bool with_body) {
    front_.clear();
    append_head(front_, response, framing);
    middle_.clear();
    back_ = {};
    sent_ = 0;
    chunked_ = framing.end == BodyEnd::chunks;
    if (!with_body) return;
    source_ = std::move(response.source);
    source_left_ = framing.end == BodyEnd::length ? framing.length : std::numeric_limits<std::uint64_t>::max();
    if (!source_ && !response.stream) middle_ = std::move(response.body);
}

void ResponseWriter::begin_block(std::string&& bytes, bool last) {
    front_.clear();
    middle_ = std::move(bytes);
    back_ = {};
    sent_ = 0;
    if (!chunked_) return;
    if (middle_.empty()) {
        if (last) back_ = kLastChunk;
        return;
    }
    append_chunk_size(front_, middle_.size());
    back_ = last ? kLineEndAndLastChunk : kLineEnd;
}

ResponseWriter::Progress ResponseWriter::write(Socket& socket) {
    for (;;) {
        const Progress progress = write_parts(socket);
        if (progress != Progress::done || !source_) return progress;
        if (!next_piece()) return Progress::failed;
        if (++pieces_ % kSourcePiecesPerTurn == 0) return Progress::yield;
    }
}

ResponseWriter::Progress ResponseWriter::write_parts(Socket& socket) {
    const std::size_t total = front_.size() + middle_.size() + back_.size();
    while (sent_ < total) {
        std::array<asio::const_buffer, 3> buffers{asio::buffer(front_), asio::buffer(middle_), asio::buffer(back_)};
        std::size_t skip = sent_;
        for (auto& buffer : buffers) {
            const std::size_t step = std::min(skip, buffer.size());
            buffer += step;
            skip -= step;
        }
        boost::system::error_code code;
        const std::size_t count = socket.write_some(buffers, code);
        if (code == asio::error::would_block || code == asio::error::try_again) return Progress::blocked;
        if (code) return Progress::failed;
        sent_ += count;
        bytes_ += count;
    }
    return Progress::done;
}

bool ResponseWriter::next_piece() {
    front_.clear();
    back_ = {};
    sent_ = 0;
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(kSourcePieceBytes, source_left_));
    middle_.resize(room);
    const auto count = room > 0 ? source_->read(std::span(middle_)) : std::size_t{0};
    if (!count || *count > room) return false;
    middle_.resize(*count);
    if (*count > 0) {
        source_left_ -= *count;
        if (chunked_) {
            append_chunk_size(front_, *count);
            back_ = kLineEnd;
        }
        return true;
    }
    const bool known_length = source_->size().has_value();
    source_ = nullptr;
    if (chunked_) back_ = kLastChunk;
    return !known_length || source_left_ == 0;  // a body shorter than promised is cut off, not ended
}

}  // namespace firstline::http
