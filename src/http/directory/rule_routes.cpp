// Priority matrix, settings, audit log.
#include "app/directory/rules/audit_log.hpp"
#include "app/directory/rules/rules.hpp"
#include "base/text.hpp"
#include "http/directory/crud.hpp"
#include "http/directory/routes.hpp"

namespace firstline::http {

using namespace app;
using domain::Permission;

namespace {

constexpr std::size_t kCells = 9;
constexpr std::string_view kAuditSubjects[]{"session", "user",   "team",     "organization", "category", "service",
                                            "tag",     "matrix", "settings", "token",        "view"};
constexpr std::string_view kAuditKinds[]{"create", "edit",    "activate",       "deactivate", "password",
                                         "revoke", "sign_in", "sign_in_failed", "sign_out"};

Response matrix_response(const MatrixAnswer& answer) {
    JsonWriter json;
    json.begin_object().key("cells").begin_array();
    for (std::size_t i = 0; i < answer.matrix.size(); ++i) {
        for (std::size_t u = 0; u < answer.matrix[i].size(); ++u) {
            json.begin_object();
            json.key("impact").number(static_cast<std::int64_t>(i + 1));
            json.key("urgency").number(static_cast<std::int64_t>(u + 1));
            json.key("priority").text(to_string(answer.matrix[i][u]));
            json.end_object();
        }
    }
    json.end_array().end_object();
    Response response = json_response(200, json.take());
    response.headers.push_back({"ETag", etag_of(answer.version)});
    return response;
}

Result<std::vector<MatrixCell>> decode_matrix(const Call& call) {
    TRY(const Body body, call.json());
    std::vector<FieldError> errors;
    Fields fields(body.value(), "", errors);
    if (!fields.has("cells")) fields.refuse("cells", "required", "This is needed.");
    std::vector<MatrixCell> cells;
    for (const auto& [value, pointer] : fields.objects("cells", kCells)) {
        Fields members(*value, pointer, errors);
        MatrixCell cell;
        for (const std::string_view name : {"impact", "urgency", "priority"}) {
            if (!members.has(name)) members.refuse(name, "required", "This is needed.");
        }
        cell.impact = static_cast<int>(members.number("impact", 1, 3).value_or(0));
        cell.urgency = static_cast<int>(members.number("urgency", 1, 3).value_or(0));
        cell.priority = members.word<domain::Priority>("priority").value_or(domain::Priority::p3);
        members.finish();
        cells.push_back(cell);
    }
    fields.finish();
    CHECK_OK(fields_status(std::move(errors)));
    return cells;
}

Response settings_response(const SettingsAnswer& answer) {
    JsonWriter json;
    const WantedFields all;
    {
        Item item(json, all);
        for (const SettingRow& row : setting_rows()) {
            const std::string value = row.get(answer.settings);
            switch (row.type) {
                case SettingType::number: item.member(row.name)->raw(value); break;
                case SettingType::team:
                    item.reference(row.name, answer.desk->team(answer.settings.default_team));
                    break;
                case SettingType::text:
                case SettingType::zone: item.text(row.name, value); break;
            }
        }
    }
    Response response = json_response(200, json.take());
    response.headers.push_back({"ETag", etag_of(answer.version)});
    return response;
}

Result<std::map<std::string, std::string>> decode_settings(const Call& call) {
    TRY(const Body body, call.json());
    std::vector<FieldError> errors;
    need_some_member(body, errors);
    Fields fields(body.value(), "", errors);
    std::map<std::string, std::string> values;
    for (const SettingRow& row : setting_rows()) {
        std::optional<std::string> given;
        switch (row.type) {
            case SettingType::number:
                if (const auto number = fields.number(row.name, row.min, row.max)) given = std::to_string(*number);
                break;
            case SettingType::team: given = fields.key_or_null(row.name); break;
            case SettingType::zone:
            case SettingType::text: given = fields.text(row.name, static_cast<std::size_t>(row.max)); break;
        }
        if (given) values.emplace(row.name, *given);
    }
    fields.finish();
    CHECK_OK(fields_status(std::move(errors)));
    return values;
}

void write_person(JsonWriter& json, const PersonName& person) {
    json.begin_object().key("key").text(person.key).key("name").text(person.name).end_object();
}

void write_value(JsonWriter& json, const AuditValue& value) {
    if (value.people) {
        json.begin_array();
        for (const PersonName& person : *value.people) write_person(json, person);
        json.end_array();
    } else if (value.words) {
        json.begin_array();
        for (const std::string& word : *value.words) json.text(word);
        json.end_array();
    } else if (const auto* flag = std::get_if<bool>(&value.plain)) {
        json.flag(*flag);
    } else if (const auto* number = std::get_if<std::int64_t>(&value.plain)) {
        json.number(*number);
    } else if (const auto* text = std::get_if<std::string>(&value.plain)) {
        json.text_or_null(*text);
    } else {
        json.null();
    }
}

void write_line(JsonWriter& json, const AuditLine& line) {
    json.begin_object();
    json.key("pos").number(line.pos);
    json.key("subject").text(line.subject);
    json.key("key").text_or_null(line.key);
    json.key("kind").text(line.kind);
    json.key("at").instant(line.at);
    json.key("actor").begin_object().key("kind").text(line.actor ? "user" : "desk");
    json.key("key").text_or_null(line.actor ? line.actor->key : std::string());
    json.key("name").text(line.actor ? line.actor->name : line.desk_name).end_object();
    json.key("changes").begin_array();
    for (const AuditChange& change : line.changes) {
        json.begin_object().key("field").text(change.field).key("before");
        write_value(json, change.before);
        json.key("after");
        write_value(json, change.after);
        json.end_object();
    }
    json.end_array();
    json.key("hash").text(to_hex(line.hash));
    json.end_object();
}

std::vector<std::string> read_words(QueryFields& query, std::string_view name,
                                    std::span<const std::string_view> known) {
    auto words = query.all(name);
    for (const std::string& word : words) {
        if (std::find(known.begin(), known.end(), word) == known.end()) {
            query.refuse(name, "enum", "\"" + word.substr(0, 40) + "\" is none of the words allowed here.");
        }
    }
    return words;
}

Result<Response> audit_page(const Call& call, Reader& reader, Toolbox& tools) {
    CHECK_OK(need(call.session, Permission::audit_see));
    std::vector<FieldError> errors;
    QueryFields query(call.query, errors);
    TRY(const ListQuery list, ListQuery::read(call, reader, "audit", query, {}, false));
    AuditFilter filter;
    filter.subjects = read_words(query, "subject", kAuditSubjects);
    filter.kinds = read_words(query, "kind", kAuditKinds);
    filter.actors = query.all("actor");
    for (const std::string& key : filter.actors) {
        if (!is_key(key)) query.refuse("actor", "format", "A key is written in a–z, 0–9 and -, at most 64 of them.");
    }
    query.finish();
    CHECK_OK(fields_status(std::move(errors)));
    TRY(const auto page, list_audit(reader, tools, call.session, filter, list.page));
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const AuditLine& line : page.items) write_line(json, line);
    json.end_array();
    write_next(json, list, page.next);
    json.end_object();
    return json_response(200, json.take());
}

Status no_parameters(const Call& call) {
    std::vector<FieldError> errors;
    QueryFields(call.query, errors).finish();
    return fields_status(std::move(errors));
}

}  // namespace

