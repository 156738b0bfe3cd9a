// Building one change of configuration with its audit entries (storage.md §1, §5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/core/toolbox.hpp"
#include "app/directory/audit.hpp"
#include "app/incidents/workspace.hpp"

namespace firstline::app {

// Collects what an edit changes, for the audit entry: plain values as `field` and `field.before` among the details,
// free text, names and addresses likewise among the texts.
class Differences {
public:
    void value(std::string_view field, const domain::FieldValue& before, const domain::FieldValue& after);
    void text(std::string_view field, std::string_view before, std::string_view after);

    [[nodiscard]] bool is_empty() const { return details_.empty() && texts_.empty(); }
    [[nodiscard]] AuditFact fact(std::string_view subject, std::int64_t id, std::int64_t seq,
                                 std::string_view kind) const {
        return {subject, id, seq, kind, details_, texts_};
    }

private:
    std::vector<domain::Detail> details_;
    std::vector<domain::EntryTextPart> texts_;
};

class ConfigChange {
public:
    ConfigChange(Reader& reader, const Toolbox& tools, domain::DeskPtr desk, const Session& session)
        : reader_(reader), now_(tools.clock.now()), desk_(std::move(desk)), session_(session) {}

    void write(Write write) { change_.writes.push_back(std::move(write)); }
    // One entry a record in one change.
    Status record(const AuditFact& fact);
    // `raises_config`: what nodes keep in memory has changed.
    [[nodiscard]] Change take(bool raises_config);
    [[nodiscard]] Instant now() const { return now_; }
    [[nodiscard]] const domain::Desk& desk() const { return *desk_; }

private:
    Reader& reader_;
    Instant now_;
    domain::DeskPtr desk_;
    const Session& session_;
    Change change_;
};

// The seq of a record's newest entry, 0 without one: the version of what has no version column (tags, matrix,
// settings, sessions).
[[nodiscard]] Result<std::int64_t> last_seq_of(Reader& reader, std::string_view subject, std::int64_t id);

// If-Match guards the whole record: error `precondition.failed` where another version stands now.
[[nodiscard]] Status check_guard(const VersionGuard& guard, std::int64_t current);

[[nodiscard]] Error key_taken(std::string_view key);                       // `exists`
[[nodiscard]] Error no_such(std::string_view what, std::string_view key);  // `not_found`

// Names of what people call a thing: not blank, at most so many characters.
inline constexpr std::size_t kNameCharactersMax = 250;

}  // namespace firstline::app
