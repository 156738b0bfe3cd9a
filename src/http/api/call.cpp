#include "http/api/call.hpp"

#include <boost/json.hpp>

#include <charconv>

namespace firstline::http {

const std::string& Call::param(std::string_view name) const {
    static const std::string kNone;
    for (const auto& [key, value] : params) {
        if (key == name) return value;
    }
    return kNone;
}

Result<domain::IncidentId> Call::incident() const {
    const auto id = app::parse_number(param("number"));
    if (!id) {
        return fail(ErrorKind::not_found, "incident.not_found",
                    "\"" + param("number").substr(0, 40) + "\" is no incident number like INC-42.");
    }
    return *id;
}

Result<Body> Call::json(bool is_optional) const {
    if (is_optional && request.body.empty()) {
        return Body(std::make_shared<const boost::json::value>(boost::json::object()));
    }
    std::string_view type = request.header("Content-Type");
    type = type.substr(0, type.find(';'));
    while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
    if (!type.empty() && !equal_ignoring_case(type, "application/json")) {
        return fail(ErrorKind::invalid, "request.unsupported_type", "Send the body as application/json.");
    }
    const std::string_view coding = request.header("Content-Encoding");
    if (!coding.empty() && !equal_ignoring_case(coding, "identity")) {
        return fail(ErrorKind::invalid, "request.unsupported_type", "Send the body without Content-Encoding.");
    }
    return parse_body(request.body);
}

Result<app::VersionGuard> Call::guard(std::optional<std::int64_t> version) const {
    if (version) return app::VersionGuard{version};
    std::string_view tag = request.header("If-Match");
    if (tag.empty() || tag == "*") return app::VersionGuard{};
    if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
        tag = tag.substr(1, tag.size() - 2);
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), number);
        if (error == std::errc{} && end == tag.data() + tag.size() && number >= 0) return app::VersionGuard{number};
    }
    return fail(Error{ErrorKind::invalid,
                      "request.invalid",
                      "If-Match holds no version of ours.",
                      {{"?If-Match", "format", "Send the ETag as it came, e.g. \"12\"."}}});
}

std::string_view Call::cookie(std::string_view name) const {
    std::string_view rest = request.header("Cookie");
    while (!rest.empty()) {
        const auto end = rest.find(';');
        std::string_view part = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
        if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=')
            return part.substr(name.size() + 1);
    }
    return {};
}

Response json_response(unsigned status, std::string body) {
    Response response;
    response.status = status;
    response.content_type = "application/json";
    response.body = std::move(body);
    response.headers.push_back({"Cache-Control", "no-store"});
    return response;
}

std::string etag_of(std::int64_t version) { return "\"" + std::to_string(version) + "\""; }

}  // namespace firstline::http
