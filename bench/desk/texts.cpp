// Texts made of a fixed vocabulary (bench/README.md "The seeded desk").
#include "desk/texts.hpp"

#include <array>

namespace firstline::bench {
namespace {

constexpr std::array<std::string_view, 160> kWords{
    "access",   "account",  "adapter", "after",    "again",     "agenda",   "alarm",    "answer",     "application",
    "archive",  "attached", "audio",   "backup",   "badge",     "battery",  "before",   "blank",      "blocked",
    "browser",  "building", "button",  "cable",    "calendar",  "camera",   "cannot",   "card",       "certificate",
    "charger",  "chat",     "client",  "clock",    "closes",    "cloud",    "code",     "colleague",  "connection",
    "contract", "copy",     "crashes", "customer", "dark",      "data",     "database", "delayed",    "delivery",
    "desk",     "desktop",  "device",  "dialog",   "directory", "disk",     "display",  "dock",       "document",
    "door",     "download", "drive",   "driver",   "email",     "empty",    "error",    "every",      "export",
    "fails",    "fan",      "file",    "filter",   "finance",   "firewall", "floor",    "folder",     "font",
    "form",     "freezes",  "gateway", "group",    "headset",   "hangs",    "home",     "hour",       "icon",
    "image",    "import",   "inbox",   "install",  "internet",  "invoice",  "keyboard", "kiosk",      "label",
    "laptop",   "late",     "license", "light",    "line",      "link",     "list",     "loading",    "locked",
    "login",    "lost",     "machine", "mailbox",  "meeting",   "memory",   "menu",     "message",    "microphone",
    "missing",  "mobile",   "monitor", "morning",  "mouse",     "network",  "noise",    "notebook",   "office",
    "offline",  "order",    "outage",  "page",     "paper",     "password", "payroll",  "permission", "phone",
    "picture",  "plug",     "policy",  "portal",   "power",     "profile",  "queue",    "reader",     "receipt",
    "remote",   "report",   "request", "reset",    "room",      "router",   "scanner",  "screen",     "server",
    "session",  "shared",   "sheet",   "signal",   "slow",      "socket",   "software", "speaker",    "storage",
    "switch",   "system",   "tablet",  "ticket",   "token",     "tunnel",   "update",
};
constexpr std::int64_t kHosts = 10'000;  // names of machines widen the vocabulary as they do on a real desk

// The n-th word of a text; the first of the list come more often, as in any language.
void append_word(std::string& out, const Plan& plan, std::int64_t age, std::uint64_t n) {
    if (!out.empty()) out.push_back(' ');
    const auto last = static_cast<std::int64_t>(kWords.size());
    const std::int64_t bound = 1 + chance(plan, age, 2 * n + 100, last);
    out += kWords[static_cast<std::size_t>(chance(plan, age, 2 * n + 101, bound))];
}

void append_host(std::string& out, const Plan& plan, std::int64_t age) {
    out += " pc" + std::to_string(chance(plan, age, 7, kHosts));
}

}  // namespace

std::string title_at(const Plan& plan, std::int64_t age) {
    std::string out;
    for (std::uint64_t n = 0; n < 5; ++n) append_word(out, plan, age, n);
    append_host(out, plan, age);
    return out;
}

std::string description_at(const Plan& plan, std::int64_t age) {
    std::string out;
    const auto words = static_cast<std::uint64_t>(12 + chance(plan, age, 8, 16));
    for (std::uint64_t n = 0; n < words; ++n) append_word(out, plan, age, n + 10);
    const auto add = [&](std::string_view word) { out.append(" ").append(word); };
    if (age % 5 == 0) add(kCommonWord);
    if (age % 200 == 45) add(kMiddlingWord);
    if (age % 10'000 == 45) add(kRareWord);
    return out;
}

std::string text_of(const Plan& plan, std::int64_t age, std::size_t size) {
    std::string out;
    for (std::uint64_t n = 0; out.size() < size; ++n) append_word(out, plan, age, n + 1'000);
    out.resize(size, '.');
    if (out.back() == ' ') out.back() = '.';
    return out;
}

}  // namespace firstline::bench
