// What a command says and how it ends (docs/cli.md): data on standard output, everything else on standard error.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace firstline::cli {

// Documented in docs/cli.md; scripts rely on them.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;       // it ran and did not succeed: findings, rows that were refused, a defect
inline constexpr int kExitUsage = 2;        // the command line, a setting or a file given is wrong
inline constexpr int kExitUnreachable = 3;  // the desk is in use, not there to be reached, or too busy
inline constexpr int kExitRefused = 4;      // understood, and refused by the desk's rules or state
[[nodiscard]] int exit_code_of(ErrorKind kind);

void print(std::string_view text);       // standard output, with a line break
void print_note(std::string_view text);  // standard error, likewise
// "error: …", each field on a line of its own; the exit code that goes with it.
int print_error(const Error& error);

// Shows how far a long command is: a bar in place on a terminal, else a line now and then; nothing within the first second.
class ProgressBar {
public:
    ProgressBar();
    ~ProgressBar() { clear(); }
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;
    void show(std::string_view what, std::int64_t done, std::int64_t total);

private:
    using Clock = std::chrono::steady_clock;
    void clear();
    const bool is_terminal_;
    const Clock::time_point started_ = Clock::now();
    Clock::time_point shown_{};
    bool is_shown_ = false;
};

// Columns padded to the widest cell; the last one is not.
class Table {
public:
    explicit Table(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace firstline::cli