void add_rule_routes(Api& api, Toolbox& tools) {
    Router& r = api.router();
    r.add({"GET", "/api/v1/priority-matrix", Auth::caller,
           ReadHandler([&tools](Call& call, Reader& reader) -> Result<Response> {
               CHECK_OK(no_parameters(call));
               TRY(const auto answer, read_matrix(reader, tools, call.session));
               return matrix_response(answer);
           })});
    r.add({"PUT", "/api/v1/priority-matrix", Auth::caller,
           ChangeHandler([&tools](Call& call, Reader& reader) -> Result<Outcome> {
               CHECK_OK(need(call.session, Permission::matrix_edit));
               TRY(const auto cells, decode_matrix(call));
               TRY(const auto guard, call.guard(std::nullopt));
               TRY(auto decided, set_matrix(reader, tools, call.session, cells, guard));
               return Outcome{std::move(decided.change), matrix_response(decided.answer), {}};
           })});
    r.add(
        {"GET", "/api/v1/settings", Auth::caller, ReadHandler([&tools](Call& call, Reader& reader) -> Result<Response> {
             CHECK_OK(no_parameters(call));
             TRY(const auto answer, read_settings(reader, tools, call.session));
             return settings_response(answer);
         })});
    r.add({"PATCH", "/api/v1/settings", Auth::caller,
           ChangeHandler([&tools](Call& call, Reader& reader) -> Result<Outcome> {
               CHECK_OK(need(call.session, Permission::settings_edit));
               TRY(const auto values, decode_settings(call));
               TRY(const auto guard, call.guard(std::nullopt));
               TRY(auto decided, edit_settings(reader, tools, call.session, values, guard));
               return Outcome{std::move(decided.change), settings_response(decided.answer), {}};
           })});
    r.add({"GET", "/api/v1/audit", Auth::caller,
           ReadHandler([&tools](Call& call, Reader& reader) { return audit_page(call, reader, tools); })});
}

}  // namespace firstline::http
