#include "http/api/body.hpp"

#include <algorithm>

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>

#include "base/text.hpp"

namespace firstline::http {
namespace {

namespace json = boost::json;

// A name as one step of a JSON pointer (RFC 6901).
std::string pointer_step(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out.push_back(c);
        }
    }
    return out;
}

// Walks the text before it becomes a tree, because a tree has forgotten that a key stood twice.
struct KeyWatch {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    using Code = boost::system::error_code;
    // An open object or list: its keys so far, and where in it the text is now.
    struct Level {
        bool is_list = false;
        std::size_t index = 0;
        std::string key;
        std::set<std::string, std::less<>> keys;
    };
    std::vector<Level> levels;
    std::string partial;
    std::string duplicate;  // pointer of the first key that stands twice

    void end_value() {
        if (!levels.empty() && levels.back().is_list) ++levels.back().index;
    }
    std::string pointer() const {
        std::string out;
        for (const Level& level : levels) {
            out += "/" + (level.is_list ? std::to_string(level.index) : pointer_step(level.key.substr(0, 64)));
        }
        return out;
    }

    bool on_document_begin(Code&) { return true; }
    bool on_document_end(Code&) { return true; }
    bool on_object_begin(Code&) {
        levels.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t, Code&) { return leave(); }
    bool on_array_begin(Code&) {
        levels.emplace_back().is_list = true;
        return true;
    }
    bool on_array_end(std::size_t, Code&) { return leave(); }
    bool leave() {
        levels.pop_back();
        return scalar();
    }
    bool scalar() {
        end_value();
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t, Code&) {
        partial.append(part.data(), part.size());
        return true;
    }
    bool on_key(json::string_view part, std::size_t, Code&) {
        partial.append(part.data(), part.size());
        Level& level = levels.back();
        level.key = partial;
        if (!level.keys.insert(partial).second && duplicate.empty()) duplicate = pointer();
        partial.clear();
        return true;
    }
    bool on_string_part(json::string_view, std::size_t, Code&) { return true; }
    bool on_string(json::string_view, std::size_t, Code&) { return scalar(); }
    bool on_number_part(json::string_view, Code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, Code&) { return scalar(); }
    bool on_uint64(std::uint64_t, json::string_view, Code&) { return scalar(); }
    bool on_double(double, json::string_view, Code&) { return scalar(); }
    bool on_bool(bool, Code&) { return scalar(); }
    bool on_null(Code&) { return scalar(); }
    bool on_comment_part(json::string_view, Code&) { return true; }
    bool on_comment(json::string_view, Code&) { return true; }
};

tl::unexpected<Error> malformed(std::string detail) {
    return fail(ErrorKind::malformed, "request.malformed", std::move(detail));
}

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

}  // namespace

Result<Body> parse_body(std::string_view bytes) {
    json::parse_options options;
    options.max_depth = kJsonDepthMax;
    boost::system::error_code error;
    json::basic_parser<KeyWatch> watch(options);
    const std::size_t used = watch.write_some(false, bytes.data(), bytes.size(), error);
    if (!error && used < bytes.size()) return malformed("Something follows the JSON value.");
    if (!error && !watch.done()) return malformed("The JSON text ends too early.");
    if (error == json::error::too_deep) return malformed("The JSON text is nested deeper than 32 levels.");
    if (error)
        return malformed("The body is no JSON in UTF-8: " + error.message() + ", near byte " + std::to_string(used) +
                         ".");
    const std::string& twice = watch.handler().duplicate;
    if (!twice.empty()) {
        return fail(Error{ErrorKind::invalid,
                          "request.invalid",
                          "A key stands twice.",
                          {{twice, "duplicate", "Give each key once."}}});
    }
    auto value =
        std::make_shared<json::value>(json::parse(json::string_view(bytes.data(), bytes.size()), error, {}, options));
    if (error) return malformed("The body is no JSON: " + error.message() + ".");
    if (!value->is_object()) {
        return fail(Error{ErrorKind::invalid,
                          "request.invalid",
                          "The body must be a JSON object.",
                          {{"", "type", "An object is needed."}}});
    }
    return Body(std::move(value));
}

