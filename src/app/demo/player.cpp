#include "app/demo/player.hpp"

#include <algorithm>

#include "app/demo/cast.hpp"
#include "app/directory/people.hpp"
#include "app/identity/authenticate.hpp"
#include "app/incidents/relations/relations.hpp"

namespace firstline::app::demo {

using namespace domain;

namespace {

constexpr std::string_view kReasonPreset = "This is their area.";

struct Turn {
    Instant at{};
    const Story* story = nullptr;
    const Step* step = nullptr;  // null: the story begins
};

Error wrong(const std::string& story, const std::string& step, Error error) {
    std::string detail = "demo story " + story + ", " + step + ": " + error.detail;
    for (const FieldError& field : error.fields) detail += " (" + field.pointer + ": " + field.detail + ")";
    error.detail = std::move(detail);
    return error;
}

Error misspelt(const Step& step) {
    return Error{ErrorKind::internal, "demo.script", "the words of " + step.verb + " are not understood", {}, {}};
}

const std::string& word(const Step& step, std::size_t index) {
    static const std::string kNone;
    return index < step.words.size() ? step.words[index] : kNone;
}

std::optional<int> small(const std::string& text) {
    const bool is_digit = text.size() == 1 && text[0] >= '1' && text[0] <= '5';
    return is_digit ? std::optional(text[0] - '0') : std::nullopt;
}

std::optional<std::string> key_or_none(const std::string& text) {
    return text.empty() || text == "-" ? std::nullopt : std::optional(text);
}

// "6h", "2d" from the step on.
Instant resume_time(const Step& step, const std::string& text) {
    std::int64_t count = 0;
    for (const char c : text) count = c >= '0' && c <= '9' ? count * 10 + (c - '0') : count;
    return step.at + (text.ends_with('d') ? days(count) : hours(count));
}

Status fill_triage(const Step& step, ActionRequest& request) {
    if (const auto priority = parse_word<Priority>(word(step, 0))) {
        request.input.priority = priority;
        request.input.priority_reason = step.text;
        return {};
    }
    request.category = key_or_none(word(step, 0));
    request.input.impact = small(word(step, 1));
    request.input.urgency = small(word(step, 2));
    request.service = key_or_none(word(step, 3));
    if (word(step, 4) == "request") request.input.kind = Kind::request;
    return {};
}

Status fill_hold(const Step& step, ActionRequest& request) {
    request.input.hold_reason = parse_word<HoldReason>(word(step, 0));
    if (!request.input.hold_reason) return fail(misspelt(step));
    if (*request.input.hold_reason == HoldReason::awaiting_requester) {
        request.input.question = step.text;
    } else {
        request.input.note = step.text;
    }
    if (*request.input.hold_reason == HoldReason::scheduled) request.input.resume_at = resume_time(step, word(step, 1));
    return {};
}

bool is_conversation(const std::string& verb) { return verb == "reply" || verb == "note" || verb == "message"; }

}  // namespace

template <class Decide>
Status Player::as(const std::string& first_name, std::int64_t key, const Decide& decide) {
    return tools_.runner.run_and_wait(key, [&](Reader& reader) -> Result<Runner::Decision> {
        TRY(const Session session, session_of_person(reader, first_name));
        TRY(auto decided, decide(reader, session));
        return std::move(decided.change);
    });
}

Result<Session> Player::session_of_person(Reader& reader, const std::string& first_name) {
    TRY(const DeskPtr desk, tools_.desks.current(reader));
    TRY(const auto person, find_person(reader, key_of(first_name)));
    if (!person) return fail(ErrorKind::internal, "demo.script", "there is nobody called " + first_name);
    return session_of(*desk, *person, "demo");
}

Result<IncidentId> Player::number_of(const std::string& story) const {
    const auto found = numbers_.find(story);
    if (found == numbers_.end())
        return fail(ErrorKind::internal, "demo.script", "the story " + story + " has not begun");
    return IncidentId{found->second};
}

Status Player::play(const std::vector<Story>& stories, const std::function<void()>& done) {
    std::vector<Turn> turns;
    for (const Story& story : stories) {
        if (const std::int64_t number = records_.story(story.name); number != 0) {
            numbers_[story.name] = number;
            continue;
        }
        turns.push_back({story.at, &story, nullptr});
        for (const Step& step : story.steps) turns.push_back({step.at, &story, &step});
    }
    std::stable_sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) { return a.at < b.at; });
    for (const Turn& turn : turns) {
        clock_.set(turn.at);
        const Status played = turn.step == nullptr ? begin(*turn.story) : take(*turn.story, *turn.step);
        if (!played)
            return fail(wrong(turn.story->name, turn.step == nullptr ? "log" : turn.step->who + " " + turn.step->verb,
                              played.error()));
        done();
    }
    return {};
}

