#include "app/directory/config_change.hpp"

namespace firstline::app {

using namespace domain;

namespace {
std::string before_of(std::string_view field) { return std::string(field) + ".before"; }
}  // namespace

void Differences::value(std::string_view field, const FieldValue& before, const FieldValue& after) {
    if (before == after) return;
    details_.push_back({std::string(field), after});
    if (!std::holds_alternative<std::monostate>(before)) details_.push_back({before_of(field), before});
}

void Differences::text(std::string_view field, std::string_view before, std::string_view after) {
    if (before == after) return;
    texts_.push_back({std::string(field), std::string(after)});
    if (!before.empty()) texts_.push_back({before_of(field), std::string(before)});
}

Status ConfigChange::record(const AuditFact& fact) {
    TRY(auto entry, audit_entry(reader_, *desk_, session_, now_, fact));
    change_.entries.push_back(std::move(entry));
    return {};
}

Change ConfigChange::take(bool raises_config) {
    change_.config_version = desk_->config_version;
    change_.raises_config = raises_config;
    return std::move(change_);
}

Result<std::int64_t> last_seq_of(Reader& reader, std::string_view subject, std::int64_t id) {
    std::int64_t seq = 0;
    CHECK_OK(reader.query("entry.last_seq_of", {std::string(subject), id}, [&](const Row& row) {
        seq = row.integer(0);
        return false;
    }));
    return seq;
}

Status check_guard(const VersionGuard& guard, std::int64_t current) {
    if (!guard.version || *guard.version == current) return {};
    return fail(ErrorKind::stale, "precondition.failed",
                "Somebody else has changed this since you read it: look again, then decide.");
}

Error key_taken(std::string_view key) {
    return Error{ErrorKind::exists, "exists", "The key \"" + std::string(key) + "\" is taken: choose another.", {}, {}};
}

Error no_such(std::string_view what, std::string_view key) {
    return Error{ErrorKind::not_found,
                 "not_found",
                 "There is no " + std::string(what) + " \"" + std::string(key.substr(0, 64)) + "\".",
                 {},
                 {}};
}

}  // namespace firstline::app
