#include "http/incidents/list_routes.hpp"

#include <algorithm>

#include "app/incidents/counts.hpp"
#include "http/incidents/incident_json.hpp"

namespace firstline::http {

using app::ListFilter;
using app::ListSort;
using app::Reader;

namespace {

constexpr std::size_t kWordsMax = 400;

struct SortRow {
    std::string_view word;
    ListSort sort;
};
constexpr SortRow kSorts[]{{"priority", ListSort::priority},
                           {"due_at", ListSort::due_at},
                           {"created_at", ListSort::created_at},
                           {"updated_at", ListSort::updated_at}};

std::string_view word_of(ListSort sort) {
    for (const auto& row : kSorts) {
        if (row.sort == sort) return row.word;
    }
    return "priority";
}

FieldSet read_fields(QueryFields& query) {
    FieldSet out;
    const auto given = query.one("fields");
    if (!given) return out;
    std::string_view rest = *given;
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const std::string name(rest.substr(0, comma));
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
        if (!out.add(name)) {
            query.refuse("fields", "enum", "\"" + name.substr(0, 40) + "\" is no field of an incident.");
        }
    }
    if (out.is_empty()) query.refuse("fields", "blank", "Name at least one field.");
    return out;
}

void read_filter(QueryFields& query, ListFilter& filter) {
    filter.states = query.all("state");
    for (const auto& word : filter.states) {
        if (word == "open" || domain::parse_word<domain::State>(word)) continue;
        query.refuse("state", "enum", "\"" + word.substr(0, 40) + "\" is no state.");
    }
    filter.teams = query.all("team");
    filter.assignees = query.all("assignee");
    filter.priorities = query.all("priority");
    filter.categories = query.all("category");
    filter.services = query.all("service");
    filter.requesters = query.all("requester");
    filter.channels = query.all("channel");
    filter.tags = query.all("tag");
    filter.external_refs = query.all("external_ref");
    const auto q = query.one("q");
    if (!q) return;
    if (q->empty()) query.refuse("q", "blank", "Give words to search for.");
    if (q->size() > kWordsMax * 4) query.refuse("q", "too_long", "At most 400 characters.");
    filter.q = *q;
}

void read_sort(QueryFields& query, app::ListRequest& request) {
    const auto given = query.one("sort");
    if (!given) return;
    std::string_view word = *given;
    request.is_reversed = word.starts_with('-');
    if (request.is_reversed) word.remove_prefix(1);
    for (const auto& row : kSorts) {
        if (row.word == word) request.sort = row.sort;
    }
    if (!request.sort)
        query.refuse("sort", "enum", "One of priority, due_at, created_at, updated_at; with - before it reversed.");
}

// What is not given comes from the view.
Status apply_view(Reader& reader, app::Toolbox& tools, const app::Session& session, const std::string& key,
                  app::ListRequest& request) {
    TRY(const auto desk, tools.desks.current(reader));
    for (const app::View& view : app::views_of(*desk, session)) {
        if (view.key != key) continue;
        ListFilter& f = request.filter;
        const auto fill = [](std::vector<std::string>& mine, const std::vector<std::string>& preset) {
            if (mine.empty()) mine = preset;
        };
        fill(f.states, view.filter.states);
        fill(f.teams, view.filter.teams);
        fill(f.assignees, view.filter.assignees);
        fill(f.priorities, view.filter.priorities);
        if (!request.sort && view.sort != ListSort::created_at) {
            request.sort = view.sort;
            request.is_reversed = view.is_reversed;
        }
        return {};
    }
    return fail(Error{ErrorKind::invalid,
                      "request.invalid",
                      "You have no view \"" + key.substr(0, 64) + "\".",
                      {{"?view", "not_found", "GET /api/v1/views lists yours."}}});
}

// A requester's filters beyond their own list would tell how the desk works.
void check_requester_filters(QueryFields& query, const ListFilter& filter) {
    const auto refuse = [&](std::string_view name, bool is_given) {
        if (is_given) query.refuse(name, "conflict", "This filter is the desk's.");
    };
    refuse("team", !filter.teams.empty());
    refuse("assignee", !filter.assignees.empty());
    refuse("priority", !filter.priorities.empty());
    refuse("category", !filter.categories.empty());
    refuse("tag", !filter.tags.empty());
    refuse("external_ref", !filter.external_refs.empty());
    refuse("state",
           std::any_of(filter.states.begin(), filter.states.end(), [](const auto& word) { return word != "open"; }));
}

ReadHandler list_handler(app::Toolbox& tools, app::FindByWords find_by_words) {
    return [&tools, find_by_words = std::move(find_by_words)](Call& call, Reader& reader) -> Result<Response> {
        std::vector<FieldError> errors;
        QueryFields query(call.query, errors);
        app::ListRequest request;
        read_filter(query, request.filter);
        read_sort(query, request);
        const FieldSet fields = read_fields(query);
        const auto view = query.one("view");
        const auto after = query.one("after");
        if (after && after->empty()) query.refuse("after", "format", "Pass `next` of the page before as it came.");
        request.after = after.value_or("");
        request.limit = query.number("limit", kPageDefault, 1, kPageMax);
        const bool sees_all = call.session.is_agent() || call.session.caller.roles.has(domain::Role::auditor);
        if (!sees_all) check_requester_filters(query, request.filter);
        query.finish();
        CHECK_OK(fields_status(std::move(errors)));
        if (view) CHECK_OK(apply_view(reader, tools, call.session, *view, request));
        request.wants_heads_only = fields.is_heads_only();
        TRY(const auto page, app::list_incidents(reader, tools, call.session, request, find_by_words));
        JsonWriter json;
        json.begin_object().key("items").begin_array();
        for (const auto& answer : page.items) write_incident(json, answer, fields);
        json.end_array().key("next").text_or_null(page.next);
        if (page.scanned_to) json.key("scanned_to").text(app::to_number(*page.scanned_to));
        json.end_object();
        return json_response(200, json.take());
    };
}

void write_words(JsonWriter& json, std::string_view name, const std::vector<std::string>& words) {
    if (words.empty()) return;
    json.key(name).begin_array();
    for (const auto& word : words) json.text(word);
    json.end_array();
}

ReadHandler views_handler(app::Toolbox& tools) {
    return [&tools](Call& call, Reader& reader) -> Result<Response> {
        std::vector<FieldError> errors;
        QueryFields(call.query, errors).finish();
        CHECK_OK(fields_status(std::move(errors)));
        TRY(const auto desk, tools.desks.current(reader));
        JsonWriter json;
        json.begin_object().key("items").begin_array();
        for (const app::View& view : app::views_of(*desk, call.session)) {
            json.begin_object().key("key").text(view.key).key("name").text(view.name).key("filter").begin_object();
            write_words(json, "state", view.filter.states);
            write_words(json, "team", view.filter.teams);
            write_words(json, "assignee", view.filter.assignees);
            write_words(json, "priority", view.filter.priorities);
            json.end_object()
                .key("sort")
                .text((view.is_reversed ? "-" : "") + std::string(word_of(view.sort)))
                .end_object();
        }
        json.end_array().key("next").null().end_object();
        return json_response(200, json.take());
    };
}

ReadHandler counts_handler(app::Toolbox& tools) {
    auto cache = std::make_shared<app::CountsCache>();
    return [&tools, cache](Call& call, Reader& reader) -> Result<Response> {
        std::vector<FieldError> errors;
        QueryFields(call.query, errors).finish();
        CHECK_OK(fields_status(std::move(errors)));
        TRY(const auto counts, cache->counts(reader, tools, call.session));
        JsonWriter json;
        json.begin_object().key("items").begin_array();
        for (const auto& [view, count] : counts) {
            json.begin_object()
                .key("key")
                .text(view.key)
                .key("name")
                .text(view.name)
                .key("count")
                .number(count)
                .end_object();
        }
        json.end_array().end_object();
        return json_response(200, json.take());
    };
}

}  // namespace

void add_list_routes(Api& api, app::Toolbox& tools, app::FindByWords find_by_words) {
    Router& r = api.router();
    r.add({"GET", "/api/v1/incidents", Auth::caller, list_handler(tools, std::move(find_by_words))});
    r.add({"GET", "/api/v1/views", Auth::caller, views_handler(tools)});
    r.add({"GET", "/api/v1/views/counts", Auth::caller, counts_handler(tools)});
}

}  // namespace firstline::http
