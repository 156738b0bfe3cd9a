// Entries as bytes: data, salted text hashes, chain (storage.md §5).
#include <boost/json.hpp>

#include <algorithm>
#include <map>

#include "app/incidents/record.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::string_view kFormatVersion = "1";

void append_quoted(std::string& out, std::string_view text) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    out.push_back('"');
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
            out.push_back(kHex[static_cast<unsigned char>(c) & 15]);
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
}

void append_value(std::string& out, const FieldValue& value) {
    if (const auto* flag = std::get_if<bool>(&value)) {
        out += *flag ? "true" : "false";
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
        out += std::to_string(*number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        append_quoted(out, *text);
    } else {
        out += "null";
    }
}

FieldValue to_field_value(const boost::json::value& value) {
    if (value.is_bool()) return value.get_bool();
    if (value.is_int64()) return value.get_int64();
    if (value.is_string()) return std::string(value.get_string());
    return {};
}

// "\"member\":" with the comma where something stands before it.
void open_member(std::string& out, std::string_view name) {
    if (out.size() > 1) out.push_back(',');
    append_quoted(out, name);
    out.push_back(':');
}

}  // namespace

std::string encode_entry_data(const Entry& entry, const std::vector<EntryText>& salted) {
    std::string out = "{";
    open_member(out, "as");
    append_quoted(out, to_string(entry.capacity));
    if (!entry.changes.empty()) {
        open_member(out, "changes");
        out.push_back('[');
        for (const FieldChange& change : entry.changes) {
            if (out.back() != '[') out.push_back(',');
            out.push_back('[');
            append_quoted(out, change.field);
            out.push_back(',');
            append_value(out, change.before);
            out.push_back(',');
            append_value(out, change.after);
            out.push_back(']');
        }
        out.push_back(']');
    }
    if (!entry.details.empty()) {
        open_member(out, "details");
        out.push_back('[');
        for (const Detail& detail : entry.details) {
            if (out.back() != '[') out.push_back(',');
            out.push_back('[');
            append_quoted(out, detail.key);
            out.push_back(',');
            append_value(out, detail.value);
            out.push_back(']');
        }
        out.push_back(']');
    }
    if (!salted.empty()) {
        open_member(out, "texts");
        out.push_back('{');
        for (const EntryText& text : salted) {
            if (out.back() != '{') out.push_back(',');
            append_quoted(out, text.field);
            out.push_back(':');
            append_quoted(out, salted_text_hash(text.salt, text.text));
        }
        out.push_back('}');
    }
    out.push_back('}');
    return out;
}

bool decode_entry_data(std::string_view data, Entry& entry) {
    boost::system::error_code error;
    const auto parsed = boost::json::parse(boost::json::string_view(data.data(), data.size()), error);
    if (error || !parsed.is_object()) return false;
    const auto& object = parsed.get_object();
    if (const auto* as = object.if_contains("as"); as != nullptr && as->is_string()) {
        entry.capacity = parse_word<Capacity>(std::string_view(as->get_string())).value_or(Capacity::agent);
    }
    if (const auto* changes = object.if_contains("changes"); changes != nullptr && changes->is_array()) {
        for (const auto& row : changes->get_array()) {
            if (!row.is_array() || row.get_array().size() != 3 || !row.get_array()[0].is_string()) return false;
            const Field* field = find_field(std::string_view(row.get_array()[0].get_string()));
            if (field == nullptr) return false;
            entry.changes.push_back(
                {field->name, to_field_value(row.get_array()[1]), to_field_value(row.get_array()[2])});
        }
    }
    if (const auto* details = object.if_contains("details"); details != nullptr && details->is_array()) {
        for (const auto& row : details->get_array()) {
            if (!row.is_array() || row.get_array().size() != 2 || !row.get_array()[0].is_string()) return false;
            entry.details.push_back({std::string(row.get_array()[0].get_string()), to_field_value(row.get_array()[1])});
        }
    }
    return true;
}

std::vector<std::pair<std::string, std::string>> text_hashes_of(std::string_view data) {
    std::vector<std::pair<std::string, std::string>> out;
    boost::system::error_code error;
    const auto parsed = boost::json::parse(boost::json::string_view(data.data(), data.size()), error);
    if (error || !parsed.is_object()) return out;
    const auto* texts = parsed.get_object().if_contains("texts");
    if (texts == nullptr || !texts->is_object()) return out;
    for (const auto& [field, hash] : texts->get_object()) {
        if (hash.is_string()) out.emplace_back(std::string(field), std::string(hash.get_string()));
    }
    return out;
}

std::string salted_text_hash(std::string_view salt, std::string_view text) {
    Sha256Stream stream;
    stream.add(salt);
    stream.add(text);
    return to_hex(stream.finish());
}

Sha256 chain_hash(const ChainLink& link) {
    std::string head;
    head.reserve(link.data.size() + 192);
    const auto part = [&](std::string_view text) {
        // Each part with its length, so that no two different entries hash the same bytes.
        head += std::to_string(text.size());
        head.push_back(':');
        head += text;
    };
    part(kFormatVersion);
    part(link.desk_id);
    part(link.subject);
    part(std::to_string(link.subject_id));
    part(std::to_string(link.seq));
    part(std::to_string(link.at.us));
    part(std::to_string(link.actor_id));
    part(link.kind);
    part(link.is_public ? "1" : "0");
    part(link.data);
    part(link.hash_before);
    return sha256(head);
}

Result<std::vector<StoredEntry>> load_entries(Reader& reader, IncidentId id, std::int64_t after_seq,
                                              std::int64_t limit) {
    std::vector<StoredEntry> out;
    bool is_readable = true;
    CHECK_OK(reader.query("entry.of_incident", {id.value, after_seq, limit}, [&](const Row& row) {
        StoredEntry stored;
        stored.pos = row.integer(0);
        stored.entry.seq = row.integer(1);
        stored.entry.at = row.instant(2);
        stored.entry.recorded_at = row.instant(3);
        stored.entry.actor = row.id<UserId>(4);
        stored.via = row.text(5);
        const auto kind = parse_word<EntryKind>(row.text(6));
        stored.entry.kind = kind.value_or(EntryKind::note);
        stored.entry.is_public = row.flag(7);
        stored.entry.is_inferred = row.flag(8);
        is_readable = is_readable && kind && decode_entry_data(row.text(9), stored.entry);
        stored.hash = row.bytes(10);
        out.push_back(std::move(stored));
        return true;
    }));
    if (!is_readable)
        return fail(ErrorKind::internal, "timeline.unreadable",
                    "An entry of the timeline cannot be read: run `firstline verify`.");
    if (out.empty()) return out;
    CHECK_OK(reader.query("entry_text.of_incident", {id.value, after_seq, out.back().entry.seq}, [&](const Row& row) {
        const auto seq = row.integer(0);
        const auto it = std::lower_bound(out.begin(), out.end(), seq,
                                         [](const StoredEntry& e, std::int64_t s) { return e.entry.seq < s; });
        if (it != out.end() && it->entry.seq == seq)
            it->entry.texts.push_back({std::string(row.text(1)), std::string(row.text(2))});
        return true;
    }));
    return out;
}

}  // namespace firstline::app
