#include "http/stream/stream_routes.hpp"

#include <memory>
#include <utility>

#include "http/api/problem.hpp"
#include "http/server/event_source.hpp"

namespace firstline::http {
namespace {

constexpr std::size_t kEventIdBytesMax = 100;

// What a stream keeps of its request, to ask again who it is.
struct Caller {
    Call call;
    Authenticate authenticate;

    Result<std::optional<app::Session>> now(app::Reader& reader) {
        if (const Status status = authenticate(call, reader); !status) {
            if (status.error().kind == ErrorKind::unauthenticated || status.error().kind == ErrorKind::forbidden) {
                return std::optional<app::Session>{};
            }
            return fail(status.error());
        }
        return std::optional<app::Session>(call.session);
    }
};

Response stream_response(std::shared_ptr<EventSource> source) {
    Response response;
    response.content_type = "text/event-stream";
    response.headers.push_back({"Cache-Control", "no-store"});
    response.headers.push_back({"X-Accel-Buffering", "no"});  // a proxy hands events on as they come
    response.stream = std::move(source);
    return response;
}

void open_stream(app::StreamHub& hub, const Authenticate& authenticate, Call&& call, Responder respond) {
    auto source = std::make_shared<EventSource>();
    app::StreamSubscription subscription;
    subscription.session = call.session;
    const std::string_view last_event_id = call.request.header("Last-Event-ID");
    subscription.last_event_id = last_event_id.substr(0, kEventIdBytesMax);
    auto caller = std::make_shared<Caller>(Caller{std::move(call), authenticate});
    subscription.refresh = [caller](app::Reader& reader) { return caller->now(reader); };
    subscription.send = [source](std::string_view id, std::string_view event, std::string_view data) {
        // A closed stream takes everything: it is unsubscribed in a moment.
        return source->send(to_event(id, event, data)) || source->closed();
    };
    subscription.ended = [source] { source->close(); };
    respond(stream_response(source));
    const std::uint64_t id = hub.subscribe(std::move(subscription));
    source->on_close([&hub, id] { hub.unsubscribe(id); });
}

}  // namespace

std::string to_event(std::string_view id, std::string_view event, std::string_view data) {
    std::string out = "id: ";
    out += id;
    out += '\n';
    if (!event.empty()) {
        out += "event: ";
        out += event;
        out += "\ndata: ";
        out += data;
        out += '\n';
    }
    out += '\n';
    return out;
}

void add_stream_routes(Api& api, app::StreamHub& hub, Authenticate authenticate) {
    const auto open = [&hub, authenticate = std::move(authenticate)](Call&& call, Responder respond) {
        std::vector<FieldError> errors;
        QueryFields(call.query, errors).finish();
        if (const Status status = fields_status(std::move(errors)); !status) {
            respond(problem_from(status.error(), call.request.request_id));
            return;
        }
        open_stream(hub, authenticate, std::move(call), std::move(respond));
    };
    Route route{"GET", "/api/v1/stream", Auth::caller, DirectHandler(open)};
    route.is_background = true;  // a page that lies open would otherwise never be signed out
    api.router().add(std::move(route));
}

}  // namespace firstline::http
