#include "app/search/document.hpp"

#include <algorithm>
#include <map>

#include "app/incidents/record.hpp"
#include "base/text.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::size_t kTextBytesMax = 64 * 1024;  // of one text; beyond, nobody looks for words in it
constexpr int kTitleRepeats = 3;                  // a word of the title weighs as much as three of the body

// Texts that the row repeats, or that stood there before.
constexpr std::string_view kRowFields[]{"title",        "description",  "resolution_notes",   "priority_reason",
                                        "csat_comment", "title_before", "description_before", "recorded"};

std::string_view bounded(std::string_view text) {
    if (text.size() <= kTextBytesMax) return text;
    std::size_t end = kTextBytesMax;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

class Words {
public:
    void add(std::string_view text, int times = 1) {
        if (words_.size() >= kDocumentWordsMax || text.empty() || text == kRedacted) return;
        const auto words = words_of(bounded(text), kDocumentWordsMax - words_.size());
        for (int i = 0; i < times; ++i) words_.insert(words_.end(), words.begin(), words.end());
    }
    [[nodiscard]] bool is_full() const { return words_.size() >= kDocumentWordsMax; }
    [[nodiscard]] std::vector<std::string>& words() { return words_; }

private:
    std::vector<std::string> words_;
};

struct Body {
    Incident incident;
    std::vector<UserId> watchers;
    Words for_all, internal;

    void add_row(const Row& row) {
        incident.id = row.id<IncidentId>(0);
        incident.team = row.id<TeamId>(1);
        incident.assignee = row.id<UserId>(2);
        incident.requester = row.id<UserId>(3);
        incident.opened_by = row.id<UserId>(4);
        incident.organization = row.id<OrganizationId>(5);
        incident.is_restricted = row.flag(6);
        for_all.add(row.text(7), kTitleRepeats);
        for_all.add(row.text(8));
        for_all.add(row.text(9));
        for_all.add(row.text(11));
        internal.add(row.text(10));
    }

    // False when nothing more fits.
    bool add_text(const Row& row) {
        switch (reader_of_text(row.text(0), row.flag(1), row.text(2))) {
            case TextReader::nobody: break;
            case TextReader::everybody: for_all.add(row.text(3)); break;
            case TextReader::internal: internal.add(row.text(3)); break;
        }
        return !for_all.is_full() || !internal.is_full();
    }

    SearchDocument document(const Desk& desk) {
        SearchDocument out{incident.id.value, std::move(for_all.words())};
        const auto mark = [&](char with, std::string_view word) {
            std::string lexeme(1, with);
            lexeme += word;
            out.lexemes.push_back(std::move(lexeme));
        };
        for (const auto& word : internal.words()) mark(kInternalMark, word);
        const std::string terms = scope_terms(incident, watchers, desk);
        std::string_view rest = terms;
        while (!rest.empty()) {
            const auto blank = rest.find(' ');
            mark(kScopeMark, rest.substr(0, blank));
            rest = blank == std::string_view::npos ? std::string_view{} : rest.substr(blank + 1);
        }
        return out;
    }
};

}  // namespace

TextReader reader_of_text(std::string_view kind, bool is_public, std::string_view field) {
    if (std::find(std::begin(kRowFields), std::end(kRowFields), field) != std::end(kRowFields))
        return TextReader::nobody;
    const auto known = parse_word<EntryKind>(kind);
    const bool is_for_all = is_public && known && public_text_field(*known) == field;
    return is_for_all ? TextReader::everybody : TextReader::internal;
}

Result<std::vector<SearchDocument>> load_documents(Reader& reader, const Desk& desk,
                                                   const std::vector<std::int64_t>& ids) {
    std::map<std::int64_t, Body> bodies;
    const std::vector<Value> list{IntList{ids}};
    const Query heads[]{{"search.bodies", list,
                         [&](const Row& row) {
                             bodies[row.integer(0)].add_row(row);
                             return true;
                         }},
                        {"feed.watchers", list, [&](const Row& row) {
                             const auto body = bodies.find(row.integer(0));
                             if (body != bodies.end()) body->second.watchers.push_back(row.id<UserId>(1));
                             return true;
                         }}};
    CHECK_OK(reader.query_all(heads));
    std::vector<std::vector<Value>> params;
    params.reserve(bodies.size());
    std::vector<Query> texts;
    for (auto& [id, body] : bodies) {
        params.push_back({id, static_cast<std::int64_t>(kDocumentTextsMax)});
        texts.push_back(
            {"search.texts", params.back(), [&of_one = body](const Row& row) { return of_one.add_text(row); }});
    }
    if (!texts.empty()) CHECK_OK(reader.query_all(texts));
    std::vector<SearchDocument> out;
    out.reserve(ids.size());
    for (const std::int64_t id : ids) {
        const auto body = bodies.find(id);
        out.push_back(body == bodies.end() ? SearchDocument{id, {}} : body->second.document(desk));
    }
    return out;
}

}  // namespace firstline::app
