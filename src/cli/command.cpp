#include "cli/command.hpp"

#include "cli/settings.hpp"

namespace firstline::cli {

CLI::App* add_command(CLI::App& parent, Run& run, const std::string& name, const std::string& about,
                      std::function<int()> act) {
    CLI::App* command = parent.add_subcommand(name, about);
    command->callback([&run, act = std::move(act)] { run.chosen = act; });
    return command;
}

void add_setting(CLI::App& command, Run& run, std::string_view name) {
    const SettingRow& row = *find_setting(name);
    std::string flag = "--" + std::string(name);
    for (char& c : flag) c = c == '_' ? '-' : c;
    std::string about(row.about);
    if (row.kind == SettingKind::choice || row.kind == SettingKind::number) about += " Can be " + bounds_of(row) + ".";
    if (!row.preset.empty()) about += " Default: " + std::string(row.preset) + ".";
    command
        .add_option_function<std::string>(
            flag, [&run, key = std::string(name)](const std::string& value) { run.flags[key] = value; }, about)
        ->type_name(std::string(row.value_name));
}

void add_location(CLI::App& command, Run& run) {
    add_setting(command, run, "data");
    add_setting(command, run, "database");
    command
        .add_option_function<std::string>(
            "--config", [&run](const std::string& value) { run.flags["config"] = value; },
            "Read settings from this file instead of DIR/firstline.toml or ./firstline.toml.")
        ->type_name("FILE");
}

int administer(Run& run, std::string_view command, const json::object& args,
               const std::function<int(const json::object&)>& show) {
    auto port = run.program.open(run.flags);
    if (!port) return print_error(port.error());
    Result<std::string> answer;
    {
        ProgressBar bar;
        answer = (*port)->call(
            command, json::serialize(args),
            [&](std::string_view what, std::int64_t done, std::int64_t total) { bar.show(what, done, total); });
    }
    if (!answer) return print_error(answer.error());
    auto result = parse_object(*answer);
    if (!result) return print_error(result.error());
    return show(*result);
}

std::string text_of(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    if (found == nullptr || found->is_null()) return {};
    if (found->is_string()) return std::string(found->get_string());
    return json::serialize(*found);
}

std::int64_t number_of(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

const json::array& items_of(const json::object& object, std::string_view name) {
    static const json::array kNone;
    const json::value* found = object.if_contains(name);
    return found != nullptr && found->is_array() ? found->get_array() : kNone;
}

std::string joined(const json::array& items) {
    std::string out;
    for (const json::value& item : items) {
        if (!out.empty()) out += ',';
        out += item.is_string() ? std::string(item.get_string()) : json::serialize(item);
    }
    return out;
}

Result<json::object> parse_object(std::string_view text) {
    boost::system::error_code broken;
    json::value value = json::parse(json::string_view(text.data(), text.size()), broken);
    if (broken || !value.is_object())
        return fail(ErrorKind::internal, "admin.malformed", "The answer of the desk could not be read.");
    return std::move(value.as_object());
}

std::string pretty(const json::value& value, std::size_t depth) {
    const std::string inner((depth + 1) * 2, ' ');
    const std::string outer(depth * 2, ' ');
    std::string out;
    if (value.is_object() && !value.get_object().empty()) {
        for (const auto& member : value.get_object()) {
            out += out.empty() ? "{\n" : ",\n";
            out += inner + json::serialize(json::string(member.key())) + ": " + pretty(member.value(), depth + 1);
        }
        return out + "\n" + outer + "}";
    }
    if (value.is_array() && !value.get_array().empty()) {
        for (const auto& item : value.get_array()) {
            out += out.empty() ? "[\n" : ",\n";
            out += inner + pretty(item, depth + 1);
        }
        return out + "\n" + outer + "]";
    }
    return json::serialize(value);
}

}  // namespace firstline::cli
