#include "server/admin/ports.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "app/identity/init_desk.hpp"
#include "server/admin/socket_address.hpp"
#include "server/admin/table.hpp"

namespace firstline::server::admin {
namespace {

Error unreachable() {
    return Error{ErrorKind::unavailable,
                 "admin.unreachable",
                 "The server ended before it answered: what it had done until then stays.",
                 {},
                 {}};
}

ErrorKind kind_of(std::string_view word) {
    for (int i = 0; i <= static_cast<int>(ErrorKind::internal); ++i) {
        if (to_string(static_cast<ErrorKind>(i)) == word) return static_cast<ErrorKind>(i);
    }
    return ErrorKind::internal;
}

std::string member(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(json::string_view(name.data(), name.size()));
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

Error error_from(const json::object& object) {
    Error error{kind_of(member(object, "kind")), member(object, "code"), member(object, "detail"), {}, {}};
    const json::value* fields = object.if_contains("fields");
    if (fields != nullptr && fields->is_array()) {
        for (const json::value& item : fields->get_array()) {
            if (!item.is_object()) continue;
            const json::object& field = item.get_object();
            error.fields.push_back({member(field, "pointer"), member(field, "code"), member(field, "detail")});
        }
    }
    return error;
}

void show_progress(const json::object& note, const cli::OnProgress& progress) {
    const auto number = [&](std::string_view name) {
        const json::value* found = note.if_contains(json::string_view(name.data(), name.size()));
        return found != nullptr && found->is_int64() ? found->get_int64() : 0;
    };
    progress(member(note, "what"), number("done"), number("total"));
}

class SocketPort final : public cli::AdminPort {
public:
    explicit SocketPort(Descriptor socket) : socket_(std::move(socket)) {}

    Result<std::string> call(std::string_view command, std::string_view args,
                             const cli::OnProgress& progress) override {
        const std::string request = "{\"command\":" + json::serialize(json::string(command.data(), command.size())) +
                                    ",\"args\":" + std::string(args) + "}\n";
        if (!send_all(socket_.number(), request)) return fail(unreachable());
        std::string line;
        while (read_line(socket_.number(), buffer_, line, kLineBytesMax)) {
            boost::system::error_code broken;
            const json::value answer = json::parse(line, broken);
            if (broken || !answer.is_object()) break;
            const json::object& object = answer.get_object();
            if (const json::value* note = object.if_contains("progress"); note != nullptr && note->is_object()) {
                show_progress(note->get_object(), progress);
            } else if (const json::value* error = object.if_contains("error"); error != nullptr && error->is_object()) {
                return fail(error_from(error->get_object()));
            } else if (const json::value* result = object.if_contains("result")) {
                return json::serialize(*result);
            }
        }
        return fail(unreachable());
    }

private:
    Descriptor socket_;
    std::string buffer_;
};

class NodePort final : public cli::AdminPort {
public:
    explicit NodePort(std::unique_ptr<Node> node) : node_(std::move(node)) {}
    Result<std::string> call(std::string_view command, std::string_view args,
                             const cli::OnProgress& progress) override {
        return run_command(*node_, command, args, progress);
    }

private:
    std::unique_ptr<Node> node_;
};

}  // namespace

Result<std::unique_ptr<cli::AdminPort>> connect_socket(const std::string& directory) {
    std::unique_ptr<cli::AdminPort> none;
    auto address = socket_address(directory);
    if (!address) return none;  // no such directory
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) return none;
    if (::connect(socket.number(), address->get(), sizeof address->address) == 0) {
        return std::unique_ptr<cli::AdminPort>(std::make_unique<SocketPort>(std::move(socket)));
    }
    if (errno == EACCES || errno == EPERM) {
        return fail(
            ErrorKind::forbidden, "admin.refused",
            "The server of " + directory + " takes commands only from the user that runs it: run this as that user.");
    }
    return none;
}

Result<std::unique_ptr<cli::AdminPort>> open_here(const Location& location) {
    NodeOptions options;
    options.location = location;
    TRY(auto node, Node::open(std::move(options)));
    TRY(const bool is_there, app::is_desk_there(node->store()));
    if (!is_there)
        return fail(ErrorKind::not_found, "desk.missing",
                    "The database holds no desk yet: make one with firstline init.");
    CHECK_OK(node->start());
    return std::unique_ptr<cli::AdminPort>(std::make_unique<NodePort>(std::move(node)));
}

}  // namespace firstline::server::admin
