#include "app/imports/mapping.hpp"

namespace firstline::app::imports {
namespace {

using namespace domain;

constexpr std::string_view kOnHold = "on_hold.";
constexpr std::string_view kRfc3339 = "rfc3339";
constexpr std::size_t kTimesKnownMax = 65'536;

// Reads one to `digits_max` digits at the front of `text`.
bool take_number(std::string_view& text, std::size_t digits_max, int& out) {
    std::size_t count = 0;
    out = 0;
    while (count < digits_max && count < text.size() && text[count] >= '0' && text[count] <= '9') {
        out = out * 10 + (text[count] - '0');
        ++count;
    }
    text.remove_prefix(count);
    return count > 0;
}

bool take_part(std::string_view& text, char what, LocalTime& out) {
    switch (what) {
        // Two digits of a year would be the first century's.
        case 'Y': return take_number(text, 4, out.year) && out.year >= 1000;
        case 'm': return take_number(text, 2, out.month);
        case 'd': return take_number(text, 2, out.day);
        case 'H': return take_number(text, 2, out.hour);
        case 'M': return take_number(text, 2, out.minute);
        case 'S': return take_number(text, 2, out.second);
        default: return false;
    }
}

}  // namespace

std::optional<RowState> parse_row_state(std::string_view word) {
    if (word.starts_with(kOnHold)) {
        const auto reason = parse_word<HoldReason>(word.substr(kOnHold.size()));
        if (!reason) return std::nullopt;
        return RowState{State::on_hold, reason};
    }
    const auto state = parse_word<State>(word);
    if (!state || *state == State::on_hold || *state == State::canceled) return std::nullopt;
    return RowState{*state, std::nullopt};
}

std::string to_word(const RowState& state) {
    std::string out(to_string(state.state));
    if (state.hold_reason) {
        out += '.';
        out += to_string(*state.hold_reason);
    }
    return out;
}

bool is_time_format(std::string_view format) {
    if (format == kRfc3339) return true;
    bool has_year = false, has_month = false, has_day = false;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%') continue;
        if (++i == format.size() || std::string_view("YmdHMS").find(format[i]) == std::string_view::npos) return false;
        has_year = has_year || format[i] == 'Y';
        has_month = has_month || format[i] == 'm';
        has_day = has_day || format[i] == 'd';
    }
    return has_year && has_month && has_day;
}

std::optional<Instant> TimeReader::read(std::string_view text) {
    std::string key(text);
    if (const auto it = known_.find(key); it != known_.end()) return it->second;
    if (known_.size() >= kTimesKnownMax) known_.clear();
    const auto at = parse(text);
    known_.emplace(std::move(key), at);
    return at;
}

std::optional<Instant> TimeReader::parse(std::string_view text) const {
    if (format_ == kRfc3339) {
        const auto at = parse_rfc3339(text);
        return at ? std::optional{*at} : std::nullopt;
    }
    LocalTime local;
    for (std::size_t i = 0; i < format_.size(); ++i) {
        if (format_[i] == '%') {
            if (!take_part(text, format_[++i], local)) return std::nullopt;
        } else {
            if (text.empty() || text.front() != format_[i]) return std::nullopt;
            text.remove_prefix(1);
        }
    }
    if (!text.empty()) return std::nullopt;
    const auto at = from_local(local, zone_);
    return at ? std::optional{*at} : std::nullopt;
}

}  // namespace firstline::app::imports
