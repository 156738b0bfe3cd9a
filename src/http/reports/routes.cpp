#include "http/reports/routes.hpp"

#include "app/reports/overview.hpp"
#include "http/api/problem.hpp"

namespace firstline::http {
namespace {

Result<Response> overview(app::Toolbox& tools, const Call& call) {
    CHECK_OK(app::need(call.session, domain::Permission::report_see));
    std::vector<FieldError> errors;
    QueryFields(call.query, errors).finish();
    CHECK_OK(fields_status(std::move(errors)));
    TRY(const auto figures, app::reports::overview(tools.store));
    return json_response(200, app::reports::to_json(figures));
}

}  // namespace

void add_report_routes(Api& api, app::Toolbox& tools) {
    // The report reads in many short snapshots of its own: it runs on the worker after the one that found the caller.
    api.router().add(
        {"GET", "/api/v1/reports/overview", Auth::caller, DirectHandler([&tools](Call&& call, Responder respond) {
             auto answer = overview(tools, call);
             respond(answer ? std::move(*answer) : problem_from(answer.error(), call.request.request_id));
         })});
}

}  // namespace firstline::http
