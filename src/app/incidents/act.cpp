// Actions of the transition table, one or several in one unit, with their effects on other incidents (domain.md §2, §8).
#include <algorithm>
#include <memory>

#include "app/incidents/use_cases.hpp"

namespace firstline::app {

using namespace domain;

namespace {

// The other incident of a merge or unmerge, and the units on incidents beside the one that is acted on.
struct Child {
    Child(Loaded from, Actor actor, const Desk& desk, const Toolbox& tools)
        : loaded(std::move(from)), unit(loaded.incident, actor, context_for(desk, tools, loaded)) {}
    Loaded loaded;
    Unit unit;
};
struct Beside {
    std::optional<Loaded> target;
    std::optional<Unit> target_unit;
    std::vector<std::unique_ptr<Child>> children;
};

Result<std::vector<StoredEntry>> load_last_entry(Reader& reader, const Incident& incident) {
    return load_entries(reader, incident.id, incident.version - 1, 1);
}

// The children that nobody has started or publicly answered go with their parent (domain.md §8).
Status resolve_children(Reader& reader, Toolbox& tools, const Session& session, const Desk& desk,
                        const Incident& parent, const ActionInput& input, Beside& beside) {
    std::vector<IncidentId> ids;
    CHECK_OK(reader.query("incident.untouched_children", {parent.id.value}, [&](const Row& row) {
        ids.push_back(row.id<IncidentId>(0));
        return true;
    }));
    for (const IncidentId id : ids) {
        TRY(Loaded loaded, load_any(reader, id));
        auto child = std::make_unique<Child>(std::move(loaded), Actor{session.user(), Capacity::agent}, desk, tools);
        const Incident& incident = child->loaded.incident;
        ActionInput same;
        same.resolution_code = input.resolution_code;
        same.resolution_notes = input.resolution_notes;
        // What the child still lacks is the parent's: it is the same fault.
        if (!incident.category.is_set()) same.category = parent.category;
        if (!incident.is_priority_known) {
            same.impact = incident.impact ? incident.impact : parent.impact;
            same.urgency = incident.urgency ? incident.urgency : parent.urgency;
        }
        if (decide(child->unit, Action::resolve, same)) beside.children.push_back(std::move(child));
    }
    return {};
}

Status prepare_target(Reader& reader, Toolbox& tools, const Session& session, const Desk& desk, IncidentId id,
                      Beside& beside) {
    auto loaded = load_visible(reader, desk, session, id);
    if (!loaded) {
        if (loaded.error().code != "incident.not_found") return fail(loaded.error());
        return {};  // the domain answers `not_found` at /into
    }
    beside.target = std::move(*loaded);
    beside.target_unit.emplace(beside.target->incident, Actor{session.user(), Capacity::agent},
                               context_for(desk, tools, *beside.target));
    return {};
}

void note_merge_on_target(const Unit& unit, Unit& target) {
    target.append(EntryKind::merged_from, [&](Incident& next, Entry& entry) {
        entry.details.push_back({"source", unit.incident().id.value});
        if (!next.requester.is_set() && unit.incident().requester.is_set()) {
            next.requester = unit.incident().requester;
            next.organization = unit.incident().organization;
            recompute_priority(next, target.desk(), unit.is_requester_vip());
        }
    });
    target.tell_holder(EntryKind::merged_from);
}

// What an action on one incident does to others, after it was decided.
Status follow_up(Reader& reader, Toolbox& tools, const Session& session, const Desk& desk, const Unit& unit,
                 Action action, const ActionInput& input, Beside& beside) {
    if (unit.entries().empty()) return {};
    if (action == Action::merge && beside.target_unit) note_merge_on_target(unit, *beside.target_unit);
    if (action == Action::unmerge && unit.before().merged_into.is_set()) {
        TRY(beside.target, load_any(reader, unit.before().merged_into));
        beside.target_unit.emplace(beside.target->incident, Actor{session.user(), Capacity::agent},
                                   context_for(desk, tools, *beside.target));
        beside.target_unit->append(EntryKind::unmerged_from, [&](Incident&, Entry& entry) {
            entry.details.push_back({"source", unit.incident().id.value});
        });
    }
    if (action == Action::reject && unit.incident().parent.is_set()) {
        TRY(beside.target, load_any(reader, unit.incident().parent));
        beside.target_unit.emplace(beside.target->incident, Actor{session.user(), Capacity::agent},
                                   context_for(desk, tools, *beside.target));
        beside.target_unit->append(EntryKind::child_rejected, [&](Incident&, Entry& entry) {
            entry.details.push_back({"child", unit.incident().id.value});
        });
        beside.target_unit->tell_holder(EntryKind::child_rejected);
    }
    if (action == Action::resolve)
        return resolve_children(reader, tools, session, desk, unit.incident(), input, beside);
    return {};
}

bool stands_alone(Action action) {
    return action == Action::merge || action == Action::unmerge || action == Action::undo;
}

Status run_step(Reader& reader, const Desk& desk, const Standing& standing, const ActionRequest& step, Unit& unit) {
    TRY(const ActionInput input, resolve_keys(reader, desk, step));
    const auto capacity = choose_capacity(standing, unit.incident(), step.action, !input.on_behalf.empty());
    if (!capacity) return fail(within(refused(unit.incident(), step.action, Capacity::requester), step.pointer));
    if (stands_alone(step.action)) {
        return fail(Error{ErrorKind::invalid,
                          "request.invalid",
                          "merge, unmerge and undo stand alone.",
                          {{step.pointer + "/action", "conflict", "Send it as a request of its own."}}});
    }
    unit.act_as(*capacity);
    return decide(unit, step.action, input).map_error([&](Error error) {
        return within(std::move(error), step.pointer);
    });
}

}  // namespace

Status run_then(Reader& reader, const DeskPtr& desk, const Session& session, const Loaded& loaded,
                const std::vector<ActionRequest>& then, Unit& unit, RefusedAt* refused_at) {
    for (const ActionRequest& step : then) {
        Status done = run_step(reader, *desk, loaded.standing, step, unit);
        if (done) continue;
        if (done.error().kind == ErrorKind::wrong_state && refused_at != nullptr) {
            Loaded there = loaded;
            there.incident = unit.incident();
            const Entry* last_entry = unit.entries().empty() ? nullptr : &unit.entries().back();
            TRY(*refused_at, answer_for(reader, desk, session, there, unit.context().now, last_entry));
            std::erase_if((*refused_at)->offers.allowed, [](const Offer& offer) { return stands_alone(offer.action); });
        }
        return done;
    }
    return {};
}

Result<Decided<IncidentAnswer>> act(Reader& reader, Toolbox& tools, const Session& session, IncidentId id,
                                    const ActionRequest& request) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(Loaded loaded, load_visible(reader, *desk, session, id));
    TRY(const ActionInput input, resolve_keys(reader, *desk, request));
    const auto capacity = choose_capacity(loaded.standing, loaded.incident, request.action, !input.on_behalf.empty());
    if (!capacity) {
        return fail(ErrorKind::forbidden, "auth.forbidden", "You may read this incident, not act on it.");
    }
    Context context = context_for(*desk, tools, loaded);
    std::vector<StoredEntry> last;
    Beside beside;
    if (request.action == Action::undo) {
        TRY(last, load_last_entry(reader, loaded.incident));
        if (!last.empty()) context.last_entry = &last.front().entry;
    }
    if (request.action == Action::merge && input.into.is_set() && *capacity != Capacity::requester) {
        CHECK_OK(prepare_target(reader, tools, session, *desk, input.into, beside));
        if (beside.target) context.target = &beside.target->incident;
    }
    Unit unit(loaded.incident, Actor{session.user(), *capacity}, context);
    if (Status done = decide(unit, request.action, input); !done) {
        Error error = std::move(done).error();
        // Where the caller guards with a version and somebody was faster, that is the better answer.
        CHECK_OK(check_version(reader, loaded, request.guard, {"state"}));
        return fail(std::move(error));
    }
    const bool is_guarded_by_state = request.action == Action::confirm || request.action == Action::reject;
    if (!is_guarded_by_state) CHECK_OK(check_version(reader, loaded, request.guard, fields_set_by(unit)));
    CHECK_OK(follow_up(reader, tools, session, *desk, unit, request.action, input, beside));

    ChangeBuilder builder(*desk, session.via);
    builder.add(unit, loaded);
    if (beside.target_unit) builder.add(*beside.target_unit, *beside.target);
    for (const auto& child : beside.children) builder.add(child->unit, child->loaded);

    Loaded after = loaded;
    after.incident = unit.incident();
    const bool is_watcher =
        std::find(loaded.watchers.begin(), loaded.watchers.end(), session.user()) != loaded.watchers.end();
    after.sight = sight_of(session.caller, after.incident, is_watcher);
    after.standing = standing_of(session, after.incident, after.sight);
    const Entry* last_entry = unit.entries().empty() ? nullptr : &unit.entries().back();
    TRY(IncidentAnswer answer, answer_for(reader, desk, session, after, tools.clock.now(), last_entry));
    return Decided<IncidentAnswer>{builder.take(), std::move(answer)};
}

}  // namespace firstline::app
