#include "http/incidents/relation_routes.hpp"

#include <charconv>

#include "app/incidents/relations/relations.hpp"
#include "http/incidents/incident_json.hpp"

namespace firstline::http {

using app::LinkKind;
using app::Reader;
using domain::IncidentId;

namespace {

constexpr std::size_t kReasonMax = 2'000;

Response no_content() {
    Response response;
    response.status = 204;
    return response;
}

std::string watchers_json(const std::vector<app::Named>& watchers) {
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const auto& person : watchers)
        json.begin_object().key("key").text(person.key).key("name").text(person.name).end_object();
    json.end_array().key("next").null().end_object();
    return json.take();
}

std::string links_json(const std::vector<app::LinkRow>& links) {
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const auto& link : links) {
        json.begin_object()
            .key("kind")
            .text(domain::to_string(link.kind))
            .key("direction")
            .text(link.is_out ? "out" : "in");
        json.key("number")
            .text(app::to_number(link.other))
            .key("title")
            .text(link.title)
            .key("state")
            .text(domain::to_string(link.state));
        json.end_object();
    }
    json.end_array().key("next").null().end_object();
    return json.take();
}

std::string resource_of(std::string_view kind, IncidentId id) { return std::string(kind) + ":" + app::to_number(id); }

void add_watcher_routes(Api& api, app::Toolbox& tools) {
    Router& r = api.router();
    constexpr std::string_view kPath = "/api/v1/incidents/{number}/watchers";
    r.add({"GET", kPath, Auth::caller, ReadHandler([&tools](Call& call, Reader& reader) -> Result<Response> {
               TRY(const IncidentId id, call.incident());
               TRY(const auto watchers, app::list_watchers(reader, tools, call.session, id));
               return json_response(200, watchers_json(watchers));
           })});
    r.add({"POST", kPath, Auth::caller, ChangeHandler([&tools](Call& call, Reader& reader) -> Result<Outcome> {
               TRY(const IncidentId id, call.incident());
               CHECK_OK(app::list_watchers(reader, tools, call.session, id).map([](auto&&) {}));
               TRY(const Body body, call.json());
               std::vector<FieldError> errors;
               Fields fields(body.value(), "", errors);
               const auto user = fields.key("user");
               if (!fields.has("user")) fields.refuse("user", "required", "Say who.");
               fields.finish();
               CHECK_OK(fields_status(std::move(errors)));
               TRY(auto decided, app::add_watcher(reader, tools, call.session, id, *user));
               return Outcome{std::move(decided.change), json_response(200, watchers_json(decided.answer)),
                              resource_of("watchers", id)};
           }),
           true, true});
    r.add({"DELETE", "/api/v1/incidents/{number}/watchers/{key}", Auth::caller,
           ChangeHandler([&tools](Call& call, Reader& reader) -> Result<Outcome> {
               TRY(const IncidentId id, call.incident());
               TRY(auto decided, app::remove_watcher(reader, tools, call.session, id, call.param("key")));
               return Outcome{std::move(decided.change), no_content(), {}};
           }),
           true});
    api.add_replay(
        "watchers",
        [&tools](Call& call, Reader& reader, unsigned status, std::string_view resource) -> Result<Response> {
            const auto id = app::parse_number(resource.substr(resource.find(':') + 1)).value_or(IncidentId{});
            TRY(const auto watchers, app::list_watchers(reader, tools, call.session, id));
            return json_response(status, watchers_json(watchers));
        });
}

