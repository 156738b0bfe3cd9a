// What the columns of another desk's table mean (docs/import.md); read from a mapping file by intake/mapping.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "domain/incident/vocabulary.hpp"

namespace firstline::app::imports {

// Where an incident stands in a row.
struct RowState {
    domain::State state = domain::State::new_;
    std::optional<domain::HoldReason> hold_reason;
    friend bool operator==(const RowState&, const RowState&) = default;
};
// "in_progress", "on_hold.awaiting_vendor"; none for other words and for states that no import can show.
[[nodiscard]] std::optional<RowState> parse_row_state(std::string_view word);
[[nodiscard]] std::string to_word(const RowState& state);

enum class Shape : std::uint8_t {
    events,     // a row is a snapshot after an update; the rows of one incident follow one another
    incidents,  // one row per incident; its life is told by its times
};
template <class T>
using Words = std::map<std::string, T, std::less<>>;

// What a column can be used for.
enum class Use : std::uint8_t {
    number,
    state,
    opened_at,
    updated_at,
    started_at,
    resolved_at,
    closed_at,
    team,
    assignee,
    requester,
    category,
    subcategory,
    impact,
    urgency,
    priority,
    contact_type,
    made_sla,
    reassignment_count,
    reopen_count,
    problem_id,
    description
};
inline constexpr std::array<std::string_view, 21> kUseWords{
    "number",   "state",        "opened_at", "updated_at",         "started_at",   "resolved_at", "closed_at",
    "team",     "assignee",     "requester", "category",           "subcategory",  "impact",      "urgency",
    "priority", "contact_type", "made_sla",  "reassignment_count", "reopen_count", "problem_id",  "description"};
inline constexpr std::size_t kUseCount = kUseWords.size();

struct Mapping {
    std::string source = "import";  // the name under which external references are unique
    char separator = ',';
    Shape shape = Shape::events;
    std::vector<std::string> missing;            // values that say nothing; the empty one always does
    std::string time_format;                     // "%d/%m/%Y %H:%M", or "rfc3339": with its own offset
    std::string zone = "UTC";                    // of times without an offset
    std::array<std::string, kUseCount> columns;  // by Use; empty: the table has none
    std::vector<std::string> title_columns;
    Words<RowState> states;
    Words<domain::Channel> channels;
    Words<domain::Priority> priorities;  // empty: the leading digit, as for impact and urgency
    Words<int> impacts, urgencies;
    Words<bool> made_sla;

    [[nodiscard]] const std::string& column(Use use) const { return columns[static_cast<std::size_t>(use)]; }
};

// Reads times of one format and zone; remembers what it has read, for times repeat from row to row. One thread.
class TimeReader {
public:
    TimeReader(std::string format, std::string zone) : format_(std::move(format)), zone_(std::move(zone)) {}
    [[nodiscard]] std::optional<Instant> read(std::string_view text);

private:
    [[nodiscard]] std::optional<Instant> parse(std::string_view text) const;
    std::string format_, zone_;
    std::unordered_map<std::string, std::optional<Instant>> known_;
};
// %Y %m %d %H %M %S and literal characters, or "rfc3339".
[[nodiscard]] bool is_time_format(std::string_view format);

}  // namespace firstline::app::imports
