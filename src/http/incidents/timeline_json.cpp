#include "http/incidents/timeline_json.hpp"

#include "http/incidents/incident_json.hpp"

namespace firstline::http {

using namespace domain;
using app::TimelineItem;
using app::TimelinePage;

namespace {

template <class Record>
void write_record(JsonWriter& json, const Record* record) {
    if (record == nullptr) {
        json.null();
    } else {
        json.begin_object().key("key").text(record->key).key("name").text(record->name).end_object();
    }
}

void write_person(JsonWriter& json, const TimelinePage& page, std::int64_t id) {
    const auto found = page.people.find(id);
    write_record(json, found == page.people.end() ? nullptr : &found->second);
}

// A field's value as people read it: names instead of ids, times instead of microseconds.
void write_value(JsonWriter& json, const TimelinePage& page, std::string_view field, const FieldValue& value) {
    if (std::holds_alternative<std::monostate>(value)) {
        json.null();
        return;
    }
    if (const auto* flag = std::get_if<bool>(&value)) {
        json.flag(*flag);
        return;
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
        json.text(*text);
        return;
    }
    const std::int64_t number = std::get<std::int64_t>(value);
    if (field == "assignee" || field == "requester" || field == "opened_by" || field == "whom" || field == "user") {
        write_person(json, page, number);
    } else if (field == "team" || field == "successor") {
        write_record(json, page.desk->team(TeamId{number}));
    } else if (field == "category") {
        write_record(json, page.desk->category(CategoryId{number}));
    } else if (field == "service") {
        write_record(json, page.desk->service(ServiceId{number}));
    } else if (field == "parent" || field == "merged_into" || field == "follow_up_of" || field == "source" ||
               field == "child" || field == "target") {
        json.text(app::to_number(IncidentId{number}));
    } else if (field == "resume_at") {
        json.instant(Instant{number});
    } else {
        json.number(number);
    }
}

std::string_view text_of(const Entry& entry, std::string_view field) {
    for (const EntryTextPart& part : entry.texts) {
        if (part.field == field) return part.text;
    }
    return {};
}

void write_attachments(JsonWriter& json, const TimelineItem& item) {
    json.begin_array();
    for (const auto& file : item.attachments) {
        json.begin_object().key("id").number(file.id).key("name").text(file.name).key("type").text(file.type);
        json.key("size").number(file.size).end_object();
    }
    json.end_array();
}

void write_actor(JsonWriter& json, const TimelinePage& page, const Entry& entry) {
    json.begin_object();
    const auto person = page.people.find(entry.actor.value);
    if (entry.actor.is_set() && person != page.people.end()) {
        json.key("kind").text("user").key("key").text(person->second.key).key("name").text(person->second.name);
    } else {
        std::string_view kind = "desk";
        std::string_view name = "The desk";
        if (entry.capacity == Capacity::importer) kind = "importer", name = "Import";
        if (entry.capacity == Capacity::timer) kind = "timer", name = "Timer";
        if (entry.capacity == Capacity::rule) kind = "rule", name = "Rule";
        if (entry.capacity == Capacity::monitoring) kind = "monitoring", name = "Monitoring";
        json.key("kind").text(kind).key("key").null().key("name").text(name);
    }
    json.end_object();
}

void write_change(JsonWriter& json, std::string_view field, const auto& before, const auto& after) {
    json.begin_object().key("field").text(field).key("before");
    before();
    json.key("after");
    after();
    json.end_object();
}

void write_changes(JsonWriter& json, const TimelinePage& page, const Entry& entry) {
    json.begin_array();
    for (const FieldChange& change : entry.changes) {
        const Field* field = find_field(change.field);
        if (field == nullptr || field->is_bookkeeping) continue;
        write_change(
            json, change.field, [&] { write_value(json, page, change.field, change.before); },
            [&] { write_value(json, page, change.field, change.after); });
    }
    for (const std::string_view name : {"title", "description"}) {
        if (entry.kind != EntryKind::edit) continue;
        const auto after = text_of(entry, name);
        const auto before = text_of(entry, std::string(name) + "_before");
        if (after.empty() && before.empty()) continue;
        write_change(json, name, [&] { json.text_or_null(before); }, [&] { json.text_or_null(after); });
    }
    for (const Detail& detail : entry.details) {
        if (detail.key == "attachment" || detail.key == "why") continue;
        write_change(
            json, detail.key, [&] { json.null(); }, [&] { write_value(json, page, detail.key, detail.value); });
    }
    json.end_array();
}

// Why it was done: what a person wrote, else the word of the rule.
std::string_view reason_of(const Entry& entry) {
    for (const std::string_view field : {"reason", "priority_reason", "on_behalf"}) {
        if (const auto text = text_of(entry, field); !text.empty()) return text;
    }
    for (const Detail& detail : entry.details) {
        if (detail.key != "why") continue;
        if (const auto* word = std::get_if<std::string>(&detail.value)) return *word;
    }
    return {};
}

std::string_view internal_text_of(const Entry& entry) {
    const std::string_view field = public_text_field(entry.kind);
    if (!field.empty()) {
        if (const auto text = text_of(entry, field); !text.empty()) return text;
    }
    for (const std::string_view name : {"text", "note", "recorded"}) {
        if (const auto text = text_of(entry, name); !text.empty()) return text;
    }
    return {};
}

void write_for_agent(JsonWriter& json, const TimelineItem& item, const TimelinePage& page) {
    const Entry& entry = item.stored.entry;
    json.begin_object();
    json.key("seq").number(entry.seq);
    json.key("kind").text(to_string(entry.kind));
    json.key("at").instant(entry.at);
    json.key("recorded_at").instant(entry.recorded_at);
    json.key("actor");
    write_actor(json, page, entry);
    json.key("visibility").text(entry.is_public ? "public" : "internal");
    json.key("text").text_or_null(internal_text_of(entry));
    json.key("changes");
    write_changes(json, page, entry);
    json.key("reason").text_or_null(reason_of(entry));
    json.key("inferred").flag(entry.is_inferred);
    json.key("attachments");
    write_attachments(json, item);
    json.key("hash").text(to_hex(item.stored.hash));
    json.end_object();
}

void write_for_requester(JsonWriter& json, const TimelineItem& item, const TimelinePage& page) {
    const Entry& entry = item.stored.entry;
    const std::string_view field = public_text_field(entry.kind);
    const auto person = page.people.find(entry.actor.value);
    json.begin_object();
    json.key("id").text(app::opaque_entry_id(page.desk_secret, page.incident, entry.seq));
    json.key("kind").text(to_string(entry.kind));
    json.key("at").instant(entry.at);
    json.key("author");
    if (entry.actor.is_set() && person != page.people.end()) {
        json.text(person->second.name);
    } else {
        json.null();
    }
    json.key("text").text_or_null(field.empty() ? std::string_view() : text_of(entry, field));
    json.key("attachments");
    write_attachments(json, item);
    json.key("step").text(to_string(item.step));
    json.end_object();
}

}  // namespace

void write_entry(JsonWriter& json, const TimelineItem& item, const TimelinePage& page) {
    if (page.sees_internal) {
        write_for_agent(json, item, page);
    } else {
        write_for_requester(json, item, page);
    }
}

}  // namespace firstline::http
