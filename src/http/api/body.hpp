// Reading request bodies strictly (api.md §1): every field error at once, nothing unknown, nothing guessed.
#pragma once

#include <boost/json/fwd.hpp>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/names.hpp"

namespace firstline::http {

inline constexpr std::size_t kJsonDepthMax = 32;
inline constexpr std::size_t kTextBytesMax = 1'000'000;  // of one description, reply or note

// A parsed JSON object. Errors of `parse_body`: `request.malformed` (no JSON, no UTF-8, too deep, lone surrogates),
// `request.invalid` with `duplicate` (a key twice) or `type` (no object).
class Body {
public:
    explicit Body(std::shared_ptr<const boost::json::value> value) : value_(std::move(value)) {}
    [[nodiscard]] const boost::json::value& value() const { return *value_; }

private:
    std::shared_ptr<const boost::json::value> value_;
};
[[nodiscard]] Result<Body> parse_body(std::string_view bytes);

// The members of one object, taken by name; collects errors and finds what nobody asked for.
class Fields {
public:
    // `pointer`: of this object within the body, "" at the root.
    Fields(const boost::json::value& value, std::string pointer, std::vector<FieldError>& errors);

    [[nodiscard]] bool has(std::string_view name) const;      // present, also as null
    [[nodiscard]] bool is_null(std::string_view name) const;  // present as null

    // Each: none where absent; null counts as a wrong type unless `or_null` is in the name.
    std::optional<std::string> text(std::string_view name, std::size_t characters_max = 0);
    std::optional<std::string> text_or_null(std::string_view name, std::size_t characters_max = 0);  // null → ""
    std::optional<std::string> required_text(std::string_view name, std::size_t characters_max = 0);
    std::optional<std::string> key(std::string_view name);
    std::optional<std::string> key_or_null(std::string_view name);  // null → ""
    std::optional<std::int64_t> number(std::string_view name, std::int64_t min, std::int64_t max);
    std::optional<bool> flag(std::string_view name);
    std::optional<Instant> instant(std::string_view name);
    std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t count_max);
    std::optional<std::vector<std::int64_t>> numbers(std::string_view name, std::size_t count_max);
    // The objects of an array, each to be read with Fields of its own.
    std::vector<std::pair<const boost::json::value*, std::string>> objects(std::string_view name,
                                                                           std::size_t count_max);
    // An object, or null where absent or of another type (`is_text_allowed`: a string is left to the caller).
    const boost::json::value* object(std::string_view name, bool is_text_allowed = false);

    template <domain::Worded E>
    std::optional<E> word(std::string_view name) {
        const auto given = text(name);
        if (!given) return std::nullopt;
        const auto found = domain::parse_word<E>(*given);
        if (!found) refuse(name, "enum", "\"" + given->substr(0, 40) + "\" is none of: " + words_of_enum<E>() + ".");
        return found;
    }

    void refuse(std::string_view name, std::string code, std::string detail);
    // Every member that was not asked for is `unknown`, or `read_only` where `hint` knows better.
    void finish(std::string (*hint)(std::string_view) = nullptr);

private:
    template <domain::Worded E>
    static std::string words_of_enum() {
        std::string out;
        for (const auto word : domain::Words<E>::kWords) out += (out.empty() ? "" : ", ") + std::string(word);
        return out;
    }
    const boost::json::value* find(std::string_view name);

    const boost::json::object* object_ = nullptr;
    std::string pointer_;
    std::vector<FieldError>& errors_;
    std::set<std::string, std::less<>> asked_;
};

// Nothing, or all errors at once as `request.invalid`.
[[nodiscard]] Status fields_status(std::vector<FieldError> errors);

}  // namespace firstline::http