void add_link_routes(Api& api, app::Toolbox& tools) {
    Router& r = api.router();
    constexpr std::string_view kPath = "/api/v1/incidents/{number}/links";
    r.add({"GET", kPath, Auth::caller, ReadHandler([&tools](Call& call, Reader& reader) -> Result<Response> {
               TRY(const IncidentId id, call.incident());
               TRY(const auto links, app::list_links(reader, tools, call.session, id));
               return json_response(200, links_json(links));
           })});
    r.add({"POST", kPath, Auth::caller, ChangeHandler([&tools](Call& call, Reader& reader) -> Result<Outcome> {
               TRY(const IncidentId id, call.incident());
               CHECK_OK(app::list_links(reader, tools, call.session, id).map([](auto&&) {}));
               TRY(const Body body, call.json());
               std::vector<FieldError> errors;
               Fields fields(body.value(), "", errors);
               const auto kind = fields.word<LinkKind>("kind");
               if (!fields.has("kind")) fields.refuse("kind", "required", "child, related or follow_up_of.");
               const auto number = fields.required_text("number", 64);
               const auto other = number ? app::parse_number(*number) : std::nullopt;
               if (number && !other) fields.refuse("number", "format", "A number like INC-42.");
               fields.finish();
               CHECK_OK(fields_status(std::move(errors)));
               TRY(auto decided, app::add_link(reader, tools, call.session, id, *kind, *other));
               return Outcome{std::move(decided.change), json_response(201, links_json(decided.answer)),
                              resource_of("links", id)};
           }),
           true, true});
    r.add({"DELETE", "/api/v1/incidents/{number}/links/{kind}/{other}", Auth::caller,
           ChangeHandler([&tools](Call& call, Reader& reader) -> Result<Outcome> {
               TRY(const IncidentId id, call.incident());
               const auto kind = domain::parse_word<LinkKind>(call.param("kind"));
               const auto other = app::parse_number(call.param("other"));
               if (!kind || !other) return fail(ErrorKind::not_found, "not_found", "There is no such link.");
               TRY(auto decided, app::remove_link(reader, tools, call.session, id, *kind, *other));
               return Outcome{std::move(decided.change), no_content(), {}};
           }),
           true});
    api.add_replay(
        "links", [&tools](Call& call, Reader& reader, unsigned status, std::string_view resource) -> Result<Response> {
            const auto id = app::parse_number(resource.substr(resource.find(':') + 1)).value_or(IncidentId{});
            TRY(const auto links, app::list_links(reader, tools, call.session, id));
            return json_response(status, links_json(links));
        });
}

Result<app::RedactRequest> decode_redact(const Call& call) {
    TRY(const Body body, call.json());
    std::vector<FieldError> errors;
    Fields fields(body.value(), "", errors);
    app::RedactRequest request;
    request.field = fields.text("field", 64).value_or("");
    request.attachment = fields.number("attachment", 1, INT64_MAX).value_or(0);
    request.reason = fields.required_text("reason", kReasonMax).value_or("");
    const bool has_one = fields.has("field") != fields.has("attachment");
    if (!has_one)
        fields.refuse("field", fields.has("field") ? "conflict" : "required", "Name either a field or an attachment.");
    fields.finish();
    CHECK_OK(fields_status(std::move(errors)));
    return request;
}

void add_redact_route(Api& api, app::Toolbox& tools) {
    api.router().add({"POST", "/api/v1/incidents/{number}/timeline/{seq}/redact", Auth::caller,
                      ChangeHandler([&tools](Call& call, Reader& reader) -> Result<Outcome> {
                          TRY(const IncidentId id, call.incident());
                          TRY(const auto desk, tools.desks.current(reader));
                          TRY(const auto loaded, app::load_visible(reader, *desk, call.session, id));
                          const std::string& text = call.param("seq");
                          std::int64_t seq = 0;
                          if (loaded.sees_internal) {
                              const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seq);
                              if (error != std::errc{} || end != text.data() + text.size()) {
                                  return fail(ErrorKind::not_found, "not_found", "There is no such entry.");
                              }
                          } else {
                              TRY(seq, app::seq_of_opaque_id(reader, id, text));
                          }
                          TRY(const auto request, decode_redact(call));
                          TRY(auto decided, app::redact_entry(reader, tools, call.session, id, seq, request));
                          Response response = json_response(200, incident_json(decided.answer));
                          response.headers.push_back({"ETag", etag_of(version_for(decided.answer))});
                          return Outcome{std::move(decided.change), std::move(response), resource_of("incident", id)};
                      }),
                      true, true});
}

}  // namespace

void add_relation_routes(Api& api, app::Toolbox& tools) {
    add_watcher_routes(api, tools);
    add_link_routes(api, tools);
    add_redact_route(api, tools);
}

}  // namespace firstline::http
