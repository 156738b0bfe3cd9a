// The manual page, written from the command tree (man-pages(7)).
#include "cli/describe/describe.hpp"
#include "cli/settings.hpp"

namespace firstline::cli {
namespace {

// A line of text must not begin with a control character, and - must stay a minus.
std::string roff(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
            out += "\\&";
            out += c;
        } else {
            out += c;
        }
    }
    return out;
}

std::string option_line(const CLI::Option& option) {
    std::string names;
    for (const std::string& name : option.get_lnames()) names += (names.empty() ? "--" : ", --") + name;
    if (names.empty()) names = option.get_type_name();
    const bool takes_value = option.get_items_expected_max() > 0 && !option.get_lnames().empty();
    std::string out = ".TP\n.B " + roff(names);
    if (takes_value && !option.get_type_name().empty()) out += " " + roff(option.get_type_name());
    return out + "\n" + roff(option.get_description()) + "\n";
}

std::string command_part(const Described& described) {
    std::string out = ".SS " + roff(described.path) + "\n" + roff(described.command->get_description()) + "\n";
    for (const CLI::Option* option : described.command->get_options()) {
        const bool is_help = option->get_lnames().size() == 1 && option->get_lnames().front() == "help";
        if (!is_help) out += option_line(*option);
    }
    return out;
}

std::string settings_part() {
    std::string out =
        ".SH CONFIGURATION\nA flag wins over the environment (FIRSTLINE_ and the name in capitals), that over the file (\\-\\-config, else "
        "DIR/firstline.toml, else ./firstline.toml), that over the default.\n";
    for (const SettingRow& row : setting_rows()) {
        out += ".TP\n.B " + roff(row.name) + "\n" + roff(row.about) + " " + roff(bounds_of(row)) + "; default " +
               (row.preset.empty() ? "none" : roff(row.preset)) + ".\n";
    }
    return out;
}

}  // namespace

std::string man_page_of(const CLI::App& root, std::string_view version) {
    std::string out =
        ".TH FIRSTLINE 1 \"\" \"Firstline " + roff(version) +
        "\" \"Firstline\"\n.SH NAME\nfirstline \\- IT incident management\n.SH SYNOPSIS\n.B firstline\nCOMMAND [OPTION...]\n"
        ".SH DESCRIPTION\n" +
        roff(root.get_description()) + "\n.SH COMMANDS\n";
    for (const Described& described : all_commands(root)) {
        const bool is_leaf = described.command->get_subcommands({}).empty();
        if (is_leaf) out += command_part(described);
    }
    out += settings_part();
    out +=
        ".SH EXIT STATUS\n.TP\n.B 0\nDone.\n.TP\n.B 1\nIt ran and did not succeed, or found something.\n.TP\n.B 2\nThe command line, a setting "
        "or a file is wrong.\n.TP\n.B 3\nThe desk is in use, cannot be reached, or is too busy.\n.TP\n.B 4\nRefused by the desk.\n"
        ".SH FILES\n.TP\n.B DIR/firstline.db\nThe embedded database.\n.TP\n.B DIR/firstline.sock\nWhere commands reach a running server.\n"
        ".TP\n.B DIR/lock\nHeld by the program that has the directory.";
    return out;
}

}  // namespace firstline::cli
