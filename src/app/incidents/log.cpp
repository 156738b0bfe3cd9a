// POST /incidents: logging, with a caller not yet known, tags, attachments and further actions in one unit.
#include <algorithm>

#include "app/directory/audit.hpp"
#include "app/incidents/use_cases.hpp"
#include "base/text.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr int kKeyTriesMax = 1000;

struct Draft {
    LogInput input;
    std::optional<Person> requester;
    bool is_requester_new = false;
};

Status resolve_names(const Desk& desk, const LogRequest& request, LogInput& input) {
    Error errors{ErrorKind::invalid, "request.invalid", ""};
    const auto miss = [&](std::string pointer, std::string detail) {
        errors.detail = detail;
        errors.fields.push_back({std::move(pointer), "not_found", std::move(detail)});
    };
    if (request.category && !request.category->empty()) {
        const Category* found = desk.category(*request.category);
        if (found == nullptr) miss("/category", "There is no category \"" + *request.category + "\".");
        if (found != nullptr) input.category = found->id;
    }
    if (request.service && !request.service->empty()) {
        const Service* found = desk.service(*request.service);
        if (found == nullptr) miss("/service", "There is no service \"" + *request.service + "\".");
        if (found != nullptr) input.service = found->id;
    }
    if (request.team && !request.team->empty()) {
        const Team* found = desk.team(*request.team);
        if (found == nullptr) miss("/team", "There is no team \"" + *request.team + "\".");
        if (found != nullptr) input.team = found->id;
    }
    if (!errors.fields.empty()) return fail(std::move(errors));
    return {};
}

Result<std::string> free_key(Reader& reader, const std::string& name) {
    std::string base = to_key(name);
    if (base.empty()) base = "caller";
    std::string key = base;
    for (int n = 2; n < kKeyTriesMax; ++n) {
        TRY(const auto taken, find_person(reader, key));
        if (!taken) return key;
        key = base + "-" + std::to_string(n);
    }
    return base + "-" + to_hex(random_bytes(4));
}

// A caller not yet known: found by mail, else made.
Status resolve_new_caller(Reader& reader, Toolbox& tools, const NewCaller& caller, Draft& draft) {
    FieldErrors errors;
    errors.need(!is_blank(caller.name), "/requester/name", "required", "The caller needs a name.");
    CHECK_OK(errors.result());
    if (!caller.email.empty()) {
        TRY(draft.requester, find_person_by_email(reader, caller.email));
        if (draft.requester) return {};
    }
    Person person;
    TRY(const auto id, tools.store.next_id(IdKind::user));
    person.id = UserId{id};
    person.version = 1;
    TRY(person.key, free_key(reader, caller.name));
    person.name = std::string(trim(caller.name));
    person.email = caller.email;
    person.phone = caller.phone;
    person.created_at = tools.clock.now();
    draft.requester = std::move(person);
    draft.is_requester_new = true;
    return {};
}

Status resolve_requester(Reader& reader, Toolbox& tools, const Session& session, const LogRequest& request,
                         Draft& draft) {
    const bool is_for_other = request.new_caller || (request.requester && *request.requester != session.key);
    if (is_for_other) {
        if (!session.may(Permission::incident_log_for_other)) {
            return fail(Error{ErrorKind::forbidden,
                              "auth.forbidden",
                              "You may log incidents for yourself only.",
                              {{"/requester", "conflict", "Leave it out: it is you."}}});
        }
    }
    if (request.new_caller) return resolve_new_caller(reader, tools, *request.new_caller, draft);
    if (request.requester) {
        TRY(draft.requester, find_person(reader, *request.requester));
        if (!draft.requester)
            return fail(not_found_at("/requester", "There is nobody with the key \"" + *request.requester + "\"."));
        if (!draft.requester->is_active) {
            return fail(Error{ErrorKind::invalid,
                              "request.invalid",
                              "This person has left.",
                              {{"/requester", "inactive", "Choose somebody who is active."}}});
        }
        return {};
    }
    if (session.is_agent()) return {};
    TRY(draft.requester, find_person(reader, session.user()));
    return {};
}

