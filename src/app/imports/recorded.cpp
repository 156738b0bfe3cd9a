#include "app/imports/recorded.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <set>

namespace firstline::app::imports {
namespace {

using namespace domain;
namespace json = boost::json;

// Lists are one text each, for the object is flat; no state has a line break, nor has a problem's number.
constexpr char kListSeparator = '\n';

std::string joined(const std::vector<std::string>& items) {
    std::string out;
    for (const auto& item : items) {
        if (!out.empty()) out.push_back(kListSeparator);
        out += item;
    }
    return out;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = text.find(kListSeparator);
        out.emplace_back(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    return out;
}

void add_once(std::vector<std::string>& list, std::string item) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(std::move(item));
}

json::value time_or_null(const std::optional<Instant>& at) {
    if (!at) return nullptr;
    return json::value(to_rfc3339(*at));
}
json::value text_or_null(const std::string& text) {
    if (text.empty()) return nullptr;
    return json::value(text);
}

std::string text_of(const json::object& object, std::string_view name) {
    const auto* member = object.if_contains(json::string_view(name.data(), name.size()));
    return member != nullptr && member->is_string() ? std::string(std::string_view(member->get_string()))
                                                    : std::string();
}
std::int64_t number_of(const json::object& object, std::string_view name) {
    const auto* member = object.if_contains(json::string_view(name.data(), name.size()));
    return member != nullptr && member->is_int64() ? member->get_int64() : 0;
}
std::optional<Instant> time_of(const json::object& object, std::string_view name) {
    const auto at = parse_rfc3339(text_of(object, name));
    return at ? std::optional{*at} : std::nullopt;
}

}  // namespace

Recorded recorded_of(const IncidentRows& incident, const History& history) {
    Recorded out;
    out.events = static_cast<std::int64_t>(incident.rows.size());
    std::set<std::int64_t> lines;
    for (const RowProblem& problem : history.problems) lines.insert(problem.line);
    for (const Snapshot& row : incident.rows) {
        if (!row.problems.empty()) lines.insert(row.line);
        if (!row.problem_id.empty()) add_once(out.problem_ids, row.problem_id);
    }
    out.rows_not_understood = static_cast<std::int64_t>(lines.size());
    for (const Step& step : history.steps) {
        if (!step.state) continue;
        // One row per incident shows no `new` of its own, only that it was opened.
        if (step.has_facts && !(step.row->state == step.state) && history.steps.size() > 1) continue;
        out.state = to_string(step.state->state);
        add_once(out.states, to_word(*step.state));
    }
    const Snapshot& last = incident.rows.back();
    if (last.priority) out.priority = to_string(*last.priority);
    out.contact_type = last.contact_type;
    if (last.channel) out.channel = to_string(*last.channel);
    out.problem_id = last.problem_id;
    out.reassignment_count = last.reassignment_count.value_or(0);
    out.reopen_count = last.reopen_count.value_or(0);
    out.made_sla = last.made_sla;
    out.opened_at = opened_at_of(incident);
    out.resolved_at = last.resolved_at;
    out.closed_at = last.closed_at;
    return out;
}

std::string to_json(const Recorded& recorded, const IncidentRows& incident, const RowReader& reader) {
    json::object out;
    out["events"] = recorded.events;
    out["rows_not_understood"] = recorded.rows_not_understood;
    out["state"] = text_or_null(recorded.state);
    out["states"] = joined(recorded.states);
    out["priority"] = text_or_null(recorded.priority);
    out["contact_type"] = text_or_null(recorded.contact_type);
    out["channel"] = text_or_null(recorded.channel);
    out["problem_id"] = text_or_null(recorded.problem_id);
    out["problem_ids"] = joined(recorded.problem_ids);
    out["reassignment_count"] = recorded.reassignment_count;
    out["reopen_count"] = recorded.reopen_count;
    out["made_sla"] = recorded.made_sla ? json::value(*recorded.made_sla) : json::value(nullptr);
    out["opened_at"] = time_or_null(recorded.opened_at);
    out["resolved_at"] = time_or_null(recorded.resolved_at);
    out["closed_at"] = time_or_null(recorded.closed_at);
    const Snapshot& last = incident.rows.back();
    for (std::size_t i = 0; i < last.cells.size(); ++i) {
        const std::string_view cell = reader.cell(last, i);
        const std::string& name = reader.columns()[i];
        if (cell.empty() || reader.is_number_column(i)) continue;
        if (out.contains(name)) continue;  // said above, in our own words
        out[name] = json::string_view(cell.data(), cell.size());
    }
    return json::serialize(out);
}

std::optional<Recorded> recorded_from_json(std::string_view text) {
    boost::system::error_code error;
    json::monotonic_resource memory;
    const auto parsed = json::parse(json::string_view(text.data(), text.size()), error, &memory);
    if (error || !parsed.is_object()) return std::nullopt;
    const auto& object = parsed.get_object();
    Recorded out;
    out.events = number_of(object, "events");
    out.rows_not_understood = number_of(object, "rows_not_understood");
    out.state = text_of(object, "state");
    out.states = split(text_of(object, "states"));
    out.priority = text_of(object, "priority");
    out.contact_type = text_of(object, "contact_type");
    out.channel = text_of(object, "channel");
    out.problem_id = text_of(object, "problem_id");
    out.problem_ids = split(text_of(object, "problem_ids"));
    out.reassignment_count = number_of(object, "reassignment_count");
    out.reopen_count = number_of(object, "reopen_count");
    if (const auto* made = object.if_contains("made_sla"); made != nullptr && made->is_bool())
        out.made_sla = made->get_bool();
    out.opened_at = time_of(object, "opened_at");
    out.resolved_at = time_of(object, "resolved_at");
    out.closed_at = time_of(object, "closed_at");
    return out;
}

}  // namespace firstline::app::imports
