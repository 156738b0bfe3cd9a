// The API's one way in: route → caller → use case on a worker → commit → answer (architecture.md §1).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/core/toolbox.hpp"
#include "http/api/router.hpp"

namespace firstline::http {

// Who a request comes from, by its Authorization header or session cookie; fills session, session_id, is_by_cookie.
// Errors: `auth.required`, `auth.failed`, `csrf.missing`.
using Authenticate = std::function<Status(Call&, app::Reader&)>;

class Api {
public:
    Api(app::Toolbox& tools, Authenticate authenticate) : tools_(tools), authenticate_(std::move(authenticate)) {}

    Router& router() { return router_; }
    [[nodiscard]] const Router& router() const { return router_; }
    // What is inside answers 500 goes here: request id and detail.
    std::function<void(std::string_view request_id, const Error&)> on_defect;
    // How a repeated request with an Idempotency-Key is answered, by the first word of the resource ("incident").
    void add_replay(std::string_view kind, Replay replay) { replays_.emplace(kind, std::move(replay)); }
    // Called on an I/O thread for every request.
    void handle(Request&& request, Responder respond);

private:
    struct Running;
    void start(const std::shared_ptr<Running>& running);
    Result<app::Runner::Decision> decide(Running& running, app::Reader& reader);
    Result<bool> replay(Running& running, app::Reader& reader);
    void add_idempotency(Running& running, Outcome& outcome);
    void answer_error(const Error& error, std::string_view request_id, Responder& respond) const;

    app::Toolbox& tools_;
    Authenticate authenticate_;
    Router router_;
    std::map<std::string, Replay, std::less<>> replays_;
};

}  // namespace firstline::http
