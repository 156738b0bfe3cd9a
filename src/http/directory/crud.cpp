#include "http/directory/crud.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace firstline::http {
namespace {

WantedFields read_wanted(QueryFields& query, std::span<const std::string_view> known) {
    WantedFields out;
    const auto given = query.one("fields");
    if (!given) return out;
    std::string_view rest = *given;
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const std::string name(rest.substr(0, comma));
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            query.refuse("fields", "enum", "\"" + name.substr(0, 40) + "\" is no field here.");
        } else if (!out.insert(name).second) {
            query.refuse("fields", "duplicate", "Name each field once.");
        }
    }
    if (given->empty()) query.refuse("fields", "blank", "Name at least one field.");
    return out;
}

// A cursor belongs to a list with its filters.
std::string list_name(const Call& call, std::string_view list) {
    std::vector<std::string> filters;
    for (const auto& [name, value] : call.query) {
        if (name != "after" && name != "limit" && name != "fields") filters.push_back(name + "=" + value);
    }
    std::sort(filters.begin(), filters.end());
    std::string out(list);
    for (const auto& filter : filters) out += "&" + filter;
    return out;
}

}  // namespace

std::optional<bool> read_flag(QueryFields& query, std::string_view name) {
    const auto given = query.one(name);
    if (!given) return std::nullopt;
    if (*given == "true") return true;
    if (*given == "false") return false;
    query.refuse(name, "type", "true or false is needed.");
    return std::nullopt;
}

Result<ListQuery> ListQuery::read(const Call& call, app::Reader& reader, std::string_view list, QueryFields& query,
                                  std::span<const std::string_view> known, bool has_active) {
    ListQuery out;
    out.page.limit = query.number("limit", kPageDefault, 1, kPageMax);
    if (!known.empty()) out.fields = read_wanted(query, known);
    if (has_active) out.is_active = read_flag(query, "active");
    TRY(out.secret, app::load_desk_secret(reader));
    out.list = list_name(call, list);
    if (const auto cursor = query.one("after")) {
        auto key = app::read_key_cursor(out.secret, out.list, *cursor);
        if (!key) query.refuse("after", "format", "Pass `next` of the page before as it came.");
        out.page.after = std::move(key).value_or(std::string());
    }
    return out;
}

void write_next(JsonWriter& json, const ListQuery& query, const std::string& next) {
    json.key("next");
    if (next.empty()) {
        json.null();
    } else {
        json.text(app::make_key_cursor(query.secret, query.list, next));
    }
}

Response no_content() {
    Response response;
    response.status = 204;
    return response;
}

void need_some_member(const Body& body, std::vector<FieldError>& errors) {
    if (body.value().is_object() && body.value().get_object().empty()) {
        errors.push_back({"", "required", "Name at least one field to change."});
    }
}

std::optional<std::string> required_key(Fields& fields, std::string_view name) {
    auto key = fields.key(name);
    if (!fields.has(name)) fields.refuse(name, "required", "This is needed.");
    return key;
}

bool reads_reactivation(Fields& fields) {
    const auto active = fields.flag("active");
    if (active && !*active) fields.refuse("active", "enum", "Only true: DELETE takes a thing out of use.");
    return active.value_or(false);
}

}  // namespace firstline::http
