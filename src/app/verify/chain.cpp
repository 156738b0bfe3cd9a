// One chain of entries: hashes, numbers without a gap, texts, and the fold (storage.md §5).
#include "app/incidents/workspace.hpp"
#include "app/verify/walk.hpp"

namespace firstline::app::verify_parts {

using namespace domain;

namespace {

// Kinds of entries that take texts out of the ones before them.
constexpr std::string_view kRedact = "redact";
constexpr std::string_view kErase = "erase";

// What an entry's `redact` or `erase` names: a field of one seq; without a seq all texts before it.
struct TakenOut {
    std::optional<std::int64_t> seq;
    std::optional<std::string> field;
};

TakenOut taken_out_by(const Entry& entry) {
    TakenOut out;
    for (const Detail& detail : entry.details) {
        if (const auto* seq = std::get_if<std::int64_t>(&detail.value); seq != nullptr && detail.key == "seq")
            out.seq = *seq;
        if (const auto* field = std::get_if<std::string>(&detail.value); field != nullptr && detail.key == "field")
            out.field = *field;
    }
    return out;
}

// Names of what differs; never the values, they may be somebody's text.
std::string differing(const Incident& stored, const Incident& folded) {
    std::string out;
    const auto add = [&](std::string_view name, bool is_same) {
        if (!is_same) out += (out.empty() ? "" : ", ") + std::string(name);
    };
    for (const Field& field : fields()) add(field.name, field.equal(stored, folded));
    add("version", stored.version == folded.version);
    add("public_version", stored.public_version == folded.public_version);
    add("updated_at", stored.updated_at == folded.updated_at);
    add("title", stored.title == folded.title);
    add("description", stored.description == folded.description);
    add("resolution_notes", stored.resolution_notes == folded.resolution_notes);
    add("priority_reason", stored.priority_reason == folded.priority_reason);
    add("csat_comment", stored.csat_comment == folded.csat_comment);
    return out;
}

}  // namespace

Chain::Chain(const std::string& desk_id, const EntryRow& first, Report& report)
    : desk_id_(desk_id), subject_(first.subject), id_(first.subject_id), report_(report) {
    incident_.id = IncidentId{id_};
    ++report_.result.chains;
}

std::string Chain::where(std::int64_t seq) const {
    const std::string record = is_incident() ? to_number(IncidentId{id_}) : subject_ + " " + std::to_string(id_);
    return seq == 0 ? record : record + " seq " + std::to_string(seq);
}

void Chain::add(const EntryRow& row) {
    ++report_.result.entries;
    if (row.seq != seq_ + 1) {
        const bool is_one = row.seq == seq_ + 2;
        report_.find(
            "entry.missing", where(seq_ + 1),
            is_one ? "The entry is missing."
                   : "Entries " + std::to_string(seq_ + 1) + " to " + std::to_string(row.seq - 1) + " are missing.");
        is_hash_known_ = false;
    }
    check_hash(row);
    check_texts(row);
    fold(row);
    seq_ = row.seq;
    hash_ = row.hash;
    is_hash_known_ = true;
}

void Chain::check_hash(const EntryRow& row) {
    if (!is_hash_known_) return;
    const Sha256 hash = chain_hash({desk_id_, row.subject, row.subject_id, row.seq, row.at, row.actor_id, row.kind,
                                    row.is_public, row.data, hash_});
    if (as_bytes(hash) != row.hash) {
        report_.find("entry.altered", where(row.seq),
                     "The entry, or one before it, is not what was written: its hash does not fit.");
    }
}

void Chain::check_texts(const EntryRow& row) {
    const auto hashes = text_hashes_of(row.data);
    const auto stored = [&](std::string_view field) -> const EntryText* {
        for (const EntryText& text : row.texts) {
            if (text.field == field) return &text;
        }
        return nullptr;
    };
    for (const auto& [field, hash] : hashes) {
        ++report_.result.texts;
        const EntryText* text = stored(field);
        if (text == nullptr) {
            missing_.emplace(std::pair{row.seq, field}, false);
        } else if (salted_text_hash(text->salt, text->text) != hash) {
            report_.find("text.altered", where(row.seq), "The text '" + field + "' is not what was written.");
        }
    }
    for (const EntryText& text : row.texts) {
        const bool is_named =
            std::any_of(hashes.begin(), hashes.end(), [&](const auto& one) { return one.first == text.field; });
        if (!is_named)
            report_.find("text.unexpected", where(row.seq),
                         "The entry has a text '" + text.field + "' that it does not name.");
    }
}

void Chain::fold(const EntryRow& row) {
    Entry entry;
    entry.seq = row.seq;
    entry.at = row.at;
    entry.recorded_at = row.recorded_at;
    entry.is_public = row.is_public;
    entry.is_inferred = row.is_inferred;
    const bool is_decoded = decode_entry_data(row.data, entry);
    const bool is_readable = is_decoded && (!is_incident() || parse_word<EntryKind>(row.kind));
    if (!is_readable) {
        report_.find("entry.unreadable", where(row.seq), "The entry's data cannot be read.");
        is_readable_ = false;
    }
    if (row.kind == kRedact || row.kind == kErase) {
        const TakenOut out = taken_out_by(entry);
        for (auto& [place, is_explained] : missing_) {
            const bool is_seq = out.seq ? place.first == *out.seq : row.kind == kErase;
            if (is_seq && (!out.field || place.second == *out.field)) is_explained = true;
        }
    }
    if (!is_incident()) return;
    for (const EntryText& text : row.texts) entry.texts.push_back({text.field, text.text});
    apply(incident_, entry);
}

void Chain::finish() {
    for (const auto& [place, is_explained] : missing_) {
        if (is_explained) {
            ++report_.result.redacted_texts;
        } else {
            report_.find("text.missing", where(place.first),
                         "The text '" + place.second + "' is missing, and no entry says why.");
        }
    }
}

void Chain::compare(const Incident& stored, bool is_open, bool is_paused) {
    if (!is_readable_) return;
    std::string fields = differing(stored, incident_);
    const auto add = [&](std::string_view name) { fields += (fields.empty() ? "" : ", ") + std::string(name); };
    if (is_open != domain::is_open(stored.state)) add("is_open");
    if (is_paused != domain::is_paused(stored)) add("is_paused");
    if (!fields.empty())
        report_.find("incident.differs", where(0), "The incident is not what its timeline gives: " + fields + ".");
}

void Chain::miss_row() {
    report_.find("timeline.without_incident", where(0), "There is a timeline, but its incident is gone.");
}

}  // namespace firstline::app::verify_parts
