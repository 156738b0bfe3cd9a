#include "http/search/search_routes.hpp"

#include <algorithm>

#include "app/search/search_incidents.hpp"
#include "base/text.hpp"
#include "http/api/json_writer.hpp"

namespace firstline::http {

using app::Reader;

namespace {

constexpr std::size_t kQueryCharactersMax = 400;

template <class Record>
void write_record(JsonWriter& json, std::string_view name, const Record* record) {
    json.key(name);
    if (record == nullptr) {
        json.null();
        return;
    }
    json.begin_object().key("key").text(record->key).key("name").text(record->name).end_object();
}

const app::Named* person(const app::SearchPage& page, domain::UserId id) {
    const auto found = page.people.find(id.value);
    return found == page.people.end() ? nullptr : &found->second;
}

// The two shapes of a hit; the requester's names nothing that is not on api.md §2's list.
void write_hit(JsonWriter& json, const app::SearchHit& hit, const app::SearchPage& page) {
    const domain::Incident& i = hit.incident;
    json.begin_object();
    if (hit.sees_internal) json.key("kind").text("incident");
    json.key("number").text(app::to_number(i.id)).key("title").text(i.title);
    if (hit.sees_internal) {
        json.key("state").text(to_string(i.state)).key("priority");
        if (i.is_priority_known) {
            json.text(to_string(i.priority));
        } else {
            json.null();
        }
        write_record(json, "category", page.desk->category(i.category));
        write_record(json, "service", page.desk->service(i.service));
        write_record(json, "team", page.desk->team(i.team));
        write_record(json, "assignee", person(page, i.assignee));
        write_record(json, "requester", person(page, i.requester));
    } else {
        json.key("step").text(to_string(step_of(i.state)));
        write_record(json, "service", page.desk->service(i.service));
    }
    json.key("created_at")
        .instant(i.created_at)
        .key("updated_at")
        .instant(hit.sees_internal ? i.updated_at : hit.changed_at);
    json.end_object();
}

void read_words(QueryFields& query, app::SearchInput& input) {
    const auto q = query.one("q");
    if (!q) {
        query.refuse("q", "required", "Give words to search for.");
    } else if (is_blank(*q)) {
        query.refuse("q", "blank", "Give words to search for.");
    } else if (count_characters(*q) > kQueryCharactersMax) {
        query.refuse("q", "too_long", "At most 400 characters.");
    } else {
        input.q = *q;
    }
}

void read_sort(QueryFields& query, app::SearchInput& input) {
    const auto sort = query.one("sort");
    if (!sort || *sort == "-created_at") return;
    input.sort = app::SearchSort::relevance;
    if (*sort != "relevance") query.refuse("sort", "enum", "One of -created_at, relevance.");
}

}  // namespace

void add_search_routes(Api& api, app::Toolbox& tools, app::SearchIndex& index) {
    const auto search = [&tools, &index](Call& call, Reader& reader) -> Result<Response> {
        std::vector<FieldError> errors;
        QueryFields query(call.query, errors);
        app::SearchInput input;
        read_words(query, input);
        read_sort(query, input);
        const auto kinds = query.all("kind");
        if (std::any_of(kinds.begin(), kinds.end(), [](const auto& kind) { return kind != "incident"; })) {
            query.refuse("kind", "enum", "Only incident.");
        }
        input.after = query.one("after").value_or("");
        input.limit = static_cast<std::size_t>(query.number("limit", kPageDefault, 1, kPageMax));
        query.finish();
        CHECK_OK(fields_status(std::move(errors)));
        TRY(const auto page, app::search_incidents(reader, tools, index, call.session, input));
        JsonWriter json;
        json.begin_object().key("items").begin_array();
        for (const auto& hit : page.items) write_hit(json, hit, page);
        json.end_array().key("next").text_or_null(page.next).end_object();
        return json_response(200, json.take());
    };
    api.router().add({"GET", "/api/v1/search", Auth::caller, ReadHandler(search)});
}

}  // namespace firstline::http
