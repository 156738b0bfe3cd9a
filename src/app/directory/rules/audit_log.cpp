#include "app/directory/rules/audit_log.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <set>

#include "app/incidents/record.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::int64_t kSlice = 500;          // entries a read
constexpr std::int64_t kScannedMax = 20'000;  // entries looked at for one page

// What the log is about; other entries of the feed are none of it.
constexpr std::string_view kSubjects[]{"session", "user",   "team",     "organization", "category", "service",
                                       "tag",     "matrix", "settings", "token",        "view"};

struct Found {
    std::int64_t pos = 0;
    std::string subject, kind, data, hash;
    std::int64_t subject_id = 0, actor = 0;
    Instant at{};
};

bool fits_any(const std::vector<std::string>& wanted, std::string_view word) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), word) != wanted.end();
}

std::int64_t to_number(std::string_view text, std::int64_t preset) {
    std::int64_t number = preset;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} ? number : preset;
}

std::vector<std::string_view> split(std::string_view list) {
    std::vector<std::string_view> out;
    while (!list.empty()) {
        const auto comma = list.find(',');
        out.push_back(list.substr(0, comma));
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
    return out;
}

bool holds_people(std::string_view field) { return field == "members" || field == "leads"; }
bool holds_words(std::string_view field) { return field == "roles" || field == "teams" || field == "scopes"; }

class Lines {
public:
    Lines(Reader& reader, const Desk& desk) : reader_(reader), desk_(desk) {}

    Result<std::vector<AuditLine>> make(const std::vector<Found>& found) {
        CHECK_OK(load_texts(found));
        CHECK_OK(load_names(found));
        std::vector<AuditLine> out;
        for (const Found& entry : found) out.push_back(line_of(entry));
        return out;
    }

private:
    Status load_texts(const std::vector<Found>& found) {
        IntList positions;
        for (const Found& entry : found) positions.items.push_back(entry.pos);
        if (positions.items.empty()) return {};
        return reader_.query("audit.texts", {positions}, [&](const Row& row) {
            texts_[row.integer(0)][std::string(row.text(1))] = row.text(2);
            return true;
        });
    }

    Status load_names(const std::vector<Found>& found) {
        std::set<std::int64_t> ids;
        for (const Found& entry : found) {
            ids.insert(entry.actor);
            if (entry.subject == "user" || entry.subject == "session") ids.insert(entry.subject_id);
            Entry decoded;
            if (!decode_entry_data(entry.data, decoded)) continue;
            for (const Detail& detail : decoded.details) {
                const auto* list = std::get_if<std::string>(&detail.value);
                const std::string_view field = std::string_view(detail.key).substr(0, detail.key.find('.'));
                if (list != nullptr && holds_people(field)) {
                    for (const auto id : split(*list)) ids.insert(to_number(id, 0));
                }
                if (const auto* id = std::get_if<std::int64_t>(&detail.value); id != nullptr && field == "user")
                    ids.insert(*id);
            }
        }
        ids.erase(0);
        TRY(const auto names, load_person_names(reader_, {ids.begin(), ids.end()}));
        for (const PersonName& name : names) names_.emplace(name.id.value, name);
        return {};
    }

    [[nodiscard]] const PersonName* name(std::int64_t id) const {
        const auto found = names_.find(id);
        return found == names_.end() ? nullptr : &found->second;
    }

    [[nodiscard]] AuditValue value_of(std::string_view field, const FieldValue& value) const {
        AuditValue out;
        const auto* text = std::get_if<std::string>(&value);
        if (text != nullptr && holds_people(field)) {
            out.people.emplace();
            for (const auto id : split(*text)) {
                if (const PersonName* person = name(to_number(id, 0))) out.people->push_back(*person);
            }
        } else if (text != nullptr && holds_words(field)) {
            out.words.emplace();
            for (const auto word : split(*text)) out.words->emplace_back(word);
        } else if (const auto* id = std::get_if<std::int64_t>(&value); id != nullptr && field == "user") {
            out.plain = name(*id) == nullptr ? FieldValue{} : FieldValue{name(*id)->key};
        } else {
            out.plain = value;
        }
        return out;
    }

    [[nodiscard]] std::string key_of(const Found& entry, const Entry& decoded) const {
        if (entry.subject == "user" || entry.subject == "session") {
            return name(entry.subject_id) == nullptr ? std::string() : name(entry.subject_id)->key;
        }
        if (entry.subject == "team" && desk_.team(TeamId{entry.subject_id}))
            return desk_.team(TeamId{entry.subject_id})->key;
        if (entry.subject == "token") return std::to_string(entry.subject_id);
        if (const auto* category = desk_.category(CategoryId{entry.subject_id});
            entry.subject == "category" && category)
            return category->key;
        if (const auto* service = desk_.service(ServiceId{entry.subject_id}); entry.subject == "service" && service)
            return service->key;
        if (const auto* found = desk_.organization(OrganizationId{entry.subject_id});
            entry.subject == "organization" && found)
            return found->key;
        for (const Detail& detail : decoded.details) {
            if (const auto* key = std::get_if<std::string>(&detail.value); key != nullptr && detail.key == "key")
                return *key;
        }
        return {};
    }

    AuditLine line_of(const Found& entry) const {
        Entry decoded;
        static_cast<void>(decode_entry_data(entry.data, decoded));
        AuditLine line{entry.pos, entry.subject, key_of(entry, decoded),   entry.kind,
                       entry.at,  std::nullopt,  desk_.settings.desk_name, {},
                       entry.hash};
        if (const PersonName* actor = name(entry.actor)) line.actor = *actor;
        std::map<std::string, AuditChange> changes;
        const auto put = [&](const std::string& key, const FieldValue& value) {
            const std::string field = key.substr(0, key.find('.'));
            AuditChange& change = changes[field];
            change.field = field;
            (key.ends_with(".before") ? change.before : change.after) = value_of(field, value);
        };
        for (const Detail& detail : decoded.details) put(detail.key, detail.value);
        if (const auto texts = texts_.find(entry.pos); texts != texts_.end()) {
            for (const auto& [field, text] : texts->second) put(field, text);
        }
        for (auto& [field, change] : changes) line.changes.push_back(std::move(change));
        return line;
    }

    Reader& reader_;
    const Desk& desk_;
    std::map<std::int64_t, std::map<std::string, std::string>> texts_;
    std::map<std::int64_t, PersonName> names_;
};

Result<std::set<std::int64_t>> ids_of_actors(Reader& reader, const std::vector<std::string>& keys) {
    std::set<std::int64_t> ids;
    for (const std::string& key : keys) {
        TRY(const auto person, find_person(reader, key));
        if (person) ids.insert(person->id.value);
    }
    return ids;
}

}  // namespace

