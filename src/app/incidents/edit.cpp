// PATCH /incidents/{number}, tags, and the attachments that an entry claims.
#include <algorithm>

#include "app/incidents/use_cases.hpp"
#include "base/text.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::size_t kTagsMax = 50;

struct TagRow {
    std::int64_t id = 0;
    std::string key, name;
};

Result<std::vector<TagRow>> load_tags(Reader& reader, const std::vector<std::string>& keys) {
    std::vector<TagRow> out;
    if (keys.empty()) return out;
    CHECK_OK(reader.query("incident_tag.by_keys", {TextList{keys}}, [&](const Row& row) {
        out.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2))});
        return true;
    }));
    return out;
}

Status check_tag_keys(const std::vector<std::string>& keys) {
    FieldErrors errors;
    errors.need(keys.size() <= kTagsMax, "/tags", "too_long", "At most 50 tags.");
    for (std::size_t i = 0; i < keys.size(); ++i) {
        errors.need(is_key(keys[i]), "/tags/" + std::to_string(i), "format", "A tag is written in a–z, 0–9 and -.");
    }
    return errors.result();
}

// Ids of the tags; what does not exist yet is made.
Result<std::vector<TagRow>> tags_for(Reader& reader, Toolbox& tools, const std::vector<std::string>& keys,
                                     ChangeBuilder& builder) {
    CHECK_OK(check_tag_keys(keys));
    TRY(auto rows, load_tags(reader, keys));
    for (const auto& key : keys) {
        if (std::any_of(rows.begin(), rows.end(), [&](const TagRow& row) { return row.key == key; })) continue;
        TRY(const auto id, tools.store.next_id(IdKind::tag));
        builder.write({"incident_tag.make", {id, key, key}, OnConflict::exists});
        rows.push_back({id, key, key});
    }
    return rows;
}

Status resolve_edit(Reader& reader, const Desk& desk, const Session& session, const Loaded& loaded,
                    const EditRequest& request, EditInput& input, std::optional<Person>& requester) {
    input.title = request.title;
    input.description = request.description;
    input.affected_count = request.affected_count;
    input.clears_affected_count = request.clears_affected_count;
    input.is_restricted = request.is_restricted;
    if (request.is_restricted && !*request.is_restricted && loaded.incident.is_restricted &&
        !domain::may(session.caller, Permission::incident_unrestrict, loaded.sight)) {
        return fail(ErrorKind::forbidden, "auth.forbidden", "A team lead lifts the restriction.");
    }
    if (request.service) {
        const Service* service = desk.service(*request.service);
        if (service == nullptr && !request.service->empty()) {
            return fail(not_found_at("/service", "There is no service \"" + *request.service + "\"."));
        }
        input.service = service == nullptr ? ServiceId{} : service->id;
    }
    if (request.requester) {
        requester.reset();
        if (!request.requester->empty()) {
            TRY(requester, find_person(reader, *request.requester));
            if (!requester)
                return fail(not_found_at("/requester", "There is nobody with the key \"" + *request.requester + "\"."));
            if (!requester->is_active && requester->id != loaded.incident.requester) {
                return fail(Error{ErrorKind::invalid,
                                  "request.invalid",
                                  "This person has left.",
                                  {{"/requester", "inactive", "Choose somebody who is active."}}});
            }
        }
        input.requester = requester ? requester->id : UserId{};
        input.requester_organization = requester ? requester->organization : OrganizationId{};
    }
    return {};
}

std::set<std::string, std::less<>> edited_fields(const EditRequest& request) {
    std::set<std::string, std::less<>> out;
    if (request.title) out.insert("title");
    if (request.description) out.insert("description");
    if (request.service) out.insert("service");
    if (request.requester) out.insert("requester");
    if (request.affected_count || request.clears_affected_count) out.insert("affected_count");
    if (request.is_restricted) out.insert("restricted");
    return out;
}

}  // namespace

Status resolve_tags(Reader& reader, Toolbox& tools, const std::vector<std::string>& keys, IncidentId id,
                    ChangeBuilder& builder, IncidentAnswer& answer) {
    if (keys.empty()) return {};
    std::vector<std::string> unique = keys;
    std::sort(unique.begin(), unique.end());
    unique.erase(std::unique(unique.begin(), unique.end()), unique.end());
    TRY(const auto rows, tags_for(reader, tools, unique, builder));
    for (const TagRow& row : rows) {
        builder.write({"incident_tag.insert", {id.value, row.id}, OnConflict::stale});
        answer.tags.push_back({row.key, row.name});
    }
    return {};
}

