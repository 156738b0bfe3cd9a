#include "app/imports/history.hpp"

#include <algorithm>

namespace firstline::app::imports {
namespace {

using namespace domain;

constexpr std::string_view kOverrideReason = "recorded by the source desk";

std::vector<Step> steps_of(Shape shape, const IncidentRows& incident) {
    std::vector<Step> steps;
    if (shape == Shape::events) {
        for (const Snapshot& row : incident.rows) steps.push_back({&row, row.state, row.at, true});
        return steps;
    }
    const Snapshot& row = incident.rows.front();
    const auto add = [&](std::optional<Instant> at, State state) {
        if (at) steps.push_back({&row, RowState{state, std::nullopt}, at, false});
    };
    steps.push_back({&row, RowState{State::new_, std::nullopt}, row.opened_at, true});
    add(row.started_at, State::in_progress);
    add(row.resolved_at, State::resolved);
    add(row.closed_at, State::closed);
    // Where it stands now, unless its last time has told it.
    if (row.state && (row.state->hold_reason || steps.back().state != row.state))
        steps.push_back({&row, row.state, row.at, false});
    return steps;
}

class Teller {
public:
    Teller(const Names& names, const RowReader& reader, const IncidentRows& incident, History& history)
        : names_(names), reader_(reader), incident_(incident), history_(history), unit_(history.unit) {}

    Status log(Instant opened_at) {
        LogInput input;
        input.title = reader_.title_of(incident_);
        const Snapshot& last = incident_.rows.back();
        input.description = last.description;
        input.channel = last.channel.value_or(Channel::api);
        input.requester = names_.person(incident_.rows.front().requester);
        input.organization = names_.organization_of(input.requester);
        unit_.set_requester(names_.vip(input.requester));
        unit_.set_now(opened_at);
        // Where the first row shows a later state, that it was new before is ours to add.
        const auto& first = history_.steps.front().state;
        const bool is_inferred = !first || first->state != State::new_;
        unit_.mark_inferred(is_inferred);
        CHECK_OK(log_incident(unit_, input));
        unit_.mark_inferred(false);
        return {};
    }

    void tell(const Step& step, std::size_t first_entry) {
        row_ = step.row;
        main_entry_.reset();
        if (step.at) unit_.set_now(*step.at);
        leave(step);
        if (step.has_facts) {
            triage();
            assign();
            change_requester();
        }
        if (step.state) enter(*step.state);
        keep_words(first_entry);
        if (step.state) before_ = step.state;
    }

private:
    [[nodiscard]] const Incident& now() const { return unit_.incident(); }
    [[nodiscard]] bool may(Action action) const {
        return find_transition(now().state, action, Capacity::importer) != nullptr;
    }

    // Runs one action and says on its entries which rules bind others but not an import.
    bool run(Action action, const ActionInput& input, bool is_inferred = false, std::string_view passed = {}) {
        const std::size_t from = unit_.entries().size();
        unit_.mark_inferred(is_inferred);
        const Status done = decide(unit_, action, input);
        unit_.mark_inferred(false);
        if (!done) {
            complain(done.error().detail);
            return false;
        }
        if (!passed.empty() && unit_.entries().size() > from)
            unit_.entries().back().details.push_back({"passed", std::string(passed)});
        return true;
    }

    void complain(std::string reason) {
        const std::string& column = reader_.mapping().column(Use::state);
        history_.problems.push_back(
            {row_->line, column, row_->state ? to_word(*row_->state) : std::string(), std::move(reason)});
    }

    // Out of resolved or closed, before the row's other columns count.
    void leave(const Step& step) {
        has_left_ = false;
        if (!step.state) return;
        const State wanted = step.state->state;
        if (now().state == State::resolved && wanted != State::resolved && wanted != State::closed) {
            has_left_ = run(Action::reject, {}, false, "text");
        } else if (now().state == State::closed && wanted != State::closed) {
            const bool is_late = !is_within_window(unit_.desk().settings, now().closed_at, unit_.now());
            has_left_ = run(Action::reopen, {}, false, "text");
            if (has_left_ && is_late) unit_.entries().back().details.push_back({"passed", std::string("window")});
        }
        if (has_left_) main_entry_ = unit_.entries().size() - 1;
    }

    void triage() {
        if (!may(Action::triage)) return;
        ActionInput input;
        const CategoryId category_id = names_.category(row_->category, row_->subcategory);
        const Category* category = unit_.desk().category(category_id);
        if (category != nullptr && category->is_active && category_id != now().category) input.category = category_id;
        if (is_unresolved(now().state)) set_priority(input);
        if (input.category || input.impact || input.urgency || input.priority) run(Action::triage, input);
    }

    // Impact and urgency as they say; where the matrix gives another priority than the row's, the row's stands.
    void set_priority(ActionInput& input) const {
        Incident next = now();
        const auto impact = row_->impact ? row_->impact : next.impact;
        const auto urgency = row_->urgency ? row_->urgency : next.urgency;
        if (impact && urgency && (impact != next.impact || urgency != next.urgency)) {
            input.impact = next.impact = impact;
            input.urgency = next.urgency = urgency;
            next.is_priority_set = false;
        }
        recompute_priority(next, unit_.desk(), unit_.is_requester_vip());
        if (row_->priority && (!next.is_priority_known || next.priority != *row_->priority)) {
            input.priority = row_->priority;
            input.priority_reason = std::string(kOverrideReason);
        }
    }

