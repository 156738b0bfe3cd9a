// The administrative commands (storage.md §2): one table, served on the socket of a running server and called in process without
// one. Arguments and results are JSON objects; docs/cli.md says what each command shows.
#pragma once

#include <boost/json.hpp>

#include <span>
#include <string>
#include <string_view>

#include "cli/port.hpp"
#include "server/node.hpp"

namespace firstline::server::admin {

namespace json = boost::json;

// Members of the arguments; what is wrong is collected, so that all of it comes at once.
class Arguments {
public:
    explicit Arguments(const json::object& given) : given_(given) {}
    [[nodiscard]] std::string text(std::string_view name);  // "" where absent
    [[nodiscard]] std::string needed_text(std::string_view name);
    [[nodiscard]] std::optional<std::string> maybe_text(std::string_view name);
    [[nodiscard]] std::optional<bool> maybe_flag(std::string_view name);
    [[nodiscard]] std::optional<std::int64_t> maybe_number(std::string_view name);
    [[nodiscard]] std::optional<std::vector<std::string>> maybe_list(std::string_view name);
    // Error `request.invalid`: wrong types, missing and unknown members.
    [[nodiscard]] Status check() const;

private:
    const json::value* find(std::string_view name);
    void refuse(std::string_view name, std::string_view code, std::string detail);
    const json::object& given_;
    std::vector<std::string> known_;
    std::vector<FieldError> wrong_;
};

struct Call {
    Node& node;
    Arguments& args;
    const cli::OnProgress& progress;
};
struct Command {
    std::string_view name;
    Result<json::object> (*run)(Call&);
};
[[nodiscard]] std::span<const Command> commands();

// Error `admin.unknown_command`, `request.malformed` (arguments are no object), those of the command.
[[nodiscard]] Result<std::string> run_command(Node& node, std::string_view name, std::string_view args,
                                              const cli::OnProgress& progress);

// The commands by what they are about.
Result<json::object> list_users(Call& call);
Result<json::object> add_user(Call& call);
Result<json::object> edit_user(Call& call);
Result<json::object> deactivate_user(Call& call);
Result<json::object> set_password(Call& call);
Result<json::object> create_token(Call& call);
Result<json::object> list_tokens(Call& call);
Result<json::object> revoke_token(Call& call);
Result<json::object> import_users(Call& call);
Result<json::object> import_incident_log(Call& call);
Result<json::object> report_overview(Call& call);
Result<json::object> verify(Call& call);
Result<json::object> reindex(Call& call);
Result<json::object> back_up(Call& call);
Result<json::object> make_demo(Call& call);

// Runs a changing use case to its commit and gives its answer.
template <class Decide>
auto run_change(Node& node, Decide decide) {
    using Decided = typename decltype(decide(std::declval<app::Reader&>()))::value_type;
    using Answer = decltype(Decided::answer);
    std::optional<Answer> answer;
    const Status done = node.tools().runner.run_and_wait(0, [&](app::Reader& reader) -> Result<app::Runner::Decision> {
        TRY(auto decided, decide(reader));
        answer.emplace(std::move(decided.answer));
        return std::move(decided.change);
    });
    return done ? Result<Answer>(std::move(*answer)) : Result<Answer>(fail(done.error()));
}

}  // namespace firstline::server::admin
