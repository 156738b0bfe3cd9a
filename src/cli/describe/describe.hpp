// Shell completion and the manual page, both made from the command tree itself.
#pragma once

#include <CLI/App.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace firstline::cli {

// `shell`: bash, zsh or fish.
[[nodiscard]] std::string completion_of(const CLI::App& root, std::string_view shell);
// roff, man(7).
[[nodiscard]] std::string man_page_of(const CLI::App& root, std::string_view version);

// A command of the tree with its path: "firstline token create".
struct Described {
    std::string path;
    const CLI::App* command = nullptr;
};
[[nodiscard]] std::vector<Described> all_commands(const CLI::App& root);
// "--data", … of one command, with --help; and what may follow it.
[[nodiscard]] std::vector<std::string> flags_of(const CLI::App& command);
[[nodiscard]] std::vector<std::string> subcommands_of(const CLI::App& command);

}  // namespace firstline::cli
