#include "http/operation/routes.hpp"

#include "http/api/json_writer.hpp"
#include "http/api/problem.hpp"
#include "http/operation/docs_page.hpp"

namespace firstline::http {
namespace {

Response text_response(std::string body, std::string type) {
    Response response;
    response.content_type = std::move(type);
    response.body = std::move(body);
    return response;
}

std::string metric(std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
    const std::string head(name);
    return "# HELP " + head + " " + std::string(help) + "\n# TYPE " + head + " " + std::string(type) + "\n" + head +
           " " + std::to_string(value) + "\n";
}

std::string metrics_text(const app::Toolbox& tools) {
    const app::StoreFigures f = tools.store.figures();
    return metric("firstline_store_commits_total", "counter", "Transactions committed by this node.", f.commits) +
           metric("firstline_store_changes_total", "counter", "Changes committed by this node.", f.changes) +
           metric("firstline_store_stale_total", "counter", "Changes decided again because their record had moved on.",
                  f.stale) +
           metric("firstline_store_deadlocks_total", "counter", "Deadlocks between nodes.", f.deadlocks) +
           metric("firstline_store_queue_length", "gauge", "Changes that wait for the writer.", f.queue_length) +
           metric("firstline_store_wal_frames", "gauge", "Frames in SQLite's write-ahead log.", f.wal_frames) +
           metric("firstline_store_gate_closings_total", "counter", "Times the readers' gate was closed.",
                  f.gate_closings) +
           metric("firstline_runner_waiting", "gauge", "Requests that wait for a worker.", tools.runner.waiting());
}

}  // namespace

void add_operation_routes(Api& api, app::Toolbox& tools, std::function<bool()> is_ready) {
    Router& r = api.router();
    r.add({"GET", "/healthz", Auth::open, DirectHandler([](Call&&, Responder respond) {
               JsonWriter json;
               json.begin_object().key("status").text("ok").end_object();
               respond(json_response(200, json.take()));
           })});
    r.add({"GET", "/readyz", Auth::open, DirectHandler([ready = std::move(is_ready)](Call&& call, Responder respond) {
               if (!ready()) {
                   respond(problem_from(Error{ErrorKind::unavailable, "server.unavailable",
                                              "The server is starting, stopping, or its "
                                              "database is out of reach."},
                                        call.request.request_id));
                   return;
               }
               JsonWriter json;
               json.begin_object().key("status").text("ready").end_object();
               respond(json_response(200, json.take()));
           })});
    r.add({"GET", "/metrics", Auth::open, DirectHandler([&tools](Call&&, Responder respond) {
               respond(text_response(metrics_text(tools), "text/plain; version=0.0.4; charset=utf-8"));
           })});
    r.add({"GET", "/api/v1/openapi.json", Auth::open, DirectHandler([](Call&&, Responder respond) {
               respond(text_response(std::string(openapi_json()), "application/json"));
           })});
    r.add({"GET", "/docs", Auth::open, DirectHandler([](Call&&, Responder respond) {
               Response response = text_response(docs_page(openapi_json()), "text/html; charset=utf-8");
               response.headers.push_back({"Content-Security-Policy",
                                           "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"});
               respond(std::move(response));
           })});
}

}  // namespace firstline::http
