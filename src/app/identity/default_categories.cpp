#include "app/identity/default_categories.hpp"

namespace firstline::app {
namespace {

// clang-format off
constexpr DefaultCategory kCategories[]{
    {"access", "", "Access & accounts", "I cannot sign in or lack access"},
    {"access-password", "access", "Password or lock-out", ""},
    {"access-mfa", "access", "Second factor", ""},
    {"access-permission", "access", "Missing permission", ""},
    {"access-account", "access", "New, changed or leaving account", ""},

    {"email", "", "E-mail & collaboration", "E-mail, calendar, chat or meetings"},
    {"email-delivery", "email", "Mail not sent or not received", ""},
    {"email-mailbox", "email", "Mailbox or calendar", ""},
    {"email-meetings", "email", "Chat and online meetings", ""},
    {"email-sharing", "email", "Shared files and sites", ""},

    {"network", "", "Network & remote access", "Network, Wi-Fi or working from elsewhere"},
    {"network-lan", "network", "Wired network", ""},
    {"network-wifi", "network", "Wi-Fi", ""},
    {"network-vpn", "network", "VPN and remote desktop", ""},
    {"network-internet", "network", "Internet access", ""},

    {"printing", "", "Printing", "Printing or scanning"},
    {"printing-device", "printing", "Printer fault", ""},
    {"printing-queue", "printing", "Queue or driver", ""},
    {"printing-scan", "printing", "Scanning", ""},

    {"hardware", "", "Hardware", "Computer, screen, phone or other device"},
    {"hardware-computer", "hardware", "Computer", ""},
    {"hardware-screen", "hardware", "Screen, dock or accessory", ""},
    {"hardware-phone", "hardware", "Phone or tablet", ""},
    {"hardware-room", "hardware", "Meeting room equipment", ""},

    {"applications", "", "Business applications", "A program I work with"},
    {"applications-error", "applications", "Error or crash", ""},
    {"applications-data", "applications", "Wrong or missing data", ""},
    {"applications-install", "applications", "Installation or update", ""},
    {"applications-interface", "applications", "Interface between systems", ""},

    {"websites", "", "Websites & performance", "A website is down or slow"},
    {"websites-down", "websites", "Not reachable", ""},
    {"websites-slow", "websites", "Slow", ""},
    {"websites-content", "websites", "Wrong content", ""},

    {"data", "", "Data & storage", "Files are missing or there is no space left"},
    {"data-restore", "data", "Restore of files", ""},
    {"data-share", "data", "Network share", ""},
    {"data-space", "data", "No space left", ""},
    {"data-database", "data", "Database", ""},

    {"security", "", "Security", "Something looks suspicious"},
    {"security-phishing", "security", "Phishing or spam", ""},
    {"security-malware", "security", "Malware", ""},
    {"security-loss", "security", "Lost or stolen device", ""},
    {"security-leak", "security", "Data seen by the wrong people", ""},

    {"monitoring", "", "Monitoring", ""},
    {"monitoring-availability", "monitoring", "Not available", ""},
    {"monitoring-capacity", "monitoring", "Capacity or load", ""},
    {"monitoring-backup", "monitoring", "Backup or scheduled job failed", ""},
    {"monitoring-certificate", "monitoring", "Certificate expires", ""},

    {"other", "", "Other", "Something else"},
    {"other-question", "other", "Question", ""},
    {"other-unclear", "other", "Not clear yet", ""},
};
// clang-format on

}  // namespace

std::span<const DefaultCategory> default_categories() { return kCategories; }

}  // namespace firstline::app
