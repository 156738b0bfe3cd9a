// Routes as a table: a path states the permission it needs where it is registered (style.md "The house", row 8).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "app/core/toolbox.hpp"
#include "app/incidents/workspace.hpp"
#include "http/api/call.hpp"
#include "http/server/responder.hpp"

namespace firstline::http {

enum class Auth : std::uint8_t {
    open,    // nobody needs to be known
    caller,  // a token or a session; the use case decides on what
};

// What a changing handler hands back: the change to commit (none: nothing changes) and the answer to give after it.
struct Outcome {
    std::optional<app::Change> change;
    Response response;
    // Names what the answer was about, for a repeat with the same Idempotency-Key: "incident:42", "entry:42:7", "attachment:5".
    std::string resource;
};

using ReadHandler = std::function<Result<Response>(Call&, app::Reader&)>;
using ChangeHandler = std::function<Result<Outcome>(Call&, app::Reader&)>;
// Answers by itself, now or later; the caller is known already where the route asks for one.
using DirectHandler = std::function<void(Call&&, Responder)>;
// Renders a resource again with today's permissions.
using Replay = std::function<Result<Response>(Call&, app::Reader&, unsigned status, std::string_view resource)>;

struct Route {
    std::string_view method;   // a literal
    std::string_view pattern;  // a literal, "/api/v1/incidents/{number}"
    Auth needs = Auth::caller;
    std::variant<ReadHandler, ChangeHandler, DirectHandler> run;
    // Requests with the same key wait for each other's commits: the incident's id; 0 for none.
    bool is_keyed_by_incident = false;
    bool takes_idempotency_key = false;
    // Cheap enough for the I/O thread (architecture.md §3); only for DirectHandler.
    bool is_inline = false;
    // Asked by a program again and again, not by a person's act: it keeps no idle session alive.
    bool is_background = false;
};

class Router {
public:
    void add(Route route);
    struct Match {
        const Route* route = nullptr;  // none: no such path, or another method
        std::vector<std::pair<std::string_view, std::string>> params;
        std::string allow;  // the methods of the path where the method does not fit; "" where the path is unknown
    };
    [[nodiscard]] Match find(std::string_view method, std::string_view path) const;
    [[nodiscard]] const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

private:
    std::vector<std::unique_ptr<Route>> routes_;
    std::map<std::size_t, std::vector<std::pair<std::vector<std::string_view>, const Route*>>> by_length_;
};

}  // namespace firstline::http
