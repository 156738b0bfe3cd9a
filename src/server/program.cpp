#include "server/program.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "app/demo/remove.hpp"
#include "http/operation/routes.hpp"
#include "server/admin/ports.hpp"
#include "server/admin/table.hpp"
#include "server/config/configuration.hpp"
#include "server/serve.hpp"
#include "storage/sqlite/backup/backup.hpp"

namespace firstline::server {
namespace {

namespace json = boost::json;

// A server that starts has the directory before its socket answers; a command beside it has it for a moment.
constexpr std::chrono::seconds kInUseWait{5};
constexpr std::chrono::milliseconds kInUseRetry{50};

// A directory given beside a PostgreSQL database remembers it, so that later commands need only the directory. What is there stays.
Status remember_database(const std::string& directory, const std::string& url) {
    const std::string path = directory + "/firstline.toml";
    const bool is_made = ::mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST;
    const int file = is_made ? ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    if (file < 0 && errno == EEXIST) return {};
    const std::string text = "database = " + json::serialize(json::string(url)) + "\n";
    const bool is_written = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (file >= 0) ::close(file);
    if (is_written) return {};
    return fail(ErrorKind::unavailable, "storage.unavailable", "cannot write " + path + ": " + std::strerror(errno));
}

Error missing(const std::string& directory) {
    return Error{
        ErrorKind::unavailable,
        "desk.missing",
        "There is no desk in " + directory + ": name its directory with --data, or make one with firstline init.",
        {},
        {}};
}

}  // namespace

FirstlineProgram::FirstlineProgram() {
    const std::string_view contract = http::openapi_json();
    boost::system::error_code broken;
    const json::value document = json::parse(json::string_view(contract.data(), contract.size()), broken);
    version_ = broken ? std::string("unknown") : std::string(document.at("info").at("version").as_string());
}

Result<std::unique_ptr<cli::AdminPort>> FirstlineProgram::open(const cli::Flags& flags) {
    TRY(const Configuration configuration, Configuration::load(flags));
    const Location location = location_of(configuration);
    if (location.is_postgres()) return admin::open_here(location);
    const auto patience = std::chrono::steady_clock::now() + kInUseWait;
    for (;;) {
        TRY(auto port, admin::connect_socket(location.directory));
        if (port) return port;
        if (!is_sqlite_desk(location.directory)) return fail(missing(location.directory));
        auto here = admin::open_here(location);
        const bool is_taken = !here && here.error().code == "storage.in_use";
        if (!is_taken || std::chrono::steady_clock::now() >= patience) return here;
        std::this_thread::sleep_for(kInUseRetry);
    }
}

Status FirstlineProgram::serve(const cli::Flags& flags, const std::function<void(std::string_view)>& announce) {
    TRY(const Configuration configuration, Configuration::load(flags));
    return server::serve(configuration, announce);
}

Result<std::string> FirstlineProgram::init(const cli::Flags& flags, std::string_view args) {
    TRY(const Configuration configuration, Configuration::load(flags));
    const json::value given = json::parse(json::string_view(args.data(), args.size()));
    admin::Arguments arguments(given.as_object());
    app::InitRequest request;
    request.admin_key = arguments.needed_text("admin");
    request.admin_name = arguments.needed_text("name");
    request.admin_email = arguments.text("email");
    request.desk_name = arguments.text("desk_name");
    request.zone = arguments.needed_text("zone");
    request.admin_password = arguments.text("password");
    CHECK_OK(arguments.check());

    NodeOptions options;
    options.location = location_of(configuration);
    CHECK_OK(check_place(options.location));
    ensure_database(options.location);
    const bool remembers = options.location.is_postgres() && flags.contains("data");
    const std::string where = options.location.is_postgres() ? "postgres" : options.location.directory;
    TRY(const auto node, Node::open(std::move(options)));
    TRY(const auto made, app::init_desk(node->store(), node->tools().clock, request));
    if (remembers) CHECK_OK(remember_database(configuration.text("data"), configuration.text("database")));
    json::object out{{"user", made.admin_key}, {"location", where}};
    out["password"] = made.is_password_made ? json::value(made.password) : json::value(nullptr);
    return json::serialize(out);
}

Result<std::string> FirstlineProgram::remove_demo(const cli::Flags& flags, bool is_forced) {
    TRY(const Configuration configuration, Configuration::load(flags));
    const Location location = location_of(configuration);
    if (!location.is_postgres()) {
        TRY(const auto port, admin::connect_socket(location.directory));
        if (port) {
            return fail(ErrorKind::unavailable, "demo.in_use",
                        "A server runs on this desk: stop it, empty the desk, start it again. Its feed begins anew.");
        }
        if (!is_sqlite_desk(location.directory)) return fail(missing(location.directory));
    }
    // The emptied database is opened anew: nothing that was read of the old desk may be believed of the new one.
    app::demo::Removal removal;
    {
        NodeOptions options;
        options.location = location;
        TRY(const auto node, Node::open(std::move(options)));
        TRY(removal, app::demo::empty_desk(node->tools(), is_forced));
    }
    NodeOptions options;
    options.location = location;
    TRY(const auto node, Node::open(std::move(options)));
    CHECK_OK(app::demo::found_again(node->tools(), removal));
    json::array kept;
    for (const auto& person : removal.administrators) kept.emplace_back(person.key);
    return json::serialize(
        json::object{{"incidents", removal.incidents}, {"people", removal.people}, {"kept", std::move(kept)}});
}

Result<std::string> FirstlineProgram::restore(const cli::Flags& flags, const std::string& backup) {
    TRY(const Configuration configuration, Configuration::load(flags));
    const Location location = location_of(configuration);
    if (location.is_postgres()) {
        return fail(ErrorKind::invalid, "backup.postgres",
                    "A desk in PostgreSQL is restored with PostgreSQL's own tools; --data is needed here.");
    }
    TRY(const auto manifest, storage::sqlite::restore(backup, location.directory));
    return json::serialize(json::object{{"directory", location.directory},
                                        {"position", manifest.position},
                                        {"anchor", manifest.anchor},
                                        {"files", manifest.files.size()}});
}

Result<std::string> FirstlineProgram::configuration(const cli::Flags& flags) {
    TRY(const Configuration configuration, Configuration::load(flags));
    json::array rows;
    for (const auto& [name, value] : configuration.values()) {
        rows.emplace_back(json::object{{"name", name}, {"value", value.value}, {"source", value.source}});
    }
    json::object out{{"settings", std::move(rows)}};
    out["file"] = configuration.file().empty() ? json::value(nullptr) : json::value(configuration.file());
    return json::serialize(out);
}

}  // namespace firstline::server
