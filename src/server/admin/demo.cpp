// demo.make
#include "app/demo/demo.hpp"
#include "server/admin/table.hpp"

namespace firstline::server::admin {

Result<json::object> make_demo(Call& call) {
    app::demo::DemoRequest request;
    request.password = call.args.text("password");
    CHECK_OK(call.args.check());
    request.progress = [&](std::int64_t done, std::int64_t total) {
        call.progress("Making the demo desk", done, total);
    };
    TRY(const auto made, app::demo::make_demo(call.node.tools(), request));
    json::object out{{"is_complete_already", made.is_complete_already},
                     {"incidents", made.incidents},
                     {"people", made.people},
                     {"teams", made.teams},
                     {"services", made.services},
                     {"agent", made.agent},
                     {"requester", made.requester}};
    const bool is_told = made.is_password_made && !made.is_complete_already;
    out["password"] = is_told ? json::value(made.password) : json::value(nullptr);
    return out;
}

}  // namespace firstline::server::admin
