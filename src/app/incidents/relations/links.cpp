// Links between incidents, children among them (domain.md §8, api.md §4).
#include <algorithm>

#include "app/incidents/relations/relations.hpp"

namespace firstline::app {

using namespace domain;

namespace {

tl::unexpected<Error> conflict(std::string detail) {
    return fail(Error{ErrorKind::invalid, "request.invalid", detail, {{"/number", "conflict", detail}}});
}

struct Both {
    DeskPtr desk;
    Loaded from, to;
};

Result<Both> load_both(Reader& reader, Toolbox& tools, const Session& session, IncidentId id, IncidentId other) {
    Both out;
    TRY(out.desk, tools.desks.current(reader));
    TRY(out.from, load_visible(reader, *out.desk, session, id));
    if (!domain::may(session.caller, Permission::incident_link, out.from.sight)) {
        return fail(ErrorKind::forbidden, "auth.forbidden", "Only agents link incidents.");
    }
    auto target = load_visible(reader, *out.desk, session, other);
    if (!target) {
        if (target.error().kind != ErrorKind::not_found) return fail(target.error());
        return fail(Error{ErrorKind::invalid,
                          "request.invalid",
                          "There is no incident " + to_number(other) + " that you may see.",
                          {{"/number", "not_found", "Name an incident that you may see."}}});
    }
    out.to = std::move(*target);
    return out;
}

Status check_link(Reader& reader, const Both& both, LinkKind kind) {
    if (both.from.incident.id == both.to.incident.id) return conflict("An incident is not linked to itself.");
    if (kind != LinkKind::child) return {};
    if (!is_open(both.from.incident.state)) return conflict("Only an open incident takes children.");
    if (both.from.incident.parent.is_set()) return conflict("A child has no children of its own.");
    if (both.to.incident.parent.is_set() && both.to.incident.parent != both.from.incident.id) {
        return conflict("It is another incident's child already.");
    }
    bool has_children = false;
    CHECK_OK(reader.query("incident.children_heads", {both.to.incident.id.value, std::int64_t{0}}, [&](const Row&) {
        has_children = true;
        return false;
    }));
    if (has_children) return conflict("It has children itself.");
    return {};
}

Result<bool> is_linked(Reader& reader, IncidentId from, LinkKind kind, IncidentId to) {
    bool found = false;
    CHECK_OK(reader.query("link.is", {from.value, std::string(to_string(kind)), to.value}, [&](const Row&) {
        found = true;
        return false;
    }));
    return found;
}

// Both timelines say what was linked or unlinked; a child also gets or loses its parent.
void add_units(ChangeBuilder& builder, Toolbox& tools, const Session& session, const Both& both, LinkKind kind,
               bool is_new) {
    const auto capacity = [](const Loaded& loaded) {
        return loaded.standing.is_team_lead ? Capacity::team_lead : Capacity::agent;
    };
    const EntryKind entry_kind = is_new ? EntryKind::link : EntryKind::unlink;
    Unit from(both.from.incident, Actor{session.user(), capacity(both.from)},
              context_for(*both.desk, tools, both.from));
    from.append(entry_kind, [&](Incident& next, Entry& entry) {
        entry.details.push_back({"link", std::string(to_string(kind))});
        entry.details.push_back({"target", both.to.incident.id.value});
        if (kind == LinkKind::follow_up_of) next.follow_up_of = is_new ? both.to.incident.id : IncidentId{};
    });
    Unit to(both.to.incident, Actor{session.user(), capacity(both.to)}, context_for(*both.desk, tools, both.to));
    to.append(entry_kind, [&](Incident& next, Entry& entry) {
        entry.details.push_back({"link", std::string(to_string(kind))});
        entry.details.push_back({"source", both.from.incident.id.value});
        if (kind == LinkKind::child) next.parent = is_new ? both.from.incident.id : IncidentId{};
    });
    builder.add(from, both.from);
    builder.add(to, both.to);
}

}  // namespace

Result<std::vector<LinkRow>> list_links(Reader& reader, Toolbox& tools, const Session& session, IncidentId id) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const Loaded loaded, load_visible(reader, *desk, session, id));
    if (!loaded.sees_internal) return fail(ErrorKind::forbidden, "auth.forbidden", "Links are the desk's.");
    std::vector<LinkRow> all;
    CHECK_OK(reader.query("link.of_incident", {id.value}, [&](const Row& row) {
        LinkRow link;
        link.is_out = row.integer(0) == id.value;
        link.kind = parse_word<LinkKind>(row.text(1)).value_or(LinkKind::related);
        link.other = IncidentId{link.is_out ? row.integer(2) : row.integer(0)};
        all.push_back(std::move(link));
        return true;
    }));
    std::vector<LinkRow> out;
    for (LinkRow& link : all) {
        const auto other = load_visible(reader, *desk, session, link.other);
        if (!other) continue;
        link.title = other->incident.title;
        link.state = other->incident.state;
        out.push_back(std::move(link));
    }
    return out;
}

Result<Decided<std::vector<LinkRow>>> add_link(Reader& reader, Toolbox& tools, const Session& session, IncidentId id,
                                               LinkKind kind, IncidentId other) {
    TRY(const Both both, load_both(reader, tools, session, id, other));
    CHECK_OK(check_link(reader, both, kind));
    TRY(bool is_there, is_linked(reader, id, kind, other));
    if (!is_there && kind == LinkKind::related) {
        TRY(is_there, is_linked(reader, other, kind, id));
    }
    if (is_there) return fail(ErrorKind::exists, "exists", "They are linked this way already.");
    ChangeBuilder builder(*both.desk, session.via);
    builder.write({"link.insert", {id.value, std::string(to_string(kind)), other.value}, OnConflict::stale});
    add_units(builder, tools, session, both, kind, true);
    TRY(auto links, list_links(reader, tools, session, id));
    links.push_back({kind, true, other, both.to.incident.title, both.to.incident.state});
    return Decided<std::vector<LinkRow>>{builder.take(), std::move(links)};
}

Result<Decided<bool>> remove_link(Reader& reader, Toolbox& tools, const Session& session, IncidentId id, LinkKind kind,
                                  IncidentId other) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const Loaded loaded, load_visible(reader, *desk, session, id));
    if (!domain::may(session.caller, Permission::incident_link, loaded.sight)) {
        return fail(ErrorKind::forbidden, "auth.forbidden", "Only agents link incidents.");
    }
    const auto visible = load_visible(reader, *desk, session, other);
    TRY(const bool is_out, is_linked(reader, id, kind, other));
    TRY(const bool is_in, is_linked(reader, other, kind, id));
    if ((!is_out && !is_in) || !visible) return fail(ErrorKind::not_found, "not_found", "There is no such link.");
    TRY(const Both both,
        is_out ? load_both(reader, tools, session, id, other) : load_both(reader, tools, session, other, id));
    ChangeBuilder builder(*desk, session.via);
    builder.write({"link.delete",
                   {both.from.incident.id.value, std::string(to_string(kind)), both.to.incident.id.value},
                   OnConflict::stale});
    add_units(builder, tools, session, both, kind, false);
    return Decided<bool>{builder.take(), true};
}

}  // namespace firstline::app
