// Foreign tables: bytes → rows → facts, packed or not. Whatever the bytes, reading ends, lines never run back, a row has as
// many cells as the header or says why not, and every text that goes on is well-formed UTF-8.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "app/imports/snapshot.hpp"
#include "base/text.hpp"
#include "intake/mapping/mapping_file.hpp"
#include "intake/table/csv.hpp"

namespace {

using namespace firstline;

constexpr Instant kNow{1'780'000'000'000'000};

void must(bool holds) {
    if (!holds) std::abort();
}

void read_all(intake::table::Csv& csv, const app::imports::Mapping& mapping) {
    auto reader = app::imports::RowReader::bind(mapping, csv.columns(), kNow);
    app::imports::SourceRow row;
    std::int64_t line = 0;
    for (;;) {
        const auto is_there = csv.next(row);
        if (!is_there || !*is_there) return;
        must(row.line > line);
        line = row.line;
        must(is_clean_utf8(row.text));
        if (!row.problem.empty()) continue;
        must(row.cells.size() == csv.columns().size());
        for (const auto cell : row.cells) must(is_clean_utf8(cell));
        if (!reader) continue;
        app::imports::IncidentRows incident;
        incident.external_ref = reader->external_ref(row);
        incident.rows.push_back(reader->read(row));
        for (const auto& problem : incident.rows.back().problems) must(is_clean_utf8(problem.value));
        const std::string title = reader->title_of(incident);
        must(is_clean_utf8(title) && !title.empty() && count_characters(title) <= 250);
    }
}

}  // namespace

// The first byte chooses the separator and the limits; the rest is the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto mapping = intake::mapping::parse_mapping(intake::mapping::built_in_mapping());
    must(mapping.has_value());
    if (size == 0) return 0;
    intake::table::CsvOptions options;
    if ((data[0] & 1U) != 0) options.separator = ';';
    if ((data[0] & 2U) != 0) {
        options.field_bytes_max = 64;
        options.row_bytes_max = 256;
        options.columns_max = 40;
    }
    auto bytes = intake::table::from_memory(std::string(reinterpret_cast<const char*>(data + 1), size - 1));
    if (!bytes) return 0;
    auto csv = intake::table::Csv::open(std::move(*bytes), options);
    if (csv) read_all(**csv, *mapping);
    return 0;
}
