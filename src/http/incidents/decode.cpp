#include "http/incidents/decode.hpp"

#include <boost/json.hpp>

#include "app/directory/users/fields.hpp"
#include "app/incidents/workspace.hpp"
#include "base/text.hpp"

namespace firstline::http {

using namespace domain;
using app::ActionRequest;

namespace {

constexpr std::size_t kTitleMax = 250;
constexpr std::size_t kTextMax = 65'536;  // characters of a message
constexpr std::size_t kReasonMax = 2'000;
constexpr std::size_t kNameMax = 250;
constexpr std::size_t kEmailMax = 254;
constexpr std::size_t kPhoneMax = 64;
constexpr std::size_t kThenMax = 10;
constexpr std::size_t kAttachmentsMax = 20;
constexpr std::size_t kTagsMax = 50;
constexpr std::size_t kWhomMax = 20;
constexpr std::int64_t kAffectedMax = 10'000'000;
constexpr std::int64_t kVersionMax = INT64_MAX;

std::optional<int> small(Fields& fields, std::string_view name, int max) {
    const auto number = fields.number(name, 1, max);
    return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

// A text that may be missing, but says something where it stands; empty where it is missing.
std::string said(Fields& fields, std::string_view name, std::size_t characters_max) {
    auto out = fields.text(name, characters_max);
    if (out && is_blank(*out)) fields.refuse(name, "blank", "This must not be empty.");
    return std::move(out).value_or("");
}

void read_triage(Fields& f, ActionRequest& r) {
    r.category = f.key("category");
    r.service = f.key("service");
    r.input.kind = f.word<Kind>("kind");
    r.input.impact = small(f, "impact", 3);
    r.input.urgency = small(f, "urgency", 3);
    r.input.priority = f.word<Priority>("priority");
    r.input.priority_reason = said(f, "priority_reason", kReasonMax);
}
void read_assign(Fields& f, ActionRequest& r) {
    r.team = f.key("team");
    r.assignee = f.key_or_null("assignee");
    r.input.reason = said(f, "reason", kReasonMax);
}
void read_hold(Fields& f, ActionRequest& r) {
    r.input.hold_reason = f.word<HoldReason>("hold_reason");
    r.input.question = said(f, "question", kTextMax);
    r.input.resume_at = f.instant("resume_at");
    r.input.note = said(f, "note", kTextMax);
}
void read_escalate(Fields& f, ActionRequest& r) {
    r.team = f.key("team");
    r.input.reason = said(f, "reason", kReasonMax);
    r.assignee = f.key("assignee");
}
void read_raise(Fields& f, ActionRequest& r) {
    r.input.reason = said(f, "reason", kReasonMax);
    r.whom = f.texts("whom", kWhomMax).value_or(std::vector<std::string>{});
}
void read_resolve(Fields& f, ActionRequest& r) {
    r.input.resolution_code = f.word<ResolutionCode>("resolution_code");
    r.input.resolution_notes = said(f, "resolution_notes", kTextMax);
    r.category = f.key("category");
    r.input.impact = small(f, "impact", 3);
    r.input.urgency = small(f, "urgency", 3);
}
void read_confirm(Fields& f, ActionRequest& r) {
    r.input.csat = small(f, "csat", 5);
    r.input.comment = said(f, "comment", kTextMax);
    r.input.on_behalf = said(f, "on_behalf", kReasonMax);
    if (r.input.csat && !r.input.on_behalf.empty()) f.refuse("csat", "conflict", "Only the requester rates.");
}
void read_reject(Fields& f, ActionRequest& r) {
    r.input.comment = said(f, "comment", kTextMax);
    r.input.on_behalf = said(f, "on_behalf", kReasonMax);
}
void read_rate(Fields& f, ActionRequest& r) {
    r.input.csat = small(f, "csat", 5);
    r.input.comment = said(f, "comment", kTextMax);
}
void read_reason(Fields& f, ActionRequest& r) { r.input.reason = said(f, "reason", kReasonMax); }
void read_cancel(Fields& f, ActionRequest& r) {
    r.input.code = f.word<CancelCode>("code");
    r.input.text = said(f, "text", kTextMax);
}
void read_merge(Fields& f, ActionRequest& r) {
    r.into = f.text("into", kNameMax);
    if (r.into && !app::parse_number(*r.into)) f.refuse("into", "format", "A number like INC-42 is needed.");
}

void read_action_fields(Fields& fields, ActionRequest& request) {
    switch (request.action) {
        case Action::triage: read_triage(fields, request); break;
        case Action::assign: read_assign(fields, request); break;
        case Action::hold: read_hold(fields, request); break;
        case Action::escalate: read_escalate(fields, request); break;
        case Action::raise: read_raise(fields, request); break;
        case Action::resolve: read_resolve(fields, request); break;
        case Action::confirm: read_confirm(fields, request); break;
        case Action::reject: read_reject(fields, request); break;
        case Action::rate: read_rate(fields, request); break;
        case Action::close:
        case Action::reopen: read_reason(fields, request); break;
        case Action::cancel: read_cancel(fields, request); break;
        case Action::merge: read_merge(fields, request); break;
        case Action::start:
        case Action::resume:
        case Action::unmerge:
        case Action::undo:
        case Action::log:
        case Action::auto_close: break;
    }
}

std::vector<ActionRequest> read_then(Fields& fields, std::vector<FieldError>& errors) {
    std::vector<ActionRequest> out;
    for (const auto& [value, pointer] : fields.objects("then", kThenMax)) {
        Fields step(*value, pointer, errors);
        ActionRequest request;
        request.pointer = pointer;
        const auto action = step.word<Action>("action");
        if (!step.has("action")) step.refuse("action", "required", "Name the action.");
        if (action && (*action == Action::log || *action == Action::auto_close))
            step.refuse("action", "enum", "This is no action of people.");
        if (!action) continue;
        request.action = *action;
        read_action_fields(step, request);
        step.finish();
        out.push_back(std::move(request));
    }
    return out;
}

// The keyword that sets a field which PATCH does not.
std::string edited_by(std::string_view name) {
    // clang-format off
    static constexpr std::pair<std::string_view, std::string_view> kActions[]{
        {"state", "start, hold, resume, resolve, confirm, cancel or reopen"}, {"category", "triage"}, {"kind", "triage"},
        {"impact", "triage"}, {"urgency", "triage"}, {"priority", "triage"}, {"priority_reason", "triage"}, {"team", "assign"},
        {"assignee", "assign"}, {"tier", "escalate"}, {"hold_reason", "hold"}, {"resume_at", "hold"},
        {"resolution_code", "resolve"}, {"resolution_notes", "resolve"}, {"csat", "rate"}, {"merged_into", "merge"}};
    // clang-format on
    for (const auto& [field, action] : kActions) {
        if (field == name) return "This is set by the action " + std::string(action) + ".";
    }
    if (name == "parent") return "This is set by a link of kind child.";
    return "";
}

}  // namespace

Result<ActionRequest> decode_action(const Call& call, Action action) {
    const bool needs_nothing = action == Action::start || action == Action::resume || action == Action::unmerge ||
                               action == Action::undo || action == Action::confirm;
    TRY(const Body body, call.json(needs_nothing));
    std::vector<FieldError> errors;
    Fields fields(body.value(), "", errors);
    ActionRequest request;
    request.action = action;
    read_action_fields(fields, request);
    const auto version = fields.number("version", 1, kVersionMax);
    fields.finish();
    CHECK_OK(fields_status(std::move(errors)));
    TRY(request.guard, call.guard(version));
    return request;
}

Result<app::LogRequest> decode_log(const Call& call) {
    TRY(const Body body, call.json());
    std::vector<FieldError> errors;
    Fields fields(body.value(), "", errors);
    app::LogRequest request;
    request.title = fields.required_text("title", kTitleMax).value_or("");
    request.description = said(fields, "description", kTextMax);
    request.kind = fields.word<Kind>("kind").value_or(Kind::incident);
    request.channel = fields.word<Channel>("channel");
    request.category = fields.key("category");
    request.service = fields.key("service");
    if (fields.key("ci")) fields.refuse("ci", "not_found", "There is no such configuration item.");
    request.impact = small(fields, "impact", 3);
    request.urgency = small(fields, "urgency", 3);
    if (const auto affected = fields.number("affected_count", 1, kAffectedMax))
        request.affected_count = static_cast<int>(*affected);
    request.team = fields.key("team");
    request.assignee = fields.key("assignee");
    if (const auto* caller = fields.object("requester", true)) {
        Fields person(*caller, "/requester", errors);
        app::NewCaller made;
        made.name = person.required_text("name", kNameMax).value_or("");
        made.email = said(person, "email", kEmailMax);
        if (!is_blank(made.email) && !app::is_email_address(made.email)) {
            person.refuse("email", "format", "A mail address is needed.");
        }
        made.phone = person.text("phone", kPhoneMax).value_or("");
        person.finish();
        request.new_caller = std::move(made);
    } else if (fields.has("requester") && body.value().get_object().at("requester").is_string()) {
        request.requester = fields.key("requester");
    }
    request.tags = fields.texts("tags", kTagsMax).value_or(std::vector<std::string>{});
    request.attachments = fields.numbers("attachments", kAttachmentsMax).value_or(std::vector<std::int64_t>{});
    request.is_restricted = fields.flag("restricted").value_or(false);
    request.then = read_then(fields, errors);
    fields.finish();
    CHECK_OK(fields_status(std::move(errors)));
    if (!request.channel) request.channel = call.is_by_cookie ? Channel::portal : Channel::api;
    return request;
}

Result<app::SayRequest> decode_say(const Call& call) {
    TRY(const Body body, call.json());
    std::vector<FieldError> errors;
    Fields fields(body.value(), "", errors);
    app::SayRequest request;
    request.text = fields.required_text("text", kTextMax).value_or("");
    request.attachments = fields.numbers("attachments", kAttachmentsMax).value_or(std::vector<std::int64_t>{});
    request.then = read_then(fields, errors);
    fields.finish();
    CHECK_OK(fields_status(std::move(errors)));
    return request;
}

Result<app::EditRequest> decode_edit(const Call& call) {
    TRY(const Body body, call.json());
    std::vector<FieldError> errors;
    Fields fields(body.value(), "", errors);
    app::EditRequest request;
    if (fields.has("title")) request.title = fields.required_text("title", kTitleMax);
    request.description = fields.text_or_null("description", kTextMax);
    request.service = fields.key_or_null("service");
    if (const auto ci = fields.key_or_null("ci"); ci && !ci->empty())
        fields.refuse("ci", "not_found", "There is no such configuration item.");
    request.requester = fields.key_or_null("requester");
    request.tags = fields.texts("tags", kTagsMax);
    if (fields.is_null("affected_count")) {
        request.clears_affected_count = true;
        (void)fields.text_or_null("affected_count");
    } else if (const auto affected = fields.number("affected_count", 1, kAffectedMax)) {
        request.affected_count = static_cast<int>(*affected);
    }
    request.is_restricted = fields.flag("restricted");
    const auto version = fields.number("version", 1, kVersionMax);
    if (body.value().get_object().empty()) errors.push_back({"", "required", "Name at least one field to change."});
    fields.finish(edited_by);
    CHECK_OK(fields_status(std::move(errors)));
    TRY(request.guard, call.guard(version));
    return request;
}

}  // namespace firstline::http