Fields::Fields(const json::value& value, std::string pointer, std::vector<FieldError>& errors)
    : object_(value.if_object()), pointer_(std::move(pointer)), errors_(errors) {
    if (object_ == nullptr) errors_.push_back({pointer_, "type", "An object is needed."});
}

const json::value* Fields::find(std::string_view name) {
    asked_.emplace(name);
    return object_ == nullptr ? nullptr : object_->if_contains(json::string_view(name.data(), name.size()));
}

bool Fields::has(std::string_view name) const {
    return object_ != nullptr && object_->contains(json::string_view(name.data(), name.size()));
}

bool Fields::is_null(std::string_view name) const {
    if (object_ == nullptr) return false;
    const auto* value = object_->if_contains(json::string_view(name.data(), name.size()));
    return value != nullptr && value->is_null();
}

void Fields::refuse(std::string_view name, std::string code, std::string detail) {
    errors_.push_back({pointer_ + "/" + std::string(name), std::move(code), std::move(detail)});
}

std::optional<std::string> Fields::text(std::string_view name, std::size_t characters_max) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    const auto* string = value->if_string();
    if (string == nullptr) {
        refuse(name, "type", "A text is needed.");
        return std::nullopt;
    }
    if (!is_clean_utf8(view(*string))) {
        refuse(name, "utf8", "The text must be UTF-8 without NUL.");
        return std::nullopt;
    }
    const std::size_t most = characters_max == 0 ? kTextBytesMax : characters_max;
    if (count_characters(view(*string)) > most) {
        refuse(name, "too_long", "At most " + std::to_string(most) + " characters.");
        return std::nullopt;
    }
    return std::string(view(*string));
}

std::optional<std::string> Fields::text_or_null(std::string_view name, std::size_t characters_max) {
    if (is_null(name)) {
        asked_.emplace(name);
        return std::string();
    }
    return text(name, characters_max);
}

std::optional<std::string> Fields::required_text(std::string_view name, std::size_t characters_max) {
    if (!has(name)) {
        asked_.emplace(name);
        refuse(name, "required", "This is needed.");
        return std::nullopt;
    }
    auto out = text(name, characters_max);
    if (out && is_blank(*out)) {
        refuse(name, "blank", "This must not be empty.");
        return std::nullopt;
    }
    return out;
}

std::optional<std::string> Fields::key(std::string_view name) {
    auto out = text(name);
    if (out && !is_key(*out)) {
        refuse(name, "format", "A key is written in a–z, 0–9 and -, at most 64 of them.");
        return std::nullopt;
    }
    return out;
}

std::optional<std::string> Fields::key_or_null(std::string_view name) {
    if (is_null(name)) {
        asked_.emplace(name);
        return std::string();
    }
    return key(name);
}

std::optional<std::int64_t> Fields::number(std::string_view name, std::int64_t min, std::int64_t max) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_uint64()) {
        refuse(name, "range", "From " + std::to_string(min) + " to " + std::to_string(max) + ".");
        return std::nullopt;
    }
    if (!value->is_int64()) {
        refuse(name, "type", "A whole number is needed.");
        return std::nullopt;
    }
    const std::int64_t number = value->get_int64();
    if (number < min || number > max) {
        refuse(name, "range", "From " + std::to_string(min) + " to " + std::to_string(max) + ".");
        return std::nullopt;
    }
    return number;
}

std::optional<bool> Fields::flag(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_bool()) {
        refuse(name, "type", "true or false is needed.");
        return std::nullopt;
    }
    return value->get_bool();
}

std::optional<Instant> Fields::instant(std::string_view name) {
    const auto given = text(name);
    if (!given) return std::nullopt;
    const auto parsed = parse_rfc3339(*given);
    if (!parsed) {
        refuse(name, "format", parsed.error().detail);
        return std::nullopt;
    }
    return *parsed;
}

