#include "intake/mapping/mapping_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace firstline::intake::mapping {
namespace {

using app::imports::Mapping;
using app::imports::Use;
namespace imports = app::imports;

constexpr std::size_t kFileBytesMax = 1024 * 1024;

// Walks one document; the first thing that is wrong ends it.
class MappingReader {
public:
    explicit MappingReader(const toml::table& file) : file_(file) {}

    Result<Mapping> read() {
        CHECK_OK(only({"source", "shape", "separator", "missing", "title", "time", "columns", "values"}, file_, ""));
        CHECK_OK(read_head());
        CHECK_OK(read_time());
        CHECK_OK(read_columns());
        CHECK_OK(read_values());
        CHECK_OK(check_whole());
        return std::move(mapping_);
    }

private:
    static tl::unexpected<Error> wrong(std::string_view key, std::string_view why) {
        return fail(ErrorKind::invalid, "import.mapping_invalid",
                    "`" + std::string(key) + "` of the mapping file: " + std::string(why));
    }

    static Status only(const std::set<std::string_view>& known, const toml::table& table, const std::string& place) {
        for (const auto& [key, node] : table) {
            if (!known.contains(key.str())) return wrong(place + std::string(key.str()), "there is no such key.");
        }
        return {};
    }

    Result<const toml::table*> table(std::string_view name) const {
        const toml::node* node = file_.get(name);
        if (node == nullptr) return static_cast<const toml::table*>(nullptr);
        if (!node->is_table()) return wrong(name, "a table is needed.");
        return node->as_table();
    }

    static Result<std::string> text(const toml::node& node, std::string_view key) {
        const auto value = node.value<std::string>();
        if (!node.is_string() || !value) return wrong(key, "a text is needed.");
        return *value;
    }

    // Leaves `out` as it is where the key is missing.
    static Status read_text(const toml::table& table, std::string_view name, std::string_view key, std::string& out) {
        const toml::node* node = table.get(name);
        if (node == nullptr) return {};
        TRY(out, text(*node, key));
        return {};
    }

    Result<std::vector<std::string>> texts(std::string_view key) const {
        std::vector<std::string> out;
        const toml::node* node = file_.get(key);
        if (node == nullptr) return out;
        if (!node->is_array()) return wrong(key, "a list of texts is needed.");
        for (const toml::node& item : *node->as_array()) {
            TRY(out.emplace_back(), text(item, key));
        }
        return out;
    }

    Status read_head() {
        CHECK_OK(read_text(file_, "source", "source", mapping_.source));
        if (mapping_.source.empty()) return wrong("source", "a name is needed.");
        if (const toml::node* node = file_.get("separator")) {
            TRY(const std::string separator, text(*node, "separator"));
            if (separator.size() != 1 || separator == "\"" || separator == "\n" || separator == "\r") {
                return wrong("separator", "one character such as \",\" or \";\" is needed.");
            }
            mapping_.separator = separator.front();
        }
        if (const toml::node* node = file_.get("shape")) {
            TRY(const std::string shape, text(*node, "shape"));
            if (shape != "events" && shape != "incidents")
                return wrong("shape", "\"events\" or \"incidents\" is needed.");
            mapping_.shape = shape == "events" ? imports::Shape::events : imports::Shape::incidents;
        }
        TRY(mapping_.missing, texts("missing"));
        TRY(mapping_.title_columns, texts("title"));
        return {};
    }

    Status read_time() {
        TRY(const toml::table* time, table("time"));
        if (time == nullptr) return wrong("time", "the table is missing.");
        CHECK_OK(only({"format", "zone"}, *time, "time."));
        CHECK_OK(read_text(*time, "format", "time.format", mapping_.time_format));
        CHECK_OK(read_text(*time, "zone", "time.zone", mapping_.zone));
        if (!imports::is_time_format(mapping_.time_format)) {
            return wrong("time.format", "\"rfc3339\", or a form with %Y, %m, %d and perhaps %H, %M, %S is needed.");
        }
        if (!is_known_zone(mapping_.zone))
            return wrong("time.zone", "an IANA time zone such as Europe/Stockholm is needed.");
        return {};
    }

    Status read_columns() {
        TRY(const toml::table* columns, table("columns"));
        if (columns == nullptr) return wrong("columns", "the table is missing.");
        for (const auto& [key, node] : *columns) {
            const auto use = std::find(imports::kUseWords.begin(), imports::kUseWords.end(), key.str());
            const std::string place = "columns." + std::string(key.str());
            if (use == imports::kUseWords.end()) return wrong(place, "there is no such use of a column.");
            TRY(mapping_.columns[static_cast<std::size_t>(use - imports::kUseWords.begin())], text(node, place));
        }
        return {};
    }

