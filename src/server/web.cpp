#include "server/web.hpp"

#include <chrono>

#include "app/search/find_by_words.hpp"
#include "http/directory/routes.hpp"
#include "http/identity/authenticate.hpp"
#include "http/identity/routes.hpp"
#include "http/incidents/list_routes.hpp"
#include "http/incidents/relation_routes.hpp"
#include "http/incidents/routes.hpp"
#include "http/operation/routes.hpp"
#include "http/reports/routes.hpp"
#include "http/search/search_routes.hpp"
#include "http/server/wire/forwarded.hpp"
#include "http/stream/stream_routes.hpp"
#include "server/access_log.hpp"

namespace firstline::server {
namespace {

constexpr std::chrono::seconds kDrainMax{10};
}  // namespace

Web::Web(Node& node, WebOptions options)
    : node_(node), options_(std::move(options)), api_(node.tools(), http::authenticate_by(node.identity())) {
    api_.on_defect = [&node](std::string_view request_id, const Error& error) {
        node.options().log("request " + std::string(request_id) + " failed inside: " + error.code + ": " +
                           error.detail);
    };
    add_routes();
}

Web::~Web() { stop(); }

void Web::add_routes() {
    http::IdentityOptions cookies;
    cookies.has_secure_cookie = options_.has_secure_cookie;
    http::add_identity_routes(api_, node_.identity(), cookies);
    http::add_directory_routes(api_, node_.identity(), node_.leavers());
    http::add_incident_routes(api_, node_.tools());
    http::add_relation_routes(api_, node_.tools());
    http::add_attachment_routes(api_, node_.tools());
    http::add_list_routes(api_, node_.tools(), app::find_by_words(node_.search()));
    http::add_search_routes(api_, node_.tools(), node_.search());
    http::add_stream_routes(api_, node_.streams(), http::authenticate_by(node_.identity()));
    http::add_report_routes(api_, node_.tools());
    http::add_operation_routes(api_, node_.tools(), [this] { return is_ready_.load() && node_.store().is_healthy(); });
}

Status Web::start() {
    http::ServerOptions options;
    options.address = options_.address;
    options.port = options_.port;
    options.io_threads = options_.io_threads;
    options.body_policy = [this](const http::Request& head) { return http::body_policy(node_.tools(), head); };
    options.error_log = node_.options().log;
    server_ =
        std::make_unique<http::Server>(std::move(options), [this](http::Request&& request, http::Responder respond) {
            request.remote_address = http::client_address(request, options_.trusted_proxies);
            if (options_.access_log != nullptr)
                respond = with_access_log(*options_.access_log, request, std::move(respond));
            api_.handle(std::move(request), std::move(respond));
        });
    CHECK_OK(server_->start());
    is_ready_ = true;
    return {};
}

void Web::stop() {
    if (!server_) return;
    is_ready_ = false;
    server_->stop_accepting();
    server_->drain(kDrainMax);
    server_->stop();
    server_.reset();
}

}  // namespace firstline::server