Result<Page<AuditLine>> list_audit(Reader& reader, Toolbox& tools, const Session& session, const AuditFilter& filter,
                                   const PageRequest& page) {
    CHECK_OK(need(session, Permission::audit_see));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const auto actors, ids_of_actors(reader, filter.actors));
    std::vector<Found> found;
    std::int64_t before = to_number(page.after, std::numeric_limits<std::int64_t>::max());
    std::int64_t scanned = 0;
    bool is_over = false;
    while (!is_over && static_cast<std::int64_t>(found.size()) < page.limit && scanned < kScannedMax) {
        std::int64_t rows = 0;
        CHECK_OK(reader.query("audit.before", {before, kSlice}, [&](const Row& row) {
            ++rows;
            before = row.integer(0);
            const bool is_known =
                std::find(std::begin(kSubjects), std::end(kSubjects), row.text(1)) != std::end(kSubjects);
            const bool fits = is_known && fits_any(filter.subjects, row.text(1)) &&
                              fits_any(filter.kinds, row.text(3)) &&
                              (filter.actors.empty() || actors.contains(row.integer(5)));
            if (!fits) return true;
            found.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(3)),
                             std::string(row.text(7)), std::string(row.bytes(8)), row.integer(2), row.integer(5),
                             row.instant(4)});
            return static_cast<std::int64_t>(found.size()) < page.limit;
        }));
        scanned += rows;
        const bool is_full = static_cast<std::int64_t>(found.size()) >= page.limit;
        is_over = !is_full && rows < kSlice;
        if (!reader.has_time_left()) break;
    }
    Page<AuditLine> out;
    TRY(out.items, Lines(reader, *desk).make(found));
    if (!is_over) out.next = std::to_string(before);
    return out;
}

}  // namespace firstline::app