Status Player::begin(const Story& story) {
    LogRequest request;
    request.title = story.title;
    request.description = story.description;
    request.channel = parse_word<Channel>(story.channel);
    request.service = key_or_none(story.service);
    if (!story.requester.empty() && story.requester != story.opener) request.requester = key_of(story.requester);
    std::int64_t number = 0;
    CHECK_OK(as(story.opener, 0, [&](Reader& reader, const Session& session) -> Result<Decided<IncidentAnswer>> {
        TRY(auto decided, log_incident(reader, tools_, session, request));
        number = decided.answer.incident.id.value;
        if (decided.change) {
            decided.change->writes.push_back(record("incident", number));
            decided.change->writes.push_back(record("story:" + story.name, number));
        }
        return decided;
    }));
    numbers_[story.name] = number;
    return {};
}

Status Player::take(const Story& story, const Step& step) {
    if (is_conversation(step.verb)) return say(story, step);
    if (step.verb == "child" || step.verb == "related") return link(story, step);
    TRY(const IncidentId id, number_of(story.name));
    if (step.verb == "restrict") {
        return as(step.who, id.value, [&](Reader& reader, const Session& session) {
            EditRequest request;
            request.is_restricted = true;
            return edit_incident(reader, tools_, session, id, request);
        });
    }
    TRY(const ActionRequest request, action_of(step));
    return as(step.who, id.value,
              [&](Reader& reader, const Session& session) { return act(reader, tools_, session, id, request); });
}

Status Player::say(const Story& story, const Step& step) {
    TRY(const IncidentId id, number_of(story.name));
    SayRequest request;
    request.text = step.text;
    return as(step.who, id.value, [&](Reader& reader, const Session& session) {
        return step.verb == "note" ? say_internally(reader, tools_, session, id, request)
                                   : say_publicly(reader, tools_, session, id, request);
    });
}

Status Player::link(const Story& story, const Step& step) {
    TRY(const IncidentId id, number_of(story.name));
    TRY(const IncidentId other, number_of(word(step, 0)));
    const LinkKind kind = step.verb == "child" ? LinkKind::child : LinkKind::related;
    return as(step.who, id.value, [&](Reader& reader, const Session& session) {
        return add_link(reader, tools_, session, id, kind, other);
    });
}

Result<ActionRequest> Player::action_of(const Step& step) const {
    ActionRequest request;
    const bool is_on_behalf = word(step, 0) == "behalf";
    const auto action = parse_word<Action>(step.verb);
    if (!action) return fail(misspelt(step));
    request.action = *action;
    switch (*action) {
        case Action::triage: CHECK_OK(fill_triage(step, request)); break;
        case Action::hold: CHECK_OK(fill_hold(step, request)); break;
        case Action::assign:
        case Action::escalate:
            request.team = word(step, 0);
            if (step.words.size() > 1) request.assignee = key_of(step.words[1]);
            request.input.reason = step.text.empty() ? std::string(kReasonPreset) : step.text;
            break;
        case Action::raise:
            for (const std::string& whom : step.words) request.whom.push_back(key_of(whom));
            request.input.reason = step.text;
            break;
        case Action::resolve:
            request.input.resolution_code = parse_word<ResolutionCode>(word(step, 0));
            request.input.resolution_notes = step.text;
            break;
        case Action::confirm:
        case Action::reject:
        case Action::rate:
            if (is_on_behalf) request.input.on_behalf = word(step, 1).empty() ? "by phone" : word(step, 1);
            request.input.csat = is_on_behalf ? std::nullopt : small(word(step, 0));
            request.input.comment = step.text;
            break;
        case Action::close:
        case Action::reopen: request.input.reason = step.text; break;
        case Action::cancel:
            request.input.code = parse_word<CancelCode>(word(step, 0));
            request.input.text = step.text;
            break;
        case Action::merge: {
            TRY(const IncidentId into, number_of(word(step, 0)));
            request.into = to_number(into);
            break;
        }
        case Action::start:
        case Action::resume:
        case Action::unmerge:
        case Action::undo: break;
        case Action::log:
        case Action::auto_close: return fail(misspelt(step));
    }
    return request;
}

}  // namespace firstline::app::demo
