#include "http/api/api.hpp"

#include <algorithm>

#include "http/api/problem.hpp"

namespace firstline::http {
namespace {

constexpr std::size_t kIdempotencyKeyBytesMax = 200;
constexpr Duration kIdempotencyKept = hours(24);

bool is_writing(std::string_view method) { return method != "GET" && method != "HEAD"; }

bool has_header(const Request& request, std::string_view name) {
    return std::any_of(request.headers.begin(), request.headers.end(),
                       [&](const Header& field) { return equal_ignoring_case(field.name, name); });
}

}  // namespace

struct Api::Running {
    Running(Call from, const Route* to, Responder way_back)
        : call(std::move(from)), route(to), respond(std::move(way_back)) {}
    Call call;
    const Route* route;
    Responder respond;
    Response response;
    std::string idempotency_key;
    std::string fingerprint;
};

void Api::answer_error(const Error& error, std::string_view request_id, Responder& respond) const {
    if (status_of(error) == 500 && on_defect) on_defect(request_id, error);
    respond(problem_from(error, request_id));
}

void Api::handle(Request&& request, Responder respond) {
    // A slash that was written as %2F belongs to a name: it parts no path.
    const std::string_view raw = std::string_view(request.target).substr(0, request.target.find('?'));
    const bool hides_slash = raw.find("%2F") != std::string_view::npos || raw.find("%2f") != std::string_view::npos;
    auto match = hides_slash ? Router::Match{} : router_.find(request.method, request.path);
    if (match.route == nullptr) {
        if (match.allow.empty()) {
            respond(
                problem_from(Error{ErrorKind::not_found, "not_found", "There is no such path."}, request.request_id));
            return;
        }
        Response response =
            problem_from(Error{ErrorKind::invalid, "method_not_allowed", "This path answers " + match.allow + "."},
                         request.request_id);
        response.headers.push_back({"Allow", match.allow});
        respond(std::move(response));
        return;
    }
    Call call;
    call.request = std::move(request);
    call.params = std::move(match.params);
    call.is_background = match.route->is_background;
    auto query = parse_query(call.request.query);
    if (!query) {
        answer_error(query.error(), call.request.request_id, respond);
        return;
    }
    call.query = std::move(*query);
    const Route* route = match.route;
    if (route->needs == Auth::open && std::holds_alternative<DirectHandler>(route->run)) {
        std::get<DirectHandler>(route->run)(std::move(call), std::move(respond));
        return;
    }
    start(std::make_shared<Running>(std::move(call), route, std::move(respond)));
}

void Api::start(const std::shared_ptr<Running>& running) {
    const std::string_view key = running->call.request.header("Idempotency-Key");
    // A field that is there but empty would make a repeatable request look safe when it is not.
    const bool is_key_sent = !key.empty() || has_header(running->call.request, "Idempotency-Key");
    if (is_key_sent && running->route->takes_idempotency_key) {
        if (key.empty() || key.size() > kIdempotencyKeyBytesMax) {
            answer_error(Error{ErrorKind::invalid,
                               "request.invalid",
                               "The Idempotency-Key must have 1 to 200 bytes.",
                               {{"?Idempotency-Key", key.empty() ? "blank" : "too_long", "From 1 to 200 bytes."}}},
                         running->call.request.request_id, running->respond);
            return;
        }
        running->idempotency_key = std::string(as_bytes(sha256(key)));
        Sha256Stream fingerprint;
        fingerprint.add(running->call.request.method);
        fingerprint.add("\n");
        fingerprint.add(running->call.request.target);
        fingerprint.add("\n");
        fingerprint.add(running->call.request.body);
        running->fingerprint = std::string(as_bytes(fingerprint.finish()));
    }
    std::int64_t runner_key = 0;
    if (running->route->is_keyed_by_incident) {
        if (const auto id = app::parse_number(running->call.param("number"))) runner_key = id->value;
    }
    tools_.runner.run(
        runner_key, running->call.request.deadline,
        [this, running](app::Reader& reader) { return decide(*running, reader); },
        [this, running](Status status) {
            if (!status) {
                answer_error(status.error(), running->call.request.request_id, running->respond);
                return;
            }
            if (auto* direct = std::get_if<DirectHandler>(&running->route->run)) {
                (*direct)(std::move(running->call), std::move(running->respond));
                return;
            }
            running->respond(std::move(running->response));
        });
}

Result<app::Runner::Decision> Api::decide(Running& running, app::Reader& reader) {
    if (running.route->needs == Auth::caller) {
        CHECK_OK(authenticate_(running.call, reader));
        if (is_writing(running.call.request.method) && !running.call.session.may_write) {
            return fail(ErrorKind::forbidden, "auth.forbidden", "This token may only read.");
        }
    }
    if (std::holds_alternative<DirectHandler>(running.route->run)) return std::nullopt;
    if (auto* read = std::get_if<ReadHandler>(&running.route->run)) {
        TRY(running.response, (*read)(running.call, reader));
        return std::nullopt;
    }
    if (!running.idempotency_key.empty()) {
        TRY(const bool is_repeat, replay(running, reader));
        if (is_repeat) return std::nullopt;
    }
    TRY(Outcome outcome, std::get<ChangeHandler>(running.route->run)(running.call, reader));
    if (outcome.change && !running.idempotency_key.empty()) add_idempotency(running, outcome);
    running.response = std::move(outcome.response);
    return std::move(outcome.change);
}

Result<bool> Api::replay(Running& running, app::Reader& reader) {
    bool is_there = false;
    std::string fingerprint, resource;
    Instant at{};
    unsigned status = 0;
    CHECK_OK(reader.query("idempotency.find", {running.call.session.user().value, app::Blob{running.idempotency_key}},
                          [&](const app::Row& row) {
                              is_there = true;
                              fingerprint = row.bytes(0);
                              at = row.instant(1);
                              status = static_cast<unsigned>(row.integer(2));
                              resource = row.text(3);
                              return false;
                          }));
    if (!is_there || at + kIdempotencyKept < tools_.clock.now()) return false;
    if (fingerprint != running.fingerprint) {
        return fail(ErrorKind::invalid, "idempotency.mismatch",
                    "This Idempotency-Key was used with another request: take a new one.");
    }
    const auto kind = std::string_view(resource).substr(0, resource.find(':'));
    const auto found = replays_.find(kind);
    if (found == replays_.end())
        return fail(ErrorKind::internal, "idempotency.unknown", "No way to answer again: " + resource);
    TRY(running.response, found->second(running.call, reader, status, resource));
    return true;
}

void Api::add_idempotency(Running& running, Outcome& outcome) {
    const std::int64_t caller = running.call.session.user().value;
    const Instant now = tools_.clock.now();
    // A key that is older than a day may be used anew.
    outcome.change->writes.insert(
        outcome.change->writes.begin(),
        {app::Write{"idempotency.forget", {caller, app::Blob{running.idempotency_key}, (now - kIdempotencyKept).us}},
         app::Write{"idempotency.insert",
                    {caller, app::Blob{running.idempotency_key}, app::Blob{running.fingerprint}, now.us,
                     std::int64_t{outcome.response.status}, outcome.resource},
                    app::OnConflict::duplicate}});
}

}  // namespace firstline::http
