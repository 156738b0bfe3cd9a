#include "intake/table/csv.hpp"

#include <algorithm>
#include <cstring>
#include <set>

#include "base/text.hpp"

namespace firstline::intake::table {
namespace {

constexpr std::size_t kBlock = 256 * 1024;
constexpr std::size_t kShownMax = 200;  // bytes of a refused row in the report
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

tl::unexpected<Error> header_malformed(std::string detail) {
    return fail(ErrorKind::malformed, "import.header_malformed", std::move(detail));
}

// The beginning of foreign bytes, as text that can be shown.
std::string shown(std::string_view bytes) {
    std::string out;
    for (const char c : bytes.substr(0, kShownMax)) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(byte >= 0x20 && byte < 0x7f ? c : '?');
    }
    return out;
}

}  // namespace

Csv::Csv(std::unique_ptr<Bytes> bytes, const CsvOptions& options)
    : bytes_(std::move(bytes)), options_(options), buffer_(kBlock) {}

Result<std::unique_ptr<Csv>> Csv::open(std::unique_ptr<Bytes> bytes, const CsvOptions& options) {
    std::unique_ptr<Csv> csv(new Csv(std::move(bytes), options));
    CHECK_OK(csv->skip_byte_order_mark());
    CHECK_OK(csv->read_header());
    return csv;
}

Result<bool> Csv::fill() {
    TRY(end_, bytes_->read(buffer_));
    at_ = 0;
    return end_ > 0;
}