std::optional<std::vector<std::string>> Fields::texts(std::string_view name, std::size_t count_max) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_array()) {
        refuse(name, "type", "A list is needed.");
        return std::nullopt;
    }
    std::vector<std::string> out;
    const auto& array = value->get_array();
    if (array.size() > count_max) {
        refuse(name, "too_long", "At most " + std::to_string(count_max) + ".");
        return std::nullopt;
    }
    for (std::size_t i = 0; i < array.size(); ++i) {
        const auto* string = array[i].if_string();
        const std::string place = std::string(name) + "/" + std::to_string(i);
        if (string == nullptr) {
            refuse(place, "type", "A text is needed.");
        } else if (!is_clean_utf8(view(*string))) {
            refuse(place, "utf8", "The text must be UTF-8 without NUL.");
        } else if (std::find(out.begin(), out.end(), view(*string)) != out.end()) {
            refuse(place, "duplicate", "Give it once.");
        } else {
            out.emplace_back(view(*string));
        }
    }
    return out;
}

std::optional<std::vector<std::int64_t>> Fields::numbers(std::string_view name, std::size_t count_max) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_array()) {
        refuse(name, "type", "A list is needed.");
        return std::nullopt;
    }
    std::vector<std::int64_t> out;
    const auto& array = value->get_array();
    if (array.size() > count_max) {
        refuse(name, "too_long", "At most " + std::to_string(count_max) + ".");
        return std::nullopt;
    }
    for (std::size_t i = 0; i < array.size(); ++i) {
        const std::string place = std::string(name) + "/" + std::to_string(i);
        if (!array[i].is_int64() && !array[i].is_uint64()) {
            refuse(place, "type", "A positive whole number is needed.");
        } else if (array[i].is_uint64() || array[i].get_int64() < 1) {
            refuse(place, "range", "A positive whole number is needed.");
        } else if (std::find(out.begin(), out.end(), array[i].get_int64()) != out.end()) {
            refuse(place, "duplicate", "Give it once.");
        } else {
            out.push_back(array[i].get_int64());
        }
    }
    return out;
}

std::vector<std::pair<const json::value*, std::string>> Fields::objects(std::string_view name, std::size_t count_max) {
    std::vector<std::pair<const json::value*, std::string>> out;
    const auto* value = find(name);
    if (value == nullptr) return out;
    if (!value->is_array()) {
        refuse(name, "type", "A list is needed.");
        return out;
    }
    const auto& array = value->get_array();
    if (array.size() > count_max) {
        refuse(name, "too_long", "At most " + std::to_string(count_max) + ".");
        return out;
    }
    for (std::size_t i = 0; i < array.size(); ++i) {
        out.emplace_back(&array[i], pointer_ + "/" + std::string(name) + "/" + std::to_string(i));
    }
    return out;
}

const json::value* Fields::object(std::string_view name, bool is_text_allowed) {
    const auto* value = find(name);
    if (value == nullptr || value->is_object()) return value;
    if (!(is_text_allowed && value->is_string())) refuse(name, "type", "An object is needed.");
    return nullptr;
}

void Fields::finish(std::string (*hint)(std::string_view)) {
    if (object_ == nullptr) return;
    for (const auto& member : *object_) {
        const std::string_view name(member.key().data(), member.key().size());
        if (asked_.contains(name)) continue;
        const std::string known = hint == nullptr ? std::string() : hint(name);
        const std::string shown = pointer_step(name.substr(0, 64));
        if (known.empty()) {
            refuse(shown, "unknown", "There is no such field here.");
        } else {
            refuse(shown, "read_only", known);
        }
    }
}

Status fields_status(std::vector<FieldError> errors) {
    if (errors.empty()) return {};
    std::string detail =
        errors.size() == 1 ? errors.front().detail : std::to_string(errors.size()) + " fields are wrong.";
    return fail(Error{ErrorKind::invalid, "request.invalid", std::move(detail), std::move(errors)});
}

}  // namespace firstline::http
