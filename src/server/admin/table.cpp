#include "server/admin/table.hpp"

#include <algorithm>

namespace firstline::server::admin {
namespace {

// clang-format off
constexpr Command kCommands[]{
    {"user.list",           &list_users},
    {"user.add",            &add_user},
    {"user.edit",           &edit_user},
    {"user.deactivate",     &deactivate_user},
    {"user.password",       &set_password},
    {"token.create",        &create_token},
    {"token.list",          &list_tokens},
    {"token.revoke",        &revoke_token},
    {"import.users",        &import_users},
    {"import.incident_log", &import_incident_log},
    {"report.overview",     &report_overview},
    {"verify",              &verify},
    {"reindex",             &reindex},
    {"backup",              &back_up},
    {"demo.make",           &make_demo},
};
// clang-format on

}  // namespace

std::span<const Command> commands() { return kCommands; }

Result<std::string> run_command(Node& node, std::string_view name, std::string_view args,
                                const cli::OnProgress& progress) {
    boost::system::error_code broken;
    const json::value parsed = json::parse(json::string_view(args.data(), args.size()), broken);
    if (broken || !parsed.is_object())
        return fail(ErrorKind::malformed, "request.malformed", "The arguments must be a JSON object.");
    for (const Command& command : kCommands) {
        if (command.name != name) continue;
        Arguments arguments(parsed.get_object());
        Call call{node, arguments, progress};
        TRY(const json::object result, command.run(call));
        return json::serialize(result);
    }
    return fail(ErrorKind::not_found, "admin.unknown_command",
                "There is no command " + std::string(name.substr(0, 64)) + ": the server may be of another version.");
}

const json::value* Arguments::find(std::string_view name) {
    known_.emplace_back(name);
    const json::value* found = given_.if_contains(json::string_view(name.data(), name.size()));
    return found == nullptr || found->is_null() ? nullptr : found;
}

void Arguments::refuse(std::string_view name, std::string_view code, std::string detail) {
    wrong_.push_back({"/" + std::string(name), std::string(code), std::move(detail)});
}

std::optional<std::string> Arguments::maybe_text(std::string_view name) {
    const json::value* found = find(name);
    if (found == nullptr) return std::nullopt;
    if (found->is_string()) return std::string(found->get_string());
    refuse(name, "type", "A text is needed.");
    return std::nullopt;
}

std::string Arguments::text(std::string_view name) { return maybe_text(name).value_or(""); }

std::string Arguments::needed_text(std::string_view name) {
    auto given = maybe_text(name);
    if (!given || given->empty()) refuse(name, "required", std::string(name) + " is needed.");
    return given.value_or("");
}

std::optional<bool> Arguments::maybe_flag(std::string_view name) {
    const json::value* found = find(name);
    if (found == nullptr) return std::nullopt;
    if (found->is_bool()) return found->get_bool();
    refuse(name, "type", "true or false is needed.");
    return std::nullopt;
}

std::optional<std::int64_t> Arguments::maybe_number(std::string_view name) {
    const json::value* found = find(name);
    if (found == nullptr) return std::nullopt;
    if (found->is_int64()) return found->get_int64();
    refuse(name, "type", "A whole number is needed.");
    return std::nullopt;
}

std::optional<std::vector<std::string>> Arguments::maybe_list(std::string_view name) {
    const json::value* found = find(name);
    if (found == nullptr) return std::nullopt;
    std::vector<std::string> out;
    bool fits = found->is_array();
    if (fits) {
        for (const json::value& item : found->get_array()) {
            fits = fits && item.is_string();
            if (item.is_string()) out.emplace_back(item.get_string());
        }
    }
    if (fits) return out;
    refuse(name, "type", "A list of texts is needed.");
    return std::nullopt;
}

Status Arguments::check() const {
    std::vector<FieldError> wrong = wrong_;
    for (const auto& member : given_) {
        const std::string name(member.key());
        const bool is_known = std::find(known_.begin(), known_.end(), name) != known_.end();
        if (!is_known) wrong.push_back({"/" + name, "unknown", "There is no such argument."});
    }
    if (wrong.empty()) return {};
    std::string detail = wrong.front().detail;
    return fail(Error{ErrorKind::invalid, "request.invalid", std::move(detail), std::move(wrong), {}});
}

}  // namespace firstline::server::admin
