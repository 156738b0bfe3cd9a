#include "load/answer_reader.hpp"

#include <algorithm>
#include <charconv>

namespace firstline::bench {
namespace {

constexpr std::size_t kHeadBytesMax = 64 * 1024;

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

template <class Number>
bool read_number(std::string_view text, Number& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

bool AnswerReader::read_head(std::string_view head) {
    if (head.size() < 12 || !head.starts_with("HTTP/1.1 ") || !read_number(head.substr(9, 3), status_)) return false;
    bool has_length = false;
    while (!head.empty()) {
        const auto end = std::min(head.find("\r\n"), head.size());
        const std::string_view line = head.substr(0, end);
        head.remove_prefix(std::min(end + 2, head.size()));
        const auto colon = line.find(": ");
        if (colon == std::string_view::npos) continue;
        const std::string_view name = line.substr(0, colon), value = line.substr(colon + 2);
        if (equal_ignoring_case(name, "content-length")) has_length = read_number(value, body_left_);
        if (equal_ignoring_case(name, "connection")) closes_ = equal_ignoring_case(value, "close");
    }
    return has_length || status_ == 204 || status_ == 304;
}

AnswerReader::Progress AnswerReader::take(std::string_view bytes) {
    if (!has_head_) {
        const std::size_t before = head_.size();
        head_.append(bytes);
        const auto end = head_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
        if (end == std::string::npos) return head_.size() > kHeadBytesMax ? Progress::broken : Progress::more;
        if (!read_head(std::string_view(head_).substr(0, end))) return Progress::broken;
        has_head_ = true;
        bytes = std::string_view(head_).substr(end + 4);
    }
    // One request is under way at a time: more than its answer is nonsense.
    if (bytes.size() > body_left_) return Progress::broken;
    body_left_ -= bytes.size();
    if (body_left_ > 0) return Progress::more;
    has_head_ = false;
    head_.clear();
    return Progress::whole;
}

void AnswerReader::reset() { *this = AnswerReader{}; }

}  // namespace firstline::bench
