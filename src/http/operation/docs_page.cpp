#include "http/operation/docs_page.hpp"

#include <boost/json.hpp>

namespace firstline::http {
namespace {

namespace json = boost::json;

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '&': out += "&amp;"; break;
            case '"': out += "&quot;"; break;
            default: out.push_back(c);
        }
    }
    return out;
}

std::string text_at(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(json::string_view(name.data(), name.size()));
    if (value == nullptr || !value->is_string()) return {};
    const auto& string = value->get_string();
    return std::string(string.data(), string.size());
}

// The last part of "#/components/schemas/Incident".
std::string reference_name(const json::object& object) {
    const std::string reference = text_at(object, "$ref");
    const auto slash = reference.rfind('/');
    return slash == std::string::npos ? std::string() : reference.substr(slash + 1);
}

std::string schema_link(const json::value* schema) {
    if (schema == nullptr || !schema->is_object()) return "";
    const std::string name = reference_name(schema->get_object());
    if (!name.empty()) return "<a href=\"#schema-" + escaped(name) + "\">" + escaped(name) + "</a>";
    return "<code>" + escaped(text_at(schema->get_object(), "type")) + "</code>";
}

const json::value* body_schema(const json::object& holder) {
    const auto* content = holder.if_contains("content");
    if (content == nullptr || !content->is_object() || content->get_object().empty()) return nullptr;
    const auto& first = content->get_object().begin()->value();
    return first.is_object() ? first.get_object().if_contains("schema") : nullptr;
}

// Resolves a local reference once: parameters and responses are often shared.
const json::object* resolved(const json::object& root, const json::object& object) {
    const std::string reference = text_at(object, "$ref");
    if (!reference.starts_with("#/")) return &object;
    const json::object* at = &root;
    std::string_view rest = std::string_view(reference).substr(2);
    while (!rest.empty()) {
        const auto slash = rest.find('/');
        const auto part = rest.substr(0, slash);
        const auto* next = at->if_contains(json::string_view(part.data(), part.size()));
        if (next == nullptr || !next->is_object()) return &object;
        at = &next->get_object();
        rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    }
    return at;
}

void add_operation(std::string& out, const json::object& root, std::string_view path, std::string_view method,
                   const json::object& operation) {
    out += "<section><h3 id=\"" + escaped(text_at(operation, "operationId")) + "\"><code class=m>" + escaped(method) +
           "</code> <code>" + escaped(path) + "</code></h3><p>" + escaped(text_at(operation, "description")) + "</p>";
    if (const auto* parameters = operation.if_contains("parameters"); parameters != nullptr && parameters->is_array()) {
        out += "<table><tr><th>parameter<th>in<th>meaning";
        for (const auto& value : parameters->get_array()) {
            if (!value.is_object()) continue;
            const auto& parameter = *resolved(root, value.get_object());
            out += "<tr><td><code>" + escaped(text_at(parameter, "name")) + "</code><td>" +
                   escaped(text_at(parameter, "in")) + "<td>" + escaped(text_at(parameter, "description"));
        }
        out += "</table>";
    }
    if (const auto* body = operation.if_contains("requestBody"); body != nullptr && body->is_object()) {
        out += "<p>Body: " + schema_link(body_schema(body->get_object())) + "</p>";
    }
    if (const auto* responses = operation.if_contains("responses"); responses != nullptr && responses->is_object()) {
        out += "<table><tr><th>status<th>meaning<th>body";
        for (const auto& row : responses->get_object()) {
            if (!row.value().is_object()) continue;
            const auto& response = *resolved(root, row.value().get_object());
            out += "<tr><td>" + escaped(std::string_view(row.key().data(), row.key().size())) + "<td>" +
                   escaped(text_at(response, "description")) + "<td>" + schema_link(body_schema(response));
        }
        out += "</table>";
    }
    out += "</section>";
}

void add_schema(std::string& out, std::string_view name, const json::object& schema) {
    out += "<section><h3 id=\"schema-" + escaped(name) + "\">" + escaped(name) + "</h3><p>" +
           escaped(text_at(schema, "description")) + "</p><details><summary>schema</summary><pre>" +
           escaped(json::serialize(schema)) + "</pre></details></section>";
}

constexpr std::string_view kHead =
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>Firstline API</title>"
    "<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1b1f24;background:#fff}"
    "table{border-collapse:collapse;width:100%;font-size:14px}td,th{border-bottom:1px solid #d8dee4;padding:.25rem .5rem;text-align:left;"
    "vertical-align:top}code,pre{font:13px/1.4 ui-monospace,monospace}pre{white-space:pre-wrap;overflow-wrap:anywhere}.m{font-weight:700}"
    "section{margin:2rem 0}a{color:#0550ae}@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}"
    "td,th{border-color:#30363d}a{color:#79c0ff}}</style>";

}  // namespace

std::string docs_page(std::string_view openapi_json) {
    std::string out(kHead);
    boost::system::error_code error;
    const json::value parsed = json::parse(json::string_view(openapi_json.data(), openapi_json.size()), error);
    if (error || !parsed.is_object()) return out + "<p>The contract of this build cannot be read.</p>";
    const json::object& root = parsed.get_object();
    const json::object& info = root.at("info").get_object();
    out += "<h1>" + escaped(text_at(info, "title")) + " API " + escaped(text_at(info, "version")) + "</h1><pre>" +
           escaped(text_at(info, "description")) +
           "</pre><p>The document itself: <a href=\"/api/v1/openapi.json\">openapi.json</a></p>";
    for (const auto& path : root.at("paths").get_object()) {
        if (!path.value().is_object()) continue;
        for (const auto& operation : path.value().get_object()) {
            if (!operation.value().is_object() || !operation.value().get_object().contains("operationId")) continue;
            std::string method(operation.key().data(), operation.key().size());
            for (char& c : method) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
            add_operation(out, root, std::string_view(path.key().data(), path.key().size()), method,
                          operation.value().get_object());
        }
    }
    out += "<h2>Schemas</h2>";
    for (const auto& schema : root.at("components").get_object().at("schemas").get_object()) {
        if (schema.value().is_object())
            add_schema(out, std::string_view(schema.key().data(), schema.key().size()), schema.value().get_object());
    }
    return out;
}

}  // namespace firstline::http