    // A row without a team leaves it; with one it says the assignee too, also none.
    void assign() {
        if (!may(Action::assign)) return;
        const TeamId named = names_.team(row_->team);
        const UserId person = names_.person(row_->assignee);
        ActionInput input;
        input.team = named.is_set() ? named : now().team;
        if (!input.team->is_set() || (!named.is_set() && !person.is_set())) return;
        input.assignee = person;
        const Team* team = unit_.desk().team(*input.team);
        if (team == nullptr || !team->is_active) return;
        const bool is_replaced = now().team.is_set() && now().team != *input.team;
        run(Action::assign, input, false, is_replaced ? "text" : "");
    }

    void change_requester() {
        const UserId person = names_.person(row_->requester);
        if (!person.is_set() || person == now().requester) return;
        EditInput input;
        input.requester = person;
        input.requester_organization = names_.organization_of(person);
        unit_.set_requester(names_.vip(person));
        if (Status done = edit(unit_, input); !done) complain(done.error().detail);
    }

    void enter(const RowState& wanted) {
        const std::size_t from = unit_.entries().size();
        const bool is_repeated = before_ == wanted || has_left_;
        bool is_inferred = false;
        switch (wanted.state) {
            case State::new_:
            case State::assigned:
                if (now().state == State::on_hold) run(Action::resume, {});
                if (now().state != State::new_ && now().state != State::assigned) {
                    complain("No step leads from work in progress back to " + std::string(to_string(wanted.state)) +
                             "; the state is kept.");
                }
                break;
            case State::in_progress:
                is_inferred = is_repeated;
                if (now().state != State::in_progress) run(Action::start, {}, is_inferred);
                break;
            case State::on_hold: {
                ActionInput input;
                input.hold_reason = wanted.hold_reason;
                const bool asks = wanted.hold_reason == HoldReason::awaiting_requester;
                if (now().state == State::on_hold && now().hold_reason == wanted.hold_reason) break;
                run(Action::hold, input, false, asks ? "text" : "");
                break;
            }
            case State::resolved:
                if (now().state != State::resolved) resolve(false);
                break;
            case State::closed:
                if (is_unresolved(now().state)) resolve(true);
                if (now().state == State::resolved) run(Action::auto_close, {});
                break;
            case State::canceled: break;
        }
        if (unit_.entries().size() > from && !is_inferred) main_entry_ = unit_.entries().size() - 1;
    }

    void resolve(bool is_inferred) {
        ActionInput input;
        input.resolution_code = ResolutionCode::not_recorded;
        run(Action::resolve, input, is_inferred, "text");
    }

    // The row's own words stand on the entry of its state, else on the first that it caused; a row that moved nothing of
    // ours has an entry of its own for them.
    void keep_words(std::size_t first_entry) {
        if (row_ == kept_) return;
        std::string words = words_of(*row_, kept_);
        kept_ = row_;
        auto& entries = unit_.entries();
        std::optional<std::size_t> place = main_entry_;
        for (std::size_t i = first_entry; !place && i < entries.size(); ++i) {
            if (!entries[i].is_inferred) place = i;
        }
        if (words.empty()) return;
        if (!place) {
            unit_.append(EntryKind::note,
                         [&](Incident&, Entry& entry) { entry.texts.push_back({"recorded", std::move(words)}); });
            return;
        }
        entries[*place].texts.push_back({"recorded", std::move(words)});
    }

    // "column: value" of what the row says other than the one before.
    [[nodiscard]] std::string words_of(const Snapshot& row, const Snapshot* before) const {
        std::string out;
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            if (reader_.is_number_column(i)) continue;
            const std::string_view cell = row.cells[i];
            if (before == nullptr ? reader_.cell(row, i).empty() : before->cells[i] == cell) continue;
            if (!out.empty()) out.push_back('\n');
            out += reader_.columns()[i];
            out += ": ";
            out += cell;
        }
        return out;
    }

    const Names& names_;
    const RowReader& reader_;
    const IncidentRows& incident_;
    History& history_;
    Unit& unit_;
    const Snapshot* row_ = nullptr;
    const Snapshot* kept_ = nullptr;
    std::optional<RowState> before_;  // of the row before that said one
    std::optional<std::size_t> main_entry_;
    bool has_left_ = false;
};

}  // namespace

std::optional<Instant> opened_at_of(const IncidentRows& incident) {
    for (const Snapshot& row : incident.rows) {
        if (row.opened_at) return row.opened_at;
    }
    for (const Snapshot& row : incident.rows) {
        if (row.at) return row.at;
    }
    return std::nullopt;
}

Result<History> tell_history(const Desk& desk, const Names& names, const RowReader& reader,
                             const IncidentRows& incident, IncidentId id, Instant recorded_at) {
    const Instant opened_at = opened_at_of(incident).value_or(recorded_at);
    Incident fresh;
    fresh.id = id;
    const Context context{desk, opened_at, nullptr, nullptr, nullptr, recorded_at};
    History history{Unit(std::move(fresh), Actor{UserId{}, Capacity::importer}, context), {}, {}};
    history.steps = steps_of(reader.mapping().shape, incident);
    Teller teller(names, reader, incident, history);
    CHECK_OK(teller.log(opened_at));
    for (const Step& step : history.steps) {
        const bool is_first = &step == &history.steps.front();
        teller.tell(step, is_first ? 0 : history.unit.entries().size());
    }
    return history;
}

}  // namespace firstline::app::imports
