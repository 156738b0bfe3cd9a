// Shell completion, written from the command tree.
#include "cli/describe/describe.hpp"

namespace firstline::cli {
namespace {

std::string words(const std::vector<std::string>& items) {
    std::string out;
    for (const auto& item : items) out += (out.empty() ? "" : " ") + item;
    return out;
}

std::vector<std::string> choices_after(const CLI::App& command) {
    std::vector<std::string> out = subcommands_of(command);
    for (auto& flag : flags_of(command)) out.push_back(std::move(flag));
    if (command.get_name() == "completion") out.insert(out.end(), {"bash", "zsh", "fish"});
    return out;
}

// The shell finds the deepest command among the words typed so far, then offers what follows it.
std::string bash_function(const CLI::App& root) {
    std::string out =
        "_firstline() {\n"
        "    local current=${COMP_WORDS[COMP_CWORD]} path=firstline word\n"
        "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
        "        case \"$path $word\" in\n";
    for (const auto& [path, command] : all_commands(root)) {
        if (path != "firstline") out += "        '" + path + "') path='" + path + "' ;;\n";
    }
    out += "        esac\n    done\n    COMPREPLY=()\n    local choices=''\n    case $path in\n";
    for (const auto& [path, command] : all_commands(root))
        out += "    '" + path + "') choices='" + words(choices_after(*command)) + "' ;;\n";
    out +=
        "    esac\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$choices\" -- \"$current\")\n"
        "    if ((${#COMPREPLY[@]} == 0)); then mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); fi\n"
        "}\n"
        "complete -o filenames -F _firstline firstline";
    return out;
}

std::string zsh_function(const CLI::App& root) {
    std::string out =
        "#compdef firstline\n"
        "_firstline() {\n"
        "    local path=firstline word\n"
        "    for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
        "        case \"$path $word\" in\n";
    for (const auto& [path, command] : all_commands(root)) {
        if (path != "firstline") out += "        '" + path + "') path='" + path + "' ;;\n";
    }
    out += "        esac\n    done\n    case $path in\n";
    for (const auto& [path, command] : all_commands(root))
        out += "    '" + path + "') compadd -- " + words(choices_after(*command)) + " ;;\n";
    out += "    esac\n    _files\n}\ncompdef _firstline firstline";
    return out;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '\'' ? "\\'" : std::string(1, c);
    return out;
}

std::string fish_lines(const CLI::App& root) {
    std::string out =
        "function __firstline_at\n"
        "    set -l path firstline\n"
        "    for word in (commandline -opc)[2..-1]\n"
        "        switch \"$path $word\"\n";
    for (const auto& [path, command] : all_commands(root)) {
        if (path != "firstline") out += "            case '" + path + "'\n                set path '" + path + "'\n";
    }
    out += "        end\n    end\n    test \"$path\" = \"$argv[1]\"\nend\n";
    for (const auto& [path, command] : all_commands(root)) {
        const std::string at = "complete -c firstline -n \"__firstline_at '" + path + "'\"";
        for (const CLI::App* child : command->get_subcommands({})) {
            out += at + " -f -a " + child->get_name() + " -d '" + escaped(child->get_description()) + "'\n";
        }
        for (const std::string& flag : flags_of(*command)) out += at + " -l " + flag.substr(2) + "\n";
    }
    return out + "complete -c firstline -n \"__firstline_at 'firstline completion'\" -f -a 'bash zsh fish'";
}

}  // namespace

std::vector<std::string> subcommands_of(const CLI::App& command) {
    std::vector<std::string> out;
    for (const CLI::App* child : command.get_subcommands({})) out.push_back(child->get_name());
    return out;
}

std::vector<std::string> flags_of(const CLI::App& command) {
    std::vector<std::string> out;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) out.push_back("--" + name);
    }
    return out;
}

std::vector<Described> all_commands(const CLI::App& root) {
    std::vector<Described> out{{root.get_name(), &root}};
    for (std::size_t i = 0; i < out.size(); ++i) {
        const Described at = out[i];
        for (const CLI::App* child : at.command->get_subcommands({}))
            out.push_back({at.path + " " + child->get_name(), child});
    }
    return out;
}

std::string completion_of(const CLI::App& root, std::string_view shell) {
    if (shell == "bash") return bash_function(root);
    return shell == "zsh" ? zsh_function(root) : fish_lines(root);
}

}  // namespace firstline::cli
