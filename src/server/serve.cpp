#include "server/serve.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "app/jobs/leavers.hpp"
#include "cli/settings.hpp"
#include "server/admin/socket_server.hpp"
#include "server/log.hpp"
#include "server/web.hpp"
#include "storage/postgres/connection/server.hpp"

namespace firstline::server {
namespace {

constexpr unsigned kStopMaxSeconds = 20;

sigset_t stop_signals() {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGINT);
    ::sigaddset(&set, SIGTERM);
    return set;
}

int wait_for_stop() {
    const sigset_t set = stop_signals();
    int signal = 0;
    while (::sigwait(&set, &signal) != 0) {}
    // A second one ends the process at once; so does the time limit.
    ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    ::alarm(kStopMaxSeconds);
    return signal;
}

// "name" of postgres://user@host/name?…; "" where it is not plain.
std::string database_name(std::string_view url) {
    const auto authority = url.find("://");
    if (authority == std::string_view::npos) return {};
    url = url.substr(authority + 3);
    url = url.substr(0, url.find('?'));
    const auto slash = url.find('/');
    if (slash == std::string_view::npos) return {};
    const std::string_view name = url.substr(slash + 1);
    return name.find('%') == std::string_view::npos ? std::string(name) : std::string();
}

Status init_where_empty(Node& node, const Announce& announce) {
    TRY(const bool is_there, app::is_desk_there(node.store()));
    if (is_there) return {};
    app::InitRequest request;
    if (const char* given = std::getenv("FIRSTLINE_ADMIN_PASSWORD"); given != nullptr) request.admin_password = given;
    TRY(const auto made, app::init_desk(node.store(), node.tools().clock, request));
    announce("Sign in     " + made.admin_key +
             (made.is_password_made ? "   password " + made.password : ", with FIRSTLINE_ADMIN_PASSWORD"));
    return {};
}

std::string shown_address(const std::string& address, std::uint16_t port) {
    std::string host = address == "0.0.0.0" ? "127.0.0.1" : address == "::" ? "::1" : address;
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    return "http://" + host + ":" + std::to_string(port);
}

Status run(Node& node, const Configuration& configuration, Log& log, const Announce& announce) {
    TRY(const cli::ListenAddress listen, cli::parse_listen(configuration.text("listen")));
    CHECK_OK(node.start());
    CHECK_OK(app::run_leavers(node.tools()));
    WebOptions options;
    options.address = listen.address;
    options.port = listen.port;
    options.io_threads = static_cast<unsigned>(configuration.number("io_threads"));
    options.access_log = configuration.flag("access_log") ? &log : nullptr;
    TRY(options.trusted_proxies, parse_networks(configuration.text("trusted_proxies")));
    Web web(node, options);
    CHECK_OK(web.start());
    std::optional<admin::SocketServer> socket;
    if (!node.location().is_postgres()) {
        socket.emplace(node, log, node.location().directory);
        CHECK_OK(socket->start());
    }
    const std::string url = shown_address(listen.address, web.port());
    announce("Firstline   " + url);
    log.write(LogLevel::info, "serving", {{"url", url}});
    const int signal = wait_for_stop();
    log.write(LogLevel::info, "stopping", {{"signal", signal == SIGINT ? "SIGINT" : "SIGTERM"}});
    web.stop();
    if (socket) socket->stop_accepting();
    node.stop();
    if (socket) socket->stop();
    log.write(LogLevel::info, "stopped");
    return {};
}

}  // namespace

Location location_of(const Configuration& configuration) {
    if (!configuration.text("database").empty()) return Location{"", configuration.text("database")};
    return Location{configuration.text("data"), ""};
}

bool is_sqlite_desk(const std::string& directory) { return ::access((directory + "/firstline.db").c_str(), F_OK) == 0; }

Status check_place(const Location& location) {
    if (location.is_postgres() || is_sqlite_desk(location.directory)) return {};
    static const std::set<std::string, std::less<>> kOwn{"lock", "firstline.sock", "firstline.toml", "blobs",
                                                         "restoring"};
    std::error_code broken;
    for (const auto& entry : std::filesystem::directory_iterator(location.directory, broken)) {
        if (kOwn.contains(entry.path().filename().string())) continue;
        return fail(ErrorKind::wrong_state, "desk.directory_in_use",
                    location.directory + " holds other files (" + entry.path().filename().string() +
                        "): give the desk a directory of its own.");
    }
    return {};
}

void ensure_database(const Location& location) {
    const std::string name = location.is_postgres() ? database_name(location.url) : std::string();
    if (name.empty()) return;
    namespace postgres = storage::postgres;
    // Without the right to, or where it is there already, opening it says what is to say.
    [[maybe_unused]] const Status made =
        postgres::create_database(postgres::with_database(location.url, "postgres"), name);
}

void block_stop_signals() {
    const sigset_t set = stop_signals();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
}

Status serve(const Configuration& configuration, const Announce& announce) {
    block_stop_signals();
    Log log(configuration.text("log_level"), configuration.text("log_format"));
    NodeOptions options;
    options.location = location_of(configuration);
    CHECK_OK(check_place(options.location));
    ensure_database(options.location);
    options.workers = configuration.number("workers");
    options.log = [&log](std::string_view message) { log.write(LogLevel::warning, message); };
    TRY(const auto node, Node::open(std::move(options)));
    CHECK_OK(init_where_empty(*node, announce));
    return run(*node, configuration, log, announce);
}

}  // namespace firstline::server
