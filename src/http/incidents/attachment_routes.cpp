// Uploads and downloads: bytes stream between the connection and the blob store, never through memory as a whole.
#include <charconv>

#include "app/incidents/relations/attachments.hpp"
#include "http/api/problem.hpp"
#include "http/incidents/incident_json.hpp"
#include "http/incidents/relation_routes.hpp"

namespace firstline::http {

using app::Reader;
using domain::IncidentId;

namespace {

constexpr std::string_view kUploadPath = "/api/v1/attachments";
constexpr std::size_t kTypeBytesMax = 200;

class UploadSink final : public BodySink {
public:
    explicit UploadSink(std::unique_ptr<app::BlobUpload> upload) : upload_(std::move(upload)) {}
    Take take(std::string_view piece) override {
        const Status status = upload_->append(piece);
        if (status) return Take::more;
        error_ = status.error();
        return Take::refuse;
    }
    Response refusal(std::string_view request_id) override { return problem_from(error_, request_id); }
    // Durable once; the decision that uses it may run again.
    Result<app::BlobInfo> finish() {
        if (!finished_) {
            finished_ = upload_->finish();
            upload_.reset();
        }
        return *finished_;
    }

private:
    std::unique_ptr<app::BlobUpload> upload_;
    std::optional<Result<app::BlobInfo>> finished_;
    Error error_;
};

// RFC 6266 with RFC 8187: an ASCII fallback beside the name in UTF-8.
std::string disposition_of(std::string_view name) {
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string plain, encoded;
    for (const char c : name) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                              c == '-' || c == '_';
        plain.push_back(is_plain || c == ' ' ? c : '_');
        if (is_plain) {
            encoded.push_back(c);
        } else {
            encoded.push_back('%');
            encoded.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
            encoded.push_back(kHex[static_cast<unsigned char>(c) & 15]);
        }
    }
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
}

// A media type as it may stand in a header; anything odd is bytes.
std::string clean_type(std::string_view given) {
    const std::string_view type = given.substr(0, given.find(';'));
    const bool is_sane =
        !type.empty() && type.size() <= kTypeBytesMax && type.find('/') != std::string_view::npos &&
        type.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&^_.+-/") ==
            std::string_view::npos;
    return is_sane ? std::string(type) : "application/octet-stream";
}

Result<Outcome> upload(app::Toolbox& tools, Call& call) {
    auto* sink = dynamic_cast<UploadSink*>(call.request.sink.get());
    std::vector<FieldError> errors;
    QueryFields query(call.query, errors);
    const auto name = query.one("name");
    if (!name) query.refuse("name", "required", "Give the file's name.");
    query.finish();
    CHECK_OK(fields_status(std::move(errors)));
    if (sink == nullptr) {
        return fail(Error{ErrorKind::invalid,
                          "request.invalid",
                          "Send the file's bytes as the body.",
                          {{"", "required", "The body is empty."}}});
    }
    TRY(const app::BlobInfo blob, sink->finish());
    TRY(auto decided,
        app::keep_upload(tools, call.session, {*name, clean_type(call.request.header("Content-Type")), blob}));
    const auto& kept = decided.answer;
    JsonWriter json;
    json.begin_object()
        .key("id")
        .number(kept.id)
        .key("name")
        .text(kept.name)
        .key("type")
        .text(kept.type)
        .key("size")
        .number(kept.size);
    json.key("expires_at").instant(kept.expires_at).end_object();
    return Outcome{std::move(decided.change), json_response(201, json.take()), {}};
}

std::string list_json(const app::AttachmentList& list) {
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const auto& file : list.items) {
        json.begin_object()
            .key("id")
            .number(file.id)
            .key("name")
            .text(file.name)
            .key("type")
            .text(file.type)
            .key("size")
            .number(file.size);
        json.key("at").instant(file.at).key("author");
        if (list.sees_internal) {
            write_named(json, file.author);
            json.key("seq").number(file.seq).key("visibility").text(file.is_public ? "public" : "internal");
        } else {
            json.text_or_null(file.author ? std::string_view(file.author->name) : std::string_view());
        }
        json.end_object();
    }
    json.end_array().key("next").null().end_object();
    return json.take();
}

Result<Response> download(app::Toolbox& tools, Call& call, Reader& reader) {
    TRY(const IncidentId id, call.incident());
    const std::string& text = call.param("id");
    std::int64_t attachment = 0;
    std::from_chars(text.data(), text.data() + text.size(), attachment);
    TRY(const auto file, app::find_attachment(reader, tools, call.session, id, attachment));
    Sha256 hash{};
    std::copy(file.sha256.begin(), file.sha256.end(), reinterpret_cast<char*>(hash.data()));
    TRY(auto opened, tools.blobs.open(hash));
    std::shared_ptr<app::BlobReader> bytes = std::move(opened);
    Response response;
    response.content_type = file.type;
    response.source = pulled_source(static_cast<std::uint64_t>(bytes->size()),
                                    [bytes](std::span<char> room) -> std::optional<std::size_t> {
                                        auto read = bytes->read(room);
                                        if (!read) return std::nullopt;
                                        return *read;
                                    });
    response.headers.push_back({"Content-Disposition", disposition_of(file.name)});
    response.headers.push_back({"X-Content-Type-Options", "nosniff"});
    response.headers.push_back({"Content-Security-Policy", "sandbox; default-src 'none'"});
    response.headers.push_back({"Cache-Control", "private, no-store"});
    return response;
}

}  // namespace

void add_attachment_routes(Api& api, app::Toolbox& tools) {
    Router& r = api.router();
    r.add({"POST", kUploadPath, Auth::caller,
           ChangeHandler([&tools](Call& call, Reader&) { return upload(tools, call); })});
    r.add({"GET", "/api/v1/incidents/{number}/attachments", Auth::caller,
           ReadHandler([&tools](Call& call, Reader& reader) -> Result<Response> {
               TRY(const IncidentId id, call.incident());
               TRY(const auto list, app::list_attachments(reader, tools, call.session, id));
               return json_response(200, list_json(list));
           })});
    r.add({"GET", "/api/v1/incidents/{number}/attachments/{id}", Auth::caller,
           ReadHandler([&tools](Call& call, Reader& reader) { return download(tools, call, reader); })});
}

BodyPolicy body_policy(app::Toolbox& tools, const Request& head) {
    BodyPolicy policy;
    if (head.path != kUploadPath || head.method != "POST") return policy;
    policy.bytes_max = static_cast<std::uint64_t>(app::kAttachmentBytesMax);
    // Nobody named: the answer is 401 anyway, and nothing is kept until then.
    if (head.header("Authorization").empty() && head.header("Cookie").empty()) {
        policy.refusal = problem_from(
            Error{ErrorKind::unauthenticated, "auth.required", "Say who you are: a bearer token or a session."},
            head.request_id);
        return policy;
    }
    auto upload = tools.blobs.begin(app::kAttachmentBytesMax);
    if (!upload) {
        policy.refusal = problem_from(upload.error(), head.request_id);
    } else {
        policy.sink = std::make_shared<UploadSink>(std::move(*upload));
    }
    return policy;
}

}  // namespace firstline::http
