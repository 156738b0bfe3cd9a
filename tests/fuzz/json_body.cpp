// Bodies of requests: bytes → JSON → fields → requests of the use cases, by the code that the routes use (http/api/body.hpp,
// http/incidents/decode.hpp). Whatever the bytes: a refusal has a code, a pointer and a body that is JSON in UTF-8; what is
// accepted is what the types promise; a field is taken or refused, never both and never silently neither.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "base/text.hpp"
#include "http/api/body.hpp"
#include "http/api/problem.hpp"
#include "http/incidents/decode.hpp"

namespace {

using namespace firstline;
using namespace firstline::http;
namespace json = boost::json;

void must(bool holds) {
    if (!holds) std::abort();
}

// Independent of the parser: brackets outside of strings.
std::size_t depth_of(std::string_view text) {
    std::size_t depth = 0, deepest = 0;
    bool is_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_string) {
            if (c == '\\') ++i;
            if (c == '"') is_string = false;
        } else if (c == '"') {
            is_string = true;
        } else if (c == '{' || c == '[') {
            deepest = std::max(deepest, ++depth);
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return deepest;
}

// No field takes one; the library loses their last bits, and has no text for those beyond a double.
bool has_double(const json::value& value) {
    if (const auto* array = value.if_array()) return std::any_of(array->begin(), array->end(), has_double);
    if (const auto* object = value.if_object()) {
        return std::any_of(object->begin(), object->end(),
                           [](const auto& member) { return has_double(member.value()); });
    }
    return value.is_double();
}

void check_refusal(const Error& error) {
    static const std::set<std::string, std::less<>> kCodes{"request.malformed", "request.invalid"};
    must(kCodes.contains(error.code) && !error.detail.empty());
    must((error.code == "request.invalid") == !error.fields.empty());
    for (const FieldError& field : error.fields) {
        must(field.pointer.empty() || field.pointer.front() == '/' || field.pointer.front() == '?');
        must(!field.code.empty() && !field.detail.empty());
    }
    const Response problem = problem_from(error, "fuzz");
    must(problem.status == (error.code == "request.malformed" ? 400U : 422U));
    boost::system::error_code broken;
    const json::value body = json::parse(problem.body, broken);
    must(!broken && body.is_object() && body.at("code").as_string() == json::string_view(error.code));
    must(!body.as_object().contains("fields") || body.at("fields").as_array().size() == error.fields.size());
}

// Text that is about to become the desk's.
void check_text(std::string_view text, std::size_t characters_max) {
    must(is_clean_utf8(text) && count_characters(text) <= characters_max);
}

// One member by every reader: it is given, or refused, or not there.
template <class Read>
void check_reader(const json::value& value, const Read& read) {
    std::vector<FieldError> errors;
    Fields fields(value, "", errors);
    const bool is_taken = read(fields);
    must(is_taken == errors.empty());
    fields.finish();
}

void check_readers(const json::value& value, const json::object& object) {
    constexpr std::size_t kCharacters = 40, kCount = 5;
    std::size_t members = 0;
    for (const auto& member : object) {
        if (++members > 8) return;
        const std::string_view name(member.key().data(), member.key().size());
        check_reader(value, [&](Fields& fields) {
            const auto text = fields.text(name, kCharacters);
            if (text) check_text(*text, kCharacters);
            return text.has_value();
        });
        check_reader(value, [&](Fields& fields) {
            const auto text = fields.required_text(name, kCharacters);
            if (text) must(!is_blank(*text));
            return text.has_value();
        });
        check_reader(value, [&](Fields& fields) { return fields.text_or_null(name, kCharacters).has_value(); });
        check_reader(value, [&](Fields& fields) {
            const auto key = fields.key(name);
            if (key) must(is_key(*key));
            return key.has_value();
        });
        check_reader(value, [&](Fields& fields) {
            const auto number = fields.number(name, -3, 1'000);
            if (number) must(*number >= -3 && *number <= 1'000);
            return number.has_value();
        });
        check_reader(value, [&](Fields& fields) { return fields.flag(name).has_value(); });
        check_reader(value, [&](Fields& fields) {
            const auto at = fields.instant(name);
            if (at) must(parse_rfc3339(to_rfc3339(*at)) == *at);
            return at.has_value();
        });
        check_reader(value, [&](Fields& fields) { return fields.word<domain::Priority>(name).has_value(); });
        std::vector<FieldError> errors;
        Fields fields(value, "", errors);
        const auto texts = fields.texts(name, kCount);
        if (texts) must(texts->size() <= kCount && std::all_of(texts->begin(), texts->end(), is_clean_utf8));
        const auto numbers = fields.numbers(name, kCount);
        if (numbers) must(std::all_of(numbers->begin(), numbers->end(), [](std::int64_t n) { return n > 0; }));
        must(fields.objects(name, kCount).size() <= kCount);
        if (const auto* inner = fields.object(name)) must(inner->is_object());
    }
}

void check_request(const app::ActionRequest& request) {
    for (const auto* text : {&request.input.reason, &request.input.question, &request.input.note,
                             &request.input.comment, &request.input.resolution_notes}) {
        check_text(*text, 65'536);
    }
    must(!request.input.impact || (*request.input.impact >= 1 && *request.input.impact <= 3));
    must(!request.input.csat || (*request.input.csat >= 1 && *request.input.csat <= 5));
    must(!request.team || is_key(*request.team));
}

void check_decoders(std::string_view bytes, unsigned choice) {
    Call call;
    call.request.method = "POST";
    call.request.headers.push_back({"Content-Type", "application/json"});
    call.request.body = std::string(bytes);
    const auto refused = [](const auto& result) {
        if (!result) check_refusal(result.error());
        return !result;
    };
    constexpr unsigned kActions = static_cast<unsigned>(domain::Words<domain::Action>::kWords.size());
    if (const auto log = decode_log(call); !refused(log)) {
        must(!is_blank(log->title));
        check_text(log->title, 250);
        check_text(log->description, 65'536);
        for (const auto& tag : log->tags) must(is_clean_utf8(tag));
        for (const auto& then : log->then) check_request(then);
    }
    if (const auto say = decode_say(call); !refused(say)) check_text(say->text, 65'536);
    if (const auto edit = decode_edit(call); !refused(edit) && edit->title) check_text(*edit->title, 250);
    const auto act = decode_action(call, static_cast<domain::Action>(choice % kActions));
    if (!refused(act)) check_request(*act);
}

}  // namespace

// The first byte chooses the action; the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    const auto body = parse_body(bytes);
    if (!body) {
        check_refusal(body.error());
    } else {
        const json::value& value = body->value();
        must(value.is_object() && depth_of(bytes) <= kJsonDepthMax && is_clean_utf8(bytes));
        boost::system::error_code broken;
        json::parse_options options;
        options.max_depth = kJsonDepthMax;
        const json::value again = json::parse(json::serialize(value), broken, {}, options);
        must(has_double(value) || (!broken && again == value));
        check_readers(value, value.get_object());
    }
    check_decoders(bytes, data[0]);
    return 0;
}
