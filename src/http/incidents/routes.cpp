#include "http/incidents/routes.hpp"

#include <charconv>

#include "app/core/cursor.hpp"
#include "app/incidents/use_cases.hpp"
#include "http/incidents/decode.hpp"
#include "http/incidents/incident_json.hpp"
#include "http/incidents/timeline_json.hpp"

namespace firstline::http {

using app::IncidentAnswer;
using app::Reader;
using domain::Action;
using domain::IncidentId;

namespace {

Response incident_response(unsigned status, const IncidentAnswer& answer) {
    Response response = json_response(status, incident_json(answer));
    response.headers.push_back({"ETag", etag_of(version_for(answer))});
    if (status == 201)
        response.headers.push_back({"Location", "/api/v1/incidents/" + app::to_number(answer.incident.id)});
    return response;
}

std::string resource_of(IncidentId id) { return "incident:" + app::to_number(id); }

// A refusal by the table says what is so and offers what is allowed.
Error with_offers_of(const IncidentAnswer& answer, Error error) {
    JsonWriter offers;
    write_offers(offers, answer);
    const std::string_view word =
        answer.sees_internal ? to_string(answer.incident.state) : to_string(step_of(answer.incident.state));
    error.extra.emplace_back(answer.sees_internal ? "state" : "step", "\"" + std::string(word) + "\"");
    error.extra.emplace_back("allowed_actions", offers.take());
    return error;
}

Error with_offers(Error error, Reader& reader, app::Toolbox& tools, const app::Session& session, IncidentId id) {
    if (error.kind != ErrorKind::wrong_state) return error;
    const auto now = app::read_incident(reader, tools, session, id);
    return now ? with_offers_of(*now, std::move(error)) : error;
}

// An edit that somebody was faster than gets the incident as it is now.
Error with_current(Error error, Reader& reader, app::Toolbox& tools, const app::Session& session, IncidentId id) {
    if (error.kind != ErrorKind::stale) return error;
    const auto now = app::read_incident(reader, tools, session, id);
    if (!now) return error;
    for (auto& [name, value] : error.extra) {
        if (name == "current") value = incident_json(*now);
    }
    return error;
}

ChangeHandler log_handler(app::Toolbox& tools) {
    return [&tools](Call& call, Reader& reader) -> Result<Outcome> {
        TRY(const auto request, decode_log(call));
        app::RefusedAt refused_at;
        auto decided = app::log_incident(reader, tools, call.session, request, &refused_at);
        if (!decided && refused_at) return fail(with_offers_of(*refused_at, std::move(decided).error()));
        if (!decided) return fail(std::move(decided).error());
        return Outcome{std::move(decided->change), incident_response(201, decided->answer),
                       resource_of(decided->answer.incident.id)};
    };
}

ChangeHandler action_handler(app::Toolbox& tools, Action action) {
    return [&tools, action](Call& call, Reader& reader) -> Result<Outcome> {
        TRY(const IncidentId id, call.incident());
        // An incident that is not there for the caller says nothing about the body.
        TRY(const auto desk, tools.desks.current(reader));
        CHECK_OK(app::load_visible(reader, *desk, call.session, id).map([](auto&&) {}));
        TRY(const auto request, decode_action(call, action));
        auto decided = app::act(reader, tools, call.session, id, request);
        if (!decided) {
            Error error = with_offers(std::move(decided).error(), reader, tools, call.session, id);
            return fail(with_current(std::move(error), reader, tools, call.session, id));
        }
        return Outcome{std::move(decided->change), incident_response(200, decided->answer), resource_of(id)};
    };
}

Result<Response> entry_response(Reader& reader, unsigned status, const app::Said& said) {
    std::vector<app::StoredEntry> entries(1);
    entries.front().entry = said.entry;
    entries.front().hash = said.hash;
    TRY(auto page, app::timeline_of(reader, said.answer.desk, said.answer.incident, said.answer.sees_internal,
                                    std::move(entries)));
    page.items.front().attachments = said.attachments;
    JsonWriter json;
    write_entry(json, page.items.front(), page);
    Response response = json_response(status, json.take());
    if (said.is_new_incident)
        response.headers.push_back({"Location", "/api/v1/incidents/" + app::to_number(said.incident)});
    return response;
}

ChangeHandler say_handler(app::Toolbox& tools, bool is_public) {
    return [&tools, is_public](Call& call, Reader& reader) -> Result<Outcome> {
        TRY(const IncidentId id, call.incident());
        TRY(const auto desk, tools.desks.current(reader));
        CHECK_OK(app::load_visible(reader, *desk, call.session, id).map([](auto&&) {}));
        TRY(const auto request, decode_say(call));
        app::RefusedAt refused_at;
        auto decided = is_public ? app::say_publicly(reader, tools, call.session, id, request, &refused_at)
                                 : app::say_internally(reader, tools, call.session, id, request, &refused_at);
        if (!decided && refused_at) return fail(with_offers_of(*refused_at, std::move(decided).error()));
        if (!decided) return fail(with_offers(std::move(decided).error(), reader, tools, call.session, id));
        TRY(Response response, entry_response(reader, 201, decided->answer));
        const std::string resource = "entry:" + app::to_number(decided->answer.incident) + ":" +
                                     std::to_string(decided->answer.entry.seq) +
                                     (decided->answer.is_new_incident ? ":new" : "");
        return Outcome{std::move(decided->change), std::move(response), resource};
    };
}

ChangeHandler edit_handler(app::Toolbox& tools) {
    return [&tools](Call& call, Reader& reader) -> Result<Outcome> {
        TRY(const IncidentId id, call.incident());
        TRY(const auto desk, tools.desks.current(reader));
        CHECK_OK(app::load_visible(reader, *desk, call.session, id).map([](auto&&) {}));
        TRY(const auto request, decode_edit(call));
        auto decided = app::edit_incident(reader, tools, call.session, id, request);
        if (!decided) return fail(with_current(std::move(decided).error(), reader, tools, call.session, id));
        return Outcome{std::move(decided->change), incident_response(200, decided->answer), resource_of(id)};
    };
}

ReadHandler read_handler(app::Toolbox& tools) {
    return [&tools](Call& call, Reader& reader) -> Result<Response> {
        TRY(const IncidentId id, call.incident());
        TRY(const auto answer, app::read_incident(reader, tools, call.session, id));
        return incident_response(200, answer);
    };
}

ReadHandler timeline_handler(app::Toolbox& tools) {
    return [&tools](Call& call, Reader& reader) -> Result<Response> {
        TRY(const IncidentId id, call.incident());
        std::vector<FieldError> errors;
        QueryFields query(call.query, errors);
        const std::int64_t limit = query.number("limit", kPageDefault, 1, kPageMax);
        const auto after = query.one("after");
        query.finish();
        std::int64_t after_seq = 0;
        TRY(const std::string secret, app::load_desk_secret(reader));
        if (after) {
            const auto seq = app::read_cursor(secret, "timeline:" + std::to_string(id.value), *after);
            if (!seq) query.refuse("after", "format", "This cursor is none of ours.");
            after_seq = seq.value_or(std::vector<std::int64_t>{0}).front();
        }
        CHECK_OK(fields_status(std::move(errors)));
        TRY(const auto page, app::read_timeline(reader, tools, call.session, id, after_seq, limit));
        JsonWriter json;
        json.begin_object().key("items").begin_array();
        for (const auto& item : page.items) write_entry(json, item, page);
        json.end_array().key("next");
        if (page.next_seq == 0) {
            json.null();
        } else {
            json.text(app::make_cursor(secret, "timeline:" + std::to_string(id.value), {page.next_seq}));
        }
        json.end_object();
        return json_response(200, json.take());
    };
}

Replay incident_replay(app::Toolbox& tools) {
    return [&tools](Call& call, Reader& reader, unsigned status, std::string_view resource) -> Result<Response> {
        const auto id = app::parse_number(resource.substr(resource.find(':') + 1));
        TRY(const auto answer, app::read_incident(reader, tools, call.session, id.value_or(IncidentId{})));
        return incident_response(status, answer);
    };
}

Replay entry_replay(app::Toolbox& tools) {
    return [&tools](Call& call, Reader& reader, unsigned status, std::string_view resource) -> Result<Response> {
        resource.remove_prefix(resource.find(':') + 1);
        const auto colon = resource.find(':');
        const auto id = app::parse_number(resource.substr(0, colon)).value_or(IncidentId{});
        std::string_view rest = resource.substr(colon + 1);
        std::int64_t seq = 0;
        std::from_chars(rest.data(), rest.data() + rest.size(), seq);
        TRY(const auto page, app::read_timeline(reader, tools, call.session, id, seq - 1, 1));
        if (page.items.empty()) return fail(app::incident_not_found(id));
        JsonWriter json;
        write_entry(json, page.items.front(), page);
        Response response = json_response(status, json.take());
        if (rest.ends_with(":new")) response.headers.push_back({"Location", "/api/v1/incidents/" + app::to_number(id)});
        return response;
    };
}

// clang-format off
constexpr std::pair<Action, std::string_view> kActionPaths[]{
    {Action::triage,   "/api/v1/incidents/{number}/actions/triage"},
    {Action::assign,   "/api/v1/incidents/{number}/actions/assign"},
    {Action::start,    "/api/v1/incidents/{number}/actions/start"},
    {Action::hold,     "/api/v1/incidents/{number}/actions/hold"},
    {Action::resume,   "/api/v1/incidents/{number}/actions/resume"},
    {Action::escalate, "/api/v1/incidents/{number}/actions/escalate"},
    {Action::raise,    "/api/v1/incidents/{number}/actions/raise"},
    {Action::resolve,  "/api/v1/incidents/{number}/actions/resolve"},
    {Action::confirm,  "/api/v1/incidents/{number}/actions/confirm"},
    {Action::reject,   "/api/v1/incidents/{number}/actions/reject"},
    {Action::rate,     "/api/v1/incidents/{number}/actions/rate"},
    {Action::close,    "/api/v1/incidents/{number}/actions/close"},
    {Action::cancel,   "/api/v1/incidents/{number}/actions/cancel"},
    {Action::reopen,   "/api/v1/incidents/{number}/actions/reopen"},
    {Action::merge,    "/api/v1/incidents/{number}/actions/merge"},
    {Action::unmerge,  "/api/v1/incidents/{number}/actions/unmerge"},
    {Action::undo,     "/api/v1/incidents/{number}/actions/undo"},
};
// clang-format on

}  // namespace

void add_incident_routes(Api& api, app::Toolbox& tools) {
    Router& r = api.router();
    // method, path, needs, handler, keyed by incident, takes an Idempotency-Key
    r.add({"POST", "/api/v1/incidents", Auth::caller, log_handler(tools), false, true});
    r.add({"GET", "/api/v1/incidents/{number}", Auth::caller, read_handler(tools)});
    r.add({"PATCH", "/api/v1/incidents/{number}", Auth::caller, edit_handler(tools), true});
    for (const auto& [action, path] : kActionPaths) {
        r.add({"POST", path, Auth::caller, action_handler(tools, action), true, true});
    }
    r.add({"POST", "/api/v1/incidents/{number}/replies", Auth::caller, say_handler(tools, true), true, true});
    r.add({"POST", "/api/v1/incidents/{number}/notes", Auth::caller, say_handler(tools, false), true, true});
    r.add({"GET", "/api/v1/incidents/{number}/timeline", Auth::caller, timeline_handler(tools)});
    api.add_replay("incident", incident_replay(tools));
    api.add_replay("entry", entry_replay(tools));
}

}  // namespace firstline::http
