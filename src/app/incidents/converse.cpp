// Replies, notes and messages from the requester's side (domain.md §2).
#include <algorithm>

#include "app/incidents/use_cases.hpp"
#include "base/text.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::size_t kTitleCharactersMax = 250;

constexpr int kMergesMax = 16;

using Files = std::vector<AttachmentName>;

Status check_text(const SayRequest& request) {
    FieldErrors errors;
    errors.need(!is_blank(request.text), "/text", request.text.empty() ? "required" : "blank", "Write something.");
    return errors.result();
}

Result<Decided<Said>> finish(Reader& reader, Toolbox& tools, const Session& session, const DeskPtr& desk,
                             const Loaded& loaded, const Unit& unit, std::size_t entry_at, const Files& files,
                             bool is_public) {
    ChangeBuilder builder(*desk, session.via);
    builder.add(unit, loaded);
    const Entry& entry = unit.entries().at(entry_at);
    claim_attachments(builder, unit.incident().id, entry.seq, files, is_public);
    const std::string hash = builder.hash_of(unit.incident().id, entry.seq);
    Loaded after = loaded;
    after.incident = unit.incident();
    TRY(IncidentAnswer answer, answer_for(reader, desk, session, after, tools.clock.now(), &unit.entries().back()));
    return Decided<Said>{builder.take(), Said{unit.incident().id, entry, hash, files, false, std::move(answer)}};
}

// A message long after closing logs a new incident, routed anew.
Result<Decided<Said>> log_follow_up(Reader& reader, Toolbox& tools, const Session& session, const DeskPtr& desk,
                                    const Loaded& old, const SayRequest& request, const Files& files) {
    TRY(const auto number, tools.store.next_id(IdKind::incident));
    Loaded fresh;
    fresh.incident.id = IncidentId{number};
    fresh.requester = old.requester;
    const Context context = context_for(*desk, tools, fresh);
    Unit unit(fresh.incident, Actor{session.user(), Capacity::requester}, context);
    LogInput input;
    input.title = old.incident.title;
    if (count_characters(input.title) > kTitleCharactersMax) input.title.resize(kTitleCharactersMax);
    input.description = request.text;
    input.channel = Channel::api;
    input.requester = old.incident.requester;
    input.organization = old.incident.organization;
    input.service = old.incident.service;
    input.ci = old.incident.ci;
    input.opened_by = session.user();
    input.follow_up_of = old.incident.id;
    input.attachments = request.attachments;
    const Service* service = desk->service(input.service);
    if (service != nullptr && !service->is_active) input.service = {};
    CHECK_OK(domain::log_incident(unit, input));
    ChangeBuilder builder(*desk, session.via);
    const bool is_opener = old.incident.requester != session.user();
    if (is_opener) fresh.watchers.push_back(session.user());
    builder.add_new(unit, fresh.watchers);
    builder.write({"link.insert", {number, std::string("follow_up_of"), old.incident.id.value}, OnConflict::stale});
    claim_attachments(builder, unit.incident().id, 1, files, true);
    const std::string hash = builder.hash_of(unit.incident().id, 1);
    fresh.incident = unit.incident();
    fresh.sight = sight_of(session.caller, fresh.incident, is_opener);
    fresh.standing = standing_of(session, fresh.incident, fresh.sight);
    fresh.sees_internal = sees_as_agent(session.caller, fresh.sight);
    TRY(IncidentAnswer answer, answer_for(reader, desk, session, fresh, tools.clock.now(), &unit.entries().back()));
    return Decided<Said>{builder.take(),
                         Said{unit.incident().id, unit.entries().front(), hash, files, true, std::move(answer)}};
}

Result<Decided<Said>> message(Reader& reader, Toolbox& tools, const Session& session, const DeskPtr& desk,
                              const Loaded& loaded, const SayRequest& request, const Files& files, int hops) {
    if (!domain::may(session.caller, Permission::incident_reply, loaded.sight)) {
        return fail(ErrorKind::forbidden, "auth.forbidden", "You may read this incident, not reply to it.");
    }
    FieldErrors errors;
    errors.need(request.then.empty(), "/then", "conflict", "Only agents act in the same breath.");
    CHECK_OK(errors.result());
    const Sender sender{loaded.standing.is_requester};
    const Instant now = tools.clock.now();
    switch (effect_of_message(loaded.incident, sender, desk->settings, now)) {
        case MessageEffect::follow_up: return log_follow_up(reader, tools, session, desk, loaded, request, files);
        case MessageEffect::to_target: {
            // The report that stayed gets what is said on the one merged into it, which may itself have been merged since.
            if (hops >= kMergesMax) return fail(incident_not_found(loaded.incident.merged_into));
            TRY(Loaded target, load_any(reader, loaded.incident.merged_into));
            target.standing = loaded.standing;
            target.sight = loaded.sight;
            target.sees_internal = false;
            return message(reader, tools, session, desk, target, request, files, hops + 1);
        }
        case MessageEffect::none:
        case MessageEffect::resumed:
        case MessageEffect::reopened: break;
    }
    Unit unit(loaded.incident, Actor{session.user(), Capacity::requester}, context_for(*desk, tools, loaded));
    CHECK_OK(domain::message(unit, sender, request.text, request.attachments));
    return finish(reader, tools, session, desk, loaded, unit, 0, files, true);
}

}  // namespace

Result<Decided<Said>> say_publicly(Reader& reader, Toolbox& tools, const Session& session, IncidentId id,
                                   const SayRequest& request, RefusedAt* refused_at) {
    CHECK_OK(check_text(request));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const Loaded loaded, load_visible(reader, *desk, session, id));
    TRY(const auto files, check_attachments(reader, session, request.attachments));
    const bool is_message = !loaded.standing.is_agent || loaded.standing.is_requester;
    if (is_message) return message(reader, tools, session, desk, loaded, request, files, 0);
    const Capacity capacity = loaded.standing.is_team_lead ? Capacity::team_lead : Capacity::agent;
    Unit unit(loaded.incident, Actor{session.user(), capacity}, context_for(*desk, tools, loaded));
    CHECK_OK(domain::reply(unit, request.text, request.attachments));
    CHECK_OK(run_then(reader, desk, session, loaded, request.then, unit, refused_at));
    return finish(reader, tools, session, desk, loaded, unit, 0, files, true);
}

Result<Decided<Said>> say_internally(Reader& reader, Toolbox& tools, const Session& session, IncidentId id,
                                     const SayRequest& request, RefusedAt* refused_at) {
    CHECK_OK(check_text(request));
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const Loaded loaded, load_visible(reader, *desk, session, id));
    if (!domain::may(session.caller, Permission::incident_note, loaded.sight)) {
        return fail(ErrorKind::forbidden, "auth.forbidden", "Notes are the agents'.");
    }
    TRY(const auto files, check_attachments(reader, session, request.attachments));
    const Capacity capacity = loaded.standing.is_team_lead ? Capacity::team_lead : Capacity::agent;
    Unit unit(loaded.incident, Actor{session.user(), capacity}, context_for(*desk, tools, loaded));
    CHECK_OK(domain::note(unit, request.text, request.attachments));
    CHECK_OK(run_then(reader, desk, session, loaded, request.then, unit, refused_at));
    return finish(reader, tools, session, desk, loaded, unit, 0, files, false);
}

}  // namespace firstline::app
