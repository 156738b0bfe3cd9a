#include "cli/console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/text.hpp"

namespace firstline::cli {
namespace {

constexpr std::chrono::seconds kQuietFirst{1};
constexpr std::chrono::milliseconds kRedrawEvery{100};
constexpr std::chrono::seconds kLineEvery{10};
constexpr int kBarWidth = 30;

void write_line(std::FILE* file, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), file);
    std::fputc('\n', file);
    std::fflush(file);
}

std::string percent_of(std::int64_t done, std::int64_t total) {
    if (total <= 0) return std::to_string(done);
    return std::to_string(std::clamp<std::int64_t>(done * 100 / total, 0, 100)) + " %";
}

// The pointer of a flag is the flag; of a field the name people know.
std::string place_of(std::string_view pointer) {
    if (pointer.starts_with("/") || pointer.starts_with("?")) pointer.remove_prefix(1);
    return std::string(pointer);
}

}  // namespace

int exit_code_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid:
        case ErrorKind::malformed:
        case ErrorKind::too_large: return kExitUsage;
        case ErrorKind::unauthenticated:
        case ErrorKind::forbidden:
        case ErrorKind::not_found:
        case ErrorKind::exists:
        case ErrorKind::stale:
        case ErrorKind::wrong_state: return kExitRefused;
        case ErrorKind::too_many:
        case ErrorKind::unavailable: return kExitUnreachable;
        case ErrorKind::internal: return kExitFailed;
    }
    return kExitFailed;
}

void print(std::string_view text) { write_line(stdout, text); }
void print_note(std::string_view text) { write_line(stderr, text); }

int print_error(const Error& error) {
    print_note("error: " + error.detail + " [" + error.code + "]");
    for (const FieldError& field : error.fields) {
        if (field.detail == error.detail && error.fields.size() == 1) continue;
        print_note("  " + place_of(field.pointer) + ": " + field.detail);
    }
    return exit_code_of(error.kind);
}

ProgressBar::ProgressBar() : is_terminal_(::isatty(STDERR_FILENO) == 1) {}

void ProgressBar::show(std::string_view what, std::int64_t done, std::int64_t total) {
    const auto now = Clock::now();
    const auto every = is_terminal_ ? std::chrono::duration_cast<std::chrono::milliseconds>(kRedrawEvery)
                                    : std::chrono::duration_cast<std::chrono::milliseconds>(kLineEvery);
    const bool is_first = shown_ == Clock::time_point{};
    if (now - started_ < kQuietFirst || (!is_first && now - shown_ < every)) return;
    shown_ = now;
    const std::string text = std::string(what) + " " + percent_of(done, total);
    if (!is_terminal_) {
        print_note(text);
        return;
    }
    std::string bar;
    if (total > 0) {
        const auto filled = static_cast<std::size_t>(std::clamp<std::int64_t>(done * kBarWidth / total, 0, kBarWidth));
        bar = " [" + std::string(filled, '#') + std::string(static_cast<std::size_t>(kBarWidth) - filled, '.') + "]";
    }
    std::fprintf(stderr, "\r\033[K%s%s", text.c_str(), bar.c_str());
    std::fflush(stderr);
    is_shown_ = true;
}

void ProgressBar::clear() {
    if (!is_shown_) return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
}

std::string Table::text() const {
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], count_characters(row[i]));
    }
    std::string out;
    for (const auto& row : rows_) {
        if (!out.empty()) out += '\n';
        for (std::size_t i = 0; i < row.size(); ++i) {
            out += row[i];
            if (i + 1 < row.size()) out += std::string(widths[i] - count_characters(row[i]) + 2, ' ');
        }
    }
    return out;
}

}  // namespace firstline::cli
