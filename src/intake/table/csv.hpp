// CSV as RFC 4180 has it, row by row with bounded memory: quotes, line breaks in quotes, LF or CRLF, a byte order mark, another
// separator. A row that breaks the form is given with its problem; the rows after it are read on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/imports/source.hpp"
#include "intake/table/bytes.hpp"

namespace firstline::intake::table {

struct CsvOptions {
    char separator = ',';
    std::size_t field_bytes_max = 1024 * 1024;
    std::size_t row_bytes_max = 4 * 1024 * 1024;
    std::size_t columns_max = 1'000;
};

class Csv final : public app::imports::RowSource {
public:
    // Reads the header. Errors: `import.unreadable`; `import.header_malformed` (none, broken, a name missing or twice).
    [[nodiscard]] static Result<std::unique_ptr<Csv>> open(std::unique_ptr<Bytes> bytes, const CsvOptions& options);

    [[nodiscard]] const std::vector<std::string>& columns() const override { return columns_; }
    Result<bool> next(app::imports::SourceRow& row) override;
    [[nodiscard]] std::int64_t bytes_read() const override { return bytes_->bytes_read(); }
    [[nodiscard]] std::int64_t bytes_total() const override { return bytes_->bytes_total(); }

private:
    enum class Place : unsigned char { field_start, plain, quoted, after_quote, skipping };

    Csv(std::unique_ptr<Bytes> bytes, const CsvOptions& options);
    Result<bool> fill();         // more bytes; false at the end
    Result<bool> read_record();  // into cells; false at the end of the file
    Status skip_byte_order_mark();
    bool take(char c);  // true: the record ends here
    void end_field();
    void refuse(std::string problem);
    void bound();                          // holds the row within its limits
    void forget();                         // what is stored of a row that is refused for its size
    [[nodiscard]] std::size_t take_run();  // plain bytes at once
    Status read_header();
    [[nodiscard]] bool has_clean_text() const;

    std::unique_ptr<Bytes> bytes_;
    const CsvOptions options_;
    std::vector<std::string> columns_;
    std::vector<char> buffer_;
    std::size_t at_ = 0, end_ = 0;
    std::int64_t line_ = 1;         // of the next byte
    std::int64_t record_line_ = 1;  // where the record begins
    bool is_line_begun_ = false;    // a byte stands before the next one in its line

    Place place_ = Place::field_start;
    std::string record_;             // the record's fields without quotes, one behind the other
    std::vector<std::size_t> ends_;  // of the fields in it
    std::string problem_;
    std::string beginning_;  // of a row whose rest is not stored
    bool is_empty_ = true;   // not a byte but the line's end
};

}  // namespace firstline::intake::table
