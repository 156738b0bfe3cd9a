#include "app/directory/settings.hpp"

#include <charconv>

#include "base/text.hpp"

namespace firstline::app {
namespace {

using domain::Settings;

std::int64_t to_number(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

template <int Settings::* Member>
constexpr SettingRow number(std::string_view name, std::int64_t min, std::int64_t max, std::string_view about) {
    return {name,
            SettingType::number,
            min,
            max,
            about,
            [](const Settings& s) { return std::to_string(s.*Member); },
            [](Settings& s, std::string_view v) { s.*Member = static_cast<int>(to_number(v)); }};
}
template <std::string Settings::* Member>
constexpr SettingRow text(std::string_view name, SettingType type, std::int64_t max, std::string_view about) {
    return {name,
            type,
            0,
            max,
            about,
            [](const Settings& s) { return s.*Member; },
            [](Settings& s, std::string_view v) { s.*Member = std::string(v); }};
}

// clang-format off
constexpr SettingRow kSettings[]{
    text<&Settings::desk_name>("desk_name", SettingType::text, 100, "The name of the desk on pages and in mails."),
    {"default_team", SettingType::team, 0, 0, "The service desk that gets what no rule and no service names a team for.",
     [](const Settings& s) { return s.default_team.is_set() ? std::to_string(s.default_team.value) : std::string(); },
     [](Settings& s, std::string_view v) { s.default_team = domain::TeamId{to_number(v)}; }},
    number<&Settings::reopen_window_days>("reopen_window_days", 1, 365, "Calendar days after closing in which an incident can be reopened and rated."),
    number<&Settings::auto_close_days>("auto_close_days", 1, 90, "Business days without a message after which a resolved incident is closed."),
    number<&Settings::undo_minutes>("undo_minutes", 1, 60, "Minutes in which one's own last act can be undone."),
    number<&Settings::affected_department_min>("affected_department_min", 2, 1'000'000, "From this many affected people the impact is 2."),
    number<&Settings::affected_organization_min>("affected_organization_min", 3, 1'000'000, "From this many affected people the impact is 1."),
    text<&Settings::report_zone>("report_zone", SettingType::zone, 64, "The IANA time zone of reports."),
    text<&Settings::phone>("phone", SettingType::text, 100, "The phone number that the portal shows."),
    text<&Settings::hours>("hours", SettingType::text, 200, "The service hours that the portal shows."),
};
// clang-format on

tl::unexpected<Error> refuse(const SettingRow& row, std::string code, std::string detail) {
    return fail(
        Error{ErrorKind::invalid, "request.invalid", detail, {{"/" + std::string(row.name), std::move(code), detail}}});
}

}  // namespace

std::span<const SettingRow> setting_rows() { return kSettings; }

const SettingRow* find_setting(std::string_view name) {
    for (const auto& row : kSettings) {
        if (row.name == name) return &row;
    }
    return nullptr;
}

void set_setting(Settings& settings, std::string_view name, std::string_view value) {
    if (const SettingRow* row = find_setting(name)) row->set(settings, value);
}

Result<std::string> check_setting(const SettingRow& row, std::string_view value, const domain::Desk& desk) {
    switch (row.type) {
        case SettingType::text:
            if (count_characters(value) > static_cast<std::size_t>(row.max)) {
                return refuse(row, "too_long", "At most " + std::to_string(row.max) + " characters.");
            }
            return std::string(value);
        case SettingType::number: {
            std::int64_t number = 0;
            const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
            if (error != std::errc{} || end != value.data() + value.size())
                return refuse(row, "type", "A whole number is needed.");
            if (number < row.min || number > row.max) {
                return refuse(row, "range", "From " + std::to_string(row.min) + " to " + std::to_string(row.max) + ".");
            }
            return std::to_string(number);
        }
        case SettingType::zone:
            if (!is_known_zone(value))
                return refuse(row, "enum", "An IANA time zone such as Europe/Stockholm is needed.");
            return std::string(value);
        case SettingType::team: {
            if (value.empty()) return std::string();
            const auto* team = desk.team(value);
            if (team == nullptr || !team->is_active) return refuse(row, "not_found", "There is no such team.");
            return std::to_string(team->id.value);
        }
    }
    return std::string(value);
}

}  // namespace firstline::app
