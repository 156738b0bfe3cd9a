#include "app/imports/snapshot.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace firstline::app::imports {
namespace {

using namespace domain;

constexpr std::size_t kTitleCharactersMax = 250;
constexpr std::size_t kNameCharactersMax = 250;  // as people and teams may be named
constexpr std::size_t kValueShownMax = 200;      // bytes of a value in a report
constexpr std::size_t kColumnsShownMax = 40;
constexpr std::string_view kJoiner = " · ";
// What tables write where they have no time ("0001-01-01", "1900-01-01", the epoch itself) is none.
constexpr Instant kFirstTime{1};
// A source's clock may run a little before ours.
constexpr Duration kClockSlack = minutes(5);

// Names and titles are one line: line breaks and other controls become blanks, several of them one.
std::string one_line(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const bool is_control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        if (!is_control) out.push_back(c);
        if (is_control && !out.empty() && out.back() != ' ') out.push_back(' ');
    }
    return std::string(trim(out));
}

tl::unexpected<Error> no_column(const std::string& name, const std::vector<std::string>& columns) {
    std::string has;
    for (std::size_t i = 0; i < columns.size() && i < kColumnsShownMax; ++i)
        has += (i > 0 ? ", \"" : "\"") + shown_value(columns[i]) + "\"";
    if (columns.size() > kColumnsShownMax) has += ", …";
    std::string detail = "The table has no column \"" + name + "\" that the mapping names; it has: " + has + ".";
    if (columns.size() == 1) detail += " Is it another `separator`?";
    return fail(ErrorKind::invalid, "import.mapping_invalid", std::move(detail));
}

std::string cut_to_characters(std::string text, std::size_t characters_max) {
    if (count_characters(text) <= characters_max) return text;
    std::size_t end = 0, characters = 0;
    while (end < text.size()) {
        const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
        if (begins && ++characters > characters_max - 1) break;
        ++end;
    }
    return text.substr(0, end) + "…";
}

}  // namespace

std::string shown_value(std::string_view value) {
    if (value.size() <= kValueShownMax) return std::string(value);
    std::size_t end = kValueShownMax;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) --end;
    return std::string(value.substr(0, end)) + "…";
}

Cells::Cells(const std::vector<std::string_view>& cells) {
    std::size_t size = 0;
    for (const auto cell : cells) size += cell.size();
    bytes_.reserve(size);
    ends_.reserve(cells.size());
    for (const auto cell : cells) {
        bytes_ += cell;
        ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
    }
}

std::string_view Cells::operator[](std::size_t column) const {
    const std::size_t from = column == 0 ? 0 : ends_[column - 1];
    return std::string_view(bytes_).substr(from, ends_[column] - from);
}

Result<RowReader> RowReader::bind(const Mapping& mapping, const std::vector<std::string>& columns, Instant now) {
    RowReader reader(mapping, columns, now);
    const auto find = [&](const std::string& name) -> Result<std::size_t> {
        const auto it = std::find(columns.begin(), columns.end(), name);
        if (it != columns.end()) return static_cast<std::size_t>(it - columns.begin());
        return no_column(name, columns);
    };
    for (std::size_t use = 0; use < kUseCount; ++use) {
        if (mapping.columns[use].empty()) continue;
        TRY(reader.places_[use], find(mapping.columns[use]));
    }
    for (const auto& name : mapping.title_columns) {
        TRY(const std::size_t place, find(name));
        reader.title_places_.push_back(place);
    }
    return reader;
}

std::string_view RowReader::value(std::string_view cell) const {
    const std::string_view text = trim(cell);
    for (const auto& missing : mapping_.missing) {
        if (text == missing) return {};
    }
    return text;
}

std::string_view RowReader::cell(const Snapshot& row, std::size_t column) const { return value(row.cells[column]); }

std::string_view RowReader::value(const Snapshot& row, Use use) const {
    const auto place = places_[static_cast<std::size_t>(use)];
    return place ? value(row.cells[*place]) : std::string_view{};
}

bool RowReader::is_number_column(std::size_t column) const {
    return places_[static_cast<std::size_t>(Use::number)] == column;
}

std::string RowReader::external_ref(const SourceRow& row) const {
    const auto place = places_[static_cast<std::size_t>(Use::number)];
    return place ? std::string(value(row.cells[*place])) : std::string();
}

void RowReader::complain(Snapshot& row, Use use, std::string reason) const {
    row.problems.push_back({row.line, mapping_.column(use), shown_value(value(row, use)), std::move(reason)});
}

std::optional<Instant> RowReader::time(Snapshot& row, Use use) {
    const std::string_view text = value(row, use);
    if (text.empty()) return std::nullopt;
    const auto at = times_.read(text);
    if (!at) {
        complain(row, use, "No time of the form " + mapping_.time_format + ".");
    } else if (*at < kFirstTime) {
        complain(row, use, "No time of a desk: it lies before 1970.");
    } else if (*at > now_ + kClockSlack) {
        complain(row, use, "It lies in the future: is its form or its zone another?");
    } else {
        return at;
    }
    return std::nullopt;
}