Result<Draft> prepare(Reader& reader, Toolbox& tools, const Session& session, const Desk& desk,
                      const LogRequest& request) {
    Draft draft;
    CHECK_OK(need(session, Permission::incident_log_for_self));
    CHECK_OK(resolve_names(desk, request, draft.input));
    CHECK_OK(resolve_requester(reader, tools, session, request, draft));
    if (!session.is_agent()) {
        FieldErrors errors;
        errors.need(!request.team && !request.assignee, "/team", "conflict", "The desk decides who works on it.");
        errors.need(!request.is_restricted, "/restricted", "conflict", "An agent decides who may see it.");
        errors.need(request.tags.empty(), "/tags", "conflict", "Tags are the agents'.");
        errors.need(request.then.empty(), "/then", "conflict", "Only agents act in the same breath.");
        errors.need(!request.impact || *request.impact != 1, "/impact", "range", "An agent decides on impact 1.");
        CHECK_OK(errors.result());
    }
    LogInput& input = draft.input;
    input.title = request.title;
    input.description = request.description;
    input.channel =
        request.channel.value_or(session.is_agent() && session.via == "web" ? Channel::phone : Channel::api);
    input.kind = request.kind;
    input.impact = request.impact;
    input.urgency = request.urgency;
    input.affected_count = request.affected_count;
    input.is_restricted = request.is_restricted;
    input.attachments = request.attachments;
    input.opened_by = session.user();
    if (draft.requester) {
        input.requester = draft.requester->id;
        input.organization = draft.requester->organization;
    }
    if (request.assignee && !request.assignee->empty()) {
        TRY(const auto person, find_person(reader, *request.assignee));
        if (!person)
            return fail(not_found_at("/assignee", "There is nobody with the key \"" + *request.assignee + "\"."));
        input.assignee = person->id;
    }
    return draft;
}

}  // namespace

Result<Decided<IncidentAnswer>> log_incident(Reader& reader, Toolbox& tools, const Session& session,
                                             const LogRequest& request, RefusedAt* refused_at) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(Draft draft, prepare(reader, tools, session, *desk, request));
    TRY(const auto files, check_attachments(reader, session, request.attachments));
    TRY(const auto number, tools.store.next_id(IdKind::incident));

    Loaded fresh;
    fresh.incident.id = IncidentId{number};
    fresh.requester = draft.requester;
    const Capacity capacity = session.is_agent() ? Capacity::agent : Capacity::requester;
    const Context context = context_for(*desk, tools, fresh);
    Unit unit(fresh.incident, Actor{session.user(), capacity}, context);
    CHECK_OK(domain::log_incident(unit, draft.input));

    // Who opened it without being an agent follows it like its requester.
    const bool is_plain_opener = !session.is_agent() && draft.input.requester != session.user();
    if (is_plain_opener) fresh.watchers.push_back(session.user());
    const auto see = [&] {
        fresh.incident = unit.incident();
        fresh.sight = sight_of(session.caller, unit.incident(), is_plain_opener);
        // Whoever logs an incident may finish the act that logs it, even where it is restricted away from them.
        fresh.standing = standing_of(session, unit.incident(), fresh.sight);
        fresh.standing.is_agent = fresh.standing.is_agent || session.is_agent();
        fresh.sees_internal = sees_as_agent(session.caller, fresh.sight);
    };
    see();
    CHECK_OK(run_then(reader, desk, session, fresh, request.then, unit, refused_at));
    see();

    ChangeBuilder builder(*desk, session.via);
    if (draft.is_requester_new) {
        builder.write(insert_person(*draft.requester));
    }
    builder.add_new(unit, fresh.watchers);
    claim_attachments(builder, unit.incident().id, 1, files, true);
    TRY(IncidentAnswer answer, answer_for(reader, desk, session, fresh, tools.clock.now(), &unit.entries().back()));
    CHECK_OK(resolve_tags(reader, tools, request.tags, unit.incident().id, builder, answer));
    Decided<IncidentAnswer> out{builder.take(), std::move(answer)};
    if (draft.is_requester_new && out.change) {
        TRY(auto entry,
            audit_entry(reader, *desk, session, tools.clock.now(),
                        {"user", draft.requester->id.value, 1, "create", {}, {{"name", draft.requester->name}}}));
        out.change->entries.push_back(std::move(entry));
    }
    return out;
}

}  // namespace firstline::app
