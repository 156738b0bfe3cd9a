#include "app/directory/rules/rules.hpp"

#include <set>

#include "app/directory/config_change.hpp"
#include "base/text.hpp"
#include "domain/incident/decide.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::string_view kMatrix = "matrix";
constexpr std::string_view kSettings = "settings";
constexpr std::size_t kCells = 9;

Result<PriorityMatrix> matrix_of(const std::vector<MatrixCell>& cells) {
    FieldErrors errors;
    PriorityMatrix out{};
    std::set<std::pair<int, int>> seen;
    errors.need(cells.size() == kCells, "/cells", "range", "Give all nine cells.");
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const MatrixCell& cell = cells[i];
        const std::string place = "/cells/" + std::to_string(i);
        const bool has_impact = cell.impact >= 1 && cell.impact <= 3;
        const bool has_urgency = cell.urgency >= 1 && cell.urgency <= 3;
        errors.need(has_impact, place + "/impact", "range", "From 1 to 3.");
        errors.need(has_urgency, place + "/urgency", "range", "From 1 to 3.");
        if (!has_impact || !has_urgency) continue;
        errors.need(seen.emplace(cell.impact, cell.urgency).second, place, "duplicate", "Give each cell once.");
        out[static_cast<std::size_t>(cell.impact - 1)][static_cast<std::size_t>(cell.urgency - 1)] = cell.priority;
    }
    CHECK_OK(errors.result());
    return out;
}

// Free text of people does not go into the entry's data.
bool is_words(const SettingRow& row) { return row.type == SettingType::text; }

std::string shown(const SettingRow& row, const Settings& settings, const Desk& desk) {
    if (row.type != SettingType::team) return row.get(settings);
    const Team* team = desk.team(settings.default_team);
    return team == nullptr ? std::string() : team->key;
}

// The rows that were named, with the text to store.
Result<std::vector<std::pair<const SettingRow*, std::string>>> check_all(
    const Desk& desk, const std::map<std::string, std::string>& values, Settings& after) {
    std::vector<std::pair<const SettingRow*, std::string>> out;
    Error errors{ErrorKind::invalid, "request.invalid", "", {}, {}};
    const auto refuse = [&](const std::string& name, std::string code, const std::string& detail) {
        errors.detail = detail;
        errors.fields.push_back({"/" + name, std::move(code), detail});
    };
    for (const auto& [name, given] : values) {
        const SettingRow* row = find_setting(name);
        if (row == nullptr) {
            refuse(name.substr(0, 64), "unknown", "There is no such setting.");
            continue;
        }
        auto checked = check_setting(*row, given, desk);
        if (!checked) {
            for (auto& field : checked.error().fields) refuse(std::string(row->name), field.code, field.detail);
            continue;
        }
        if (name == "desk_name" && is_blank(*checked)) refuse(name, "blank", "The desk needs a name.");
        row->set(after, *checked);
        out.emplace_back(row, std::move(*checked));
    }
    if (errors.fields.empty() && after.affected_organization_min <= after.affected_department_min) {
        refuse("affected_organization_min", "conflict", "It must be above affected_department_min.");
    }
    if (!errors.fields.empty()) return fail(std::move(errors));
    return out;
}

}  // namespace

Result<MatrixAnswer> read_matrix(Reader& reader, Toolbox& tools, const Session& session) {
    CHECK_OK(need(session, Permission::team_see));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const std::int64_t version, last_seq_of(reader, kMatrix, 0));
    return MatrixAnswer{desk->matrix, version};
}

Result<Decided<MatrixAnswer>> set_matrix(Reader& reader, Toolbox& tools, const Session& session,
                                         const std::vector<MatrixCell>& cells, const VersionGuard& guard) {
    CHECK_OK(need(session, Permission::matrix_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const std::int64_t last, last_seq_of(reader, kMatrix, 0));
    CHECK_OK(check_guard(guard, last));
    TRY(const PriorityMatrix after, matrix_of(cells));
    if (after == desk->matrix) return Decided<MatrixAnswer>{std::nullopt, {after, last}};
    ConfigChange change(reader, tools, desk, session);
    Differences differences;
    for (std::size_t i = 0; i < after.size(); ++i) {
        for (std::size_t u = 0; u < after[i].size(); ++u) {
            const std::string field = "impact_" + std::to_string(i + 1) + "_urgency_" + std::to_string(u + 1);
            differences.value(field, std::string(to_string(desk->matrix[i][u])), std::string(to_string(after[i][u])));
            change.write(
                {"priority_cell.put",
                 {static_cast<std::int64_t>(i + 1), static_cast<std::int64_t>(u + 1), value(to_string(after[i][u]))}});
        }
    }
    CHECK_OK(change.record(differences.fact(kMatrix, 0, last + 1, "edit")));
    return Decided<MatrixAnswer>{change.take(true), {after, last + 1}};
}

Result<SettingsAnswer> read_settings(Reader& reader, Toolbox& tools, const Session& session) {
    CHECK_OK(need(session, Permission::team_see));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const std::int64_t version, last_seq_of(reader, kSettings, 0));
    return SettingsAnswer{desk->settings, desk, version};
}

Result<Decided<SettingsAnswer>> edit_settings(Reader& reader, Toolbox& tools, const Session& session,
                                              const std::map<std::string, std::string>& values,
                                              const VersionGuard& guard) {
    CHECK_OK(need(session, Permission::settings_edit));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const std::int64_t last, last_seq_of(reader, kSettings, 0));
    CHECK_OK(check_guard(guard, last));
    SettingsAnswer answer{desk->settings, desk, last};
    TRY(const auto rows, check_all(*desk, values, answer.settings));
    ConfigChange change(reader, tools, desk, session);
    Differences differences;
    for (const auto& [row, stored] : rows) {
        const std::string before = shown(*row, desk->settings, *desk);
        const std::string after = shown(*row, answer.settings, *desk);
        if (before == after) continue;
        if (is_words(*row)) {
            differences.text(row->name, before, after);
        } else {
            differences.value(row->name, before, after);
        }
        change.write({"setting.put", {std::string(row->name), stored}});
    }
    if (differences.is_empty()) return Decided<SettingsAnswer>{std::nullopt, std::move(answer)};
    CHECK_OK(change.record(differences.fact(kSettings, 0, last + 1, "edit")));
    answer.version = last + 1;
    return Decided<SettingsAnswer>{change.take(true), std::move(answer)};
}

}  // namespace firstline::app