std::optional<int> RowReader::level(Snapshot& row, Use use, const Words<int>& words, int max) const {
    const std::string_view text = value(row, use);
    if (text.empty()) return std::nullopt;
    if (const auto it = words.find(text); it != words.end()) return it->second;
    const int digit = text.front() - '0';
    const bool stands_alone = text.size() == 1 || text[1] < '0' || text[1] > '9';
    if (words.empty() && digit >= 1 && digit <= max && stands_alone) return digit;
    complain(row, use,
             words.empty() ? "No number from 1 to " + std::to_string(max) + " stands at its front."
                           : "The mapping does not name this value.");
    return std::nullopt;
}

std::optional<int> RowReader::count(Snapshot& row, Use use) const {
    const std::string_view text = value(row, use);
    if (text.empty()) return std::nullopt;
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size() && number >= 0) return number;
    complain(row, use, "No count.");
    return std::nullopt;
}

std::string RowReader::name(Snapshot& row, Use use) const {
    std::string text = one_line(value(row, use));
    if (count_characters(text) <= kNameCharactersMax) return text;
    complain(row, use, "A name has at most 250 characters.");
    return {};
}

void RowReader::read_words(Snapshot& row) const {
    row.team = name(row, Use::team);
    row.assignee = name(row, Use::assignee);
    row.requester = name(row, Use::requester);
    row.category = name(row, Use::category);
    row.subcategory = name(row, Use::subcategory);
    row.description = value(row, Use::description);
    row.contact_type = value(row, Use::contact_type);
    row.problem_id = one_line(value(row, Use::problem_id));
}

void RowReader::read_marks(Snapshot& row) const {
    if (const auto word = value(row, Use::state); !word.empty()) {
        const auto it = mapping_.states.find(word);
        if (it != mapping_.states.end()) row.state = it->second;
        if (it == mapping_.states.end())
            complain(row, Use::state, "The mapping does not name this state; the state is kept.");
    }
    if (!row.contact_type.empty()) {
        const auto it = mapping_.channels.find(row.contact_type);
        if (it != mapping_.channels.end()) row.channel = it->second;
        if (it == mapping_.channels.end()) complain(row, Use::contact_type, "The mapping does not name this channel.");
    }
    row.impact = level(row, Use::impact, mapping_.impacts, 3);
    row.urgency = level(row, Use::urgency, mapping_.urgencies, 3);
    const std::string_view priority = value(row, Use::priority);
    if (mapping_.priorities.empty()) {
        const auto digit = level(row, Use::priority, {}, 5);
        if (digit) row.priority = static_cast<Priority>(*digit - 1);
    } else if (!priority.empty()) {
        const auto it = mapping_.priorities.find(priority);
        if (it != mapping_.priorities.end()) row.priority = it->second;
        if (it == mapping_.priorities.end()) complain(row, Use::priority, "The mapping does not name this value.");
    }
    const std::string_view made_sla = value(row, Use::made_sla);
    if (!made_sla.empty()) {
        const auto it = mapping_.made_sla.find(made_sla);
        if (it != mapping_.made_sla.end()) row.made_sla = it->second;
        if (it == mapping_.made_sla.end()) complain(row, Use::made_sla, "The mapping does not name this value.");
    }
    row.reassignment_count = count(row, Use::reassignment_count);
    row.reopen_count = count(row, Use::reopen_count);
}

Snapshot RowReader::read(const SourceRow& source) {
    Snapshot row;
    row.line = source.line;
    row.cells = Cells(source.cells);
    read_words(row);
    read_marks(row);
    row.opened_at = time(row, Use::opened_at);
    row.at = time(row, Use::updated_at);
    row.started_at = time(row, Use::started_at);
    row.resolved_at = time(row, Use::resolved_at);
    row.closed_at = time(row, Use::closed_at);
    if (mapping_.shape == Shape::incidents) check_times(row);
    return row;
}

// The life of one row is told by its times, so they must be there and follow one another.
void RowReader::check_times(Snapshot& row) const {
    std::optional<Use> before;
    std::optional<Instant> latest;
    const auto follow = [&](Use use, const std::optional<Instant>& at) {
        if (!at) return;
        if (latest && *at < *latest) {
            complain(row, use, "It lies before \"" + mapping_.column(*before) + "\"; its step is told at that time.");
            return;
        }
        before = use;
        latest = at;
    };
    follow(Use::opened_at, row.opened_at);
    follow(Use::started_at, row.started_at);
    follow(Use::resolved_at, row.resolved_at);
    follow(Use::closed_at, row.closed_at);
    const bool is_done = row.state && (row.state->state == State::resolved || row.state->state == State::closed);
    if (is_done && !row.resolved_at && !row.closed_at && !row.at)
        complain(row, Use::state, "No time says when; the step is told at the last time that the row names.");
}

std::string RowReader::title_of(const IncidentRows& incident) const {
    std::string title;
    for (const std::size_t place : title_places_) {
        const std::string word = one_line(cell(incident.rows.back(), place));
        if (word.empty()) continue;
        if (!title.empty()) title += kJoiner;
        title += word;
    }
    if (title.empty()) return "Imported incident";
    return cut_to_characters(std::move(title), kTitleCharactersMax);
}

}  // namespace firstline::app::imports