Result<std::vector<AttachmentName>> check_attachments(Reader& reader, const Session& session,
                                                      const std::vector<std::int64_t>& ids) {
    FieldErrors errors;
    std::vector<AttachmentName> out;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const std::size_t found_before = out.size();
        CHECK_OK(reader.query("attachment.pending_of", {ids[i], session.user().value}, [&](const Row& row) {
            out.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2)), row.integer(3)});
            return false;
        }));
        const bool is_twice = std::count(ids.begin(), ids.end(), ids[i]) > 1;
        errors.need(out.size() > found_before, "/attachments/" + std::to_string(i), "not_found",
                    "There is no pending upload of yours with this id.");
        errors.need(!is_twice, "/attachments/" + std::to_string(i), "duplicate", "Name each attachment once.");
    }
    CHECK_OK(errors.result());
    return out;
}

void claim_attachments(ChangeBuilder& builder, IncidentId incident, std::int64_t seq,
                       const std::vector<AttachmentName>& files, bool is_public) {
    for (const AttachmentName& file : files) {
        builder.write_after({"attachment.claim",
                             {file.id, incident.value, EntryPos{builder.entry_index(incident, seq)}, value(is_public)},
                             OnConflict::stale});
    }
}

Result<Decided<IncidentAnswer>> edit_incident(Reader& reader, Toolbox& tools, const Session& session, IncidentId id,
                                              const EditRequest& request) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(Loaded loaded, load_visible(reader, *desk, session, id));
    if (!domain::may(session.caller, Permission::incident_edit, loaded.sight)) {
        return fail(ErrorKind::forbidden, "auth.forbidden",
                    "Only agents edit an incident; reply to say what has changed.");
    }
    EditInput input;
    std::optional<Person> requester = loaded.requester;
    CHECK_OK(resolve_edit(reader, *desk, session, loaded, request, input, requester));
    CHECK_OK(check_version(reader, loaded, request.guard, edited_fields(request)));
    Context context = context_for(*desk, tools, loaded);
    context.requester = requester ? &*requester : nullptr;
    Loaded after = loaded;
    after.requester = requester;
    ChangeBuilder builder(*desk, session.via);
    std::vector<TagRow> added;
    std::vector<std::int64_t> removed;
    if (request.tags) {
        std::vector<TagRow> now;
        CHECK_OK(reader.query("incident_tag.ids_of_incident", {id.value}, [&](const Row& row) {
            now.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2))});
            return true;
        }));
        TRY(const auto wanted, tags_for(reader, tools, *request.tags, builder));
        const auto holds = [](const std::vector<TagRow>& rows, std::int64_t tag) {
            return std::any_of(rows.begin(), rows.end(), [&](const TagRow& row) { return row.id == tag; });
        };
        for (const TagRow& row : wanted) {
            if (holds(now, row.id) || holds(added, row.id)) continue;
            added.push_back(row);
            input.tags_added.push_back(row.key);
            builder.write({"incident_tag.insert", {id.value, row.id}, OnConflict::stale});
        }
        for (const TagRow& row : now) {
            if (holds(wanted, row.id)) continue;
            removed.push_back(row.id);
            input.tags_removed.push_back(row.key);
            builder.write({"incident_tag.delete", {id.value, row.id}, OnConflict::stale});
        }
    }
    const Capacity capacity = loaded.standing.is_team_lead ? Capacity::team_lead : Capacity::agent;
    Unit unit(loaded.incident, Actor{session.user(), capacity}, context);
    CHECK_OK(domain::edit(unit, input));
    builder.add(unit, loaded);
    after.incident = unit.incident();
    after.sight = sight_of(session.caller, after.incident, false);
    const Entry* last_entry = unit.entries().empty() ? nullptr : &unit.entries().back();
    TRY(IncidentAnswer answer, answer_for(reader, desk, session, after, tools.clock.now(), last_entry));
    std::erase_if(answer.tags, [&](const Named& tag) {
        return std::find(input.tags_removed.begin(), input.tags_removed.end(), tag.key) != input.tags_removed.end();
    });
    for (const TagRow& row : added) answer.tags.push_back({row.key, row.name});
    return Decided<IncidentAnswer>{builder.take(), std::move(answer)};
}

}  // namespace firstline::app