    // One table of values; `parse` turns a node into what it stands for, or says none.
    template <class T, class Parse>
    Status read_words(const toml::table& values, std::string_view name, imports::Words<T>& out, const Parse& parse,
                      std::string_view need) {
        const toml::node* node = values.get(name);
        if (node == nullptr) return {};
        const std::string place = "values." + std::string(name);
        if (!node->is_table()) return wrong(place, "a table is needed.");
        for (const auto& [key, value] : *node->as_table()) {
            const auto parsed = parse(value);
            if (!parsed) return wrong(place + ".\"" + std::string(key.str()) + "\"", need);
            out.emplace(std::string(key.str()), *parsed);
        }
        return {};
    }

    Status read_values() {
        TRY(const toml::table* values, table("values"));
        if (values == nullptr) return {};
        CHECK_OK(only({"state", "contact_type", "priority", "impact", "urgency", "made_sla"}, *values, "values."));
        const auto word = [](const toml::node& node) {
            return node.is_string() ? *node.value<std::string>() : std::string();
        };
        const auto level = [](const toml::node& node) {
            const auto number = node.is_integer() ? *node.value<std::int64_t>() : 0;
            return number >= 1 && number <= 3 ? std::optional{static_cast<int>(number)} : std::nullopt;
        };
        CHECK_OK(read_words(
            *values, "state", mapping_.states, [&](const toml::node& n) { return imports::parse_row_state(word(n)); },
            "new, assigned, in_progress, on_hold.<reason>, resolved or closed is needed."));
        CHECK_OK(read_words(
            *values, "contact_type", mapping_.channels,
            [&](const toml::node& n) { return domain::parse_word<domain::Channel>(word(n)); },
            "portal, email, phone, monitoring, api, chat or walk_in is needed."));
        CHECK_OK(read_words(
            *values, "priority", mapping_.priorities,
            [&](const toml::node& n) { return domain::parse_word<domain::Priority>(word(n)); },
            "P1, P2, P3, P4 or P5 is needed."));
        CHECK_OK(read_words(*values, "impact", mapping_.impacts, level, "1, 2 or 3 is needed."));
        CHECK_OK(read_words(*values, "urgency", mapping_.urgencies, level, "1, 2 or 3 is needed."));
        return read_words(
            *values, "made_sla", mapping_.made_sla, [](const toml::node& n) { return n.value_exact<bool>(); },
            "true or false is needed.");
    }

    Status check_whole() const {
        const auto has = [&](Use use) { return !mapping_.column(use).empty(); };
        if (!has(Use::number)) return wrong("columns.number", "which column names the incident must be said.");
        if (!has(Use::opened_at))
            return wrong("columns.opened_at", "which column says when it was opened must be said.");
        const bool is_events = mapping_.shape == imports::Shape::events;
        if (is_events && !has(Use::state)) return wrong("columns.state", "a table of events needs it.");
        if (is_events && !has(Use::updated_at)) return wrong("columns.updated_at", "a table of events needs it.");
        if (has(Use::state) && mapping_.states.empty())
            return wrong("values.state", "what the states mean must be said.");
        if (has(Use::contact_type) && mapping_.channels.empty())
            return wrong("values.contact_type", "what the values mean must be said.");
        if (has(Use::made_sla) && mapping_.made_sla.empty())
            return wrong("values.made_sla", "what the values mean must be said.");
        return {};
    }

    const toml::table& file_;
    Mapping mapping_;
};

}  // namespace

Result<Mapping> parse_mapping(std::string_view text) {
    try {
        const toml::table file = toml::parse(text);
        return MappingReader(file).read();
    } catch (const toml::parse_error& error) {
        return fail(ErrorKind::invalid, "import.mapping_invalid",
                    "The mapping file is no TOML, line " + std::to_string(error.source().begin.line) + ", column " +
                        std::to_string(error.source().begin.column) + ": " + std::string(error.description()) + ".");
    }
}

Result<Mapping> load_mapping(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorKind::malformed, "import.unreadable", path + " cannot be opened.");
    std::string text(kFileBytesMax + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kFileBytesMax)
        return fail(ErrorKind::too_large, "import.unreadable", path + " is no mapping file: it is too long.");
    return parse_mapping(text);
}

}  // namespace firstline::intake::mapping