// Spreadsheets write UTF-16 as "Unicode text".
Status Csv::skip_byte_order_mark() {
    std::size_t count = 0;
    while (count < kByteOrderMark.size()) {
        TRY(const std::size_t got, bytes_->read(std::span(buffer_).subspan(count)));
        if (got == 0) break;
        count += got;
    }
    end_ = count;
    const std::string_view head(buffer_.data(), end_);
    if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff"))
        return header_malformed("The file is UTF-16: save it as UTF-8.");
    if (head.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    return {};
}

Status Csv::read_header() {
    TRY(const bool is_there, read_record());
    if (!is_there) return header_malformed("The file is empty: its first line must name the columns.");
    if (!problem_.empty()) return header_malformed("The first line does not name the columns: " + problem_);
    if (!is_clean_utf8(record_))
        return header_malformed("The first line is not well-formed UTF-8: save the file as UTF-8.");
    if (record_.find('\r') != std::string::npos)
        return header_malformed("Lines end with CR alone: save the file with LF or CRLF.");
    std::set<std::string> names;
    std::size_t from = 0;
    for (const std::size_t end : ends_) {
        std::string name(trim(std::string_view(record_).substr(from, end - from)));
        from = end;
        if (name.empty()) return header_malformed("Column " + std::to_string(columns_.size() + 1) + " has no name.");
        if (!names.insert(name).second) return header_malformed("Two columns are named \"" + name + "\".");
        columns_.push_back(std::move(name));
    }
    return {};
}

void Csv::refuse(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
}

void Csv::bound() {
    const std::size_t field = record_.size() - (ends_.empty() ? 0 : ends_.back());
    if (field <= options_.field_bytes_max && record_.size() <= options_.row_bytes_max) return;
    refuse(field > options_.field_bytes_max ? "It has a field that is longer than a field may be."
                                            : "It is longer than a row may be.");
    forget();
}

// Quotes are still followed, so that the row ends where it ends: what stands within them is no row of its own.
void Csv::forget() {
    if (beginning_.empty()) beginning_ = record_.substr(0, kShownMax);
    record_.clear();
    ends_.clear();
}

void Csv::end_field() {
    ends_.push_back(record_.size());
    place_ = Place::field_start;
    if (ends_.size() > options_.columns_max) {
        refuse("It has more than " + std::to_string(options_.columns_max) + " columns.");
        forget();
    }
}

// Bytes that stand for themselves, up to the next that means something.
std::size_t Csv::take_run() {
    const char* from = buffer_.data() + at_;
    const char* const end = buffer_.data() + end_;
    const char* p = from;
    if (place_ == Place::quoted) {
        while (p != end && *p != '"' && *p != '\n') ++p;
    } else {
        while (p != end && *p != options_.separator && *p != '\n' && *p != '\r') ++p;
    }
    const auto count = static_cast<std::size_t>(p - from);
    record_.append(from, count);
    if (count > 0) is_line_begun_ = true;
    return count;
}

bool Csv::take(char c) {
    is_line_begun_ = c != '\n';
    if (!is_line_begun_) ++line_;
    switch (place_) {
        case Place::field_start:
            if (c == '"') {
                place_ = Place::quoted;
                return false;
            }
            [[fallthrough]];
        case Place::plain:
            if (c == options_.separator) {
                end_field();
            } else if (c == '\n') {
                // CRLF: the CR belongs to the line's end.
                const std::size_t from = ends_.empty() ? 0 : ends_.back();
                if (record_.size() > from && record_.back() == '\r') record_.pop_back();
                end_field();
                return true;
            } else {
                record_.push_back(c);
                place_ = Place::plain;
            }
            return false;
        case Place::quoted:
            if (c == '"') {
                place_ = Place::after_quote;
            } else {
                record_.push_back(c);
            }
            return false;
        case Place::after_quote:
            if (c == '"') {
                record_.push_back(c);
                place_ = Place::quoted;
            } else if (c == options_.separator) {
                end_field();
            } else if (c == '\n') {
                end_field();
                return true;
            } else if (c != '\r') {
                refuse("Something follows the closing quote of a field.");
                place_ = Place::skipping;
            }
            return false;
        case Place::skipping: return c == '\n';
    }
    return false;
}

Result<bool> Csv::read_record() {
    record_.clear();
    ends_.clear();
    problem_.clear();
    beginning_.clear();
    place_ = Place::field_start;
    record_line_ = line_;
    bool has_bytes = false;
    for (;;) {
        if (at_ == end_) {
            TRY(const bool is_more, fill());
            if (!is_more) break;
        }
        has_bytes = true;
        if (place_ == Place::plain || place_ == Place::quoted) at_ += take_run();
        bound();
        if (at_ == end_) continue;
        if (take(buffer_[at_++])) {
            is_empty_ = ends_.size() == 1 && record_.empty() && problem_.empty();
            return true;
        }
    }
    if (!has_bytes) return false;
    if (place_ == Place::quoted) {
        // Of a row that is also too long, that its quote is never closed says more.
        problem_ = "A quote that opens in it is never closed.";
    } else if (place_ != Place::skipping) {
        if (!record_.empty() && place_ == Place::plain && record_.back() == '\r') record_.pop_back();
        end_field();
    }
    is_empty_ = ends_.size() == 1 && record_.empty() && problem_.empty();
    return true;
}

// The record as a whole is well-formed, and so is each field when none begins within a character.
bool Csv::has_clean_text() const {
    if (!is_clean_utf8(record_)) return false;
    return std::all_of(ends_.begin(), ends_.end(), [&](std::size_t begin) {
        return begin == record_.size() || (static_cast<unsigned char>(record_[begin]) & 0xC0U) != 0x80U;
    });
}

Result<bool> Csv::next(app::imports::SourceRow& row) {
    do {
        TRY(const bool is_there, read_record());
        if (!is_there) return false;
    } while (is_empty_);
    row.line = record_line_;
    row.problem = std::move(problem_);
    row.text.clear();
    row.cells.clear();
    if (row.problem.empty() && ends_.size() != columns_.size()) {
        row.problem = "It has " + std::to_string(ends_.size()) + " columns where the header has " +
                      std::to_string(columns_.size()) + ".";
    }
    if (row.problem.empty() && !has_clean_text()) row.problem = "It is not well-formed UTF-8.";
    if (!row.problem.empty()) {
        const std::int64_t last_line = is_line_begun_ ? line_ : line_ - 1;
        if (last_line > record_line_)
            row.problem += " It goes to line " + std::to_string(last_line) + ", and nothing of it was taken.";
        row.text = shown(beginning_.empty() ? record_ : beginning_);
        return true;
    }
    std::size_t from = 0;
    for (const std::size_t end : ends_) {
        row.cells.push_back(std::string_view(record_).substr(from, end - from));
        from = end;
    }
    return true;
}

}  // namespace firstline::intake::table
