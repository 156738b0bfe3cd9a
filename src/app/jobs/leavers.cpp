#include "app/jobs/leavers.hpp"

#include <charconv>
#include <chrono>
#include <string>
#include <vector>

#include "app/directory/people.hpp"
#include "app/incidents/workspace.hpp"
#include "domain/incident/messages.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::int64_t kSliceMax = 100;  // incidents a read
constexpr std::chrono::minutes kLookAgainEvery{1};
constexpr std::string_view kAssigneeLeft = "assignee_left";
constexpr std::string_view kTeamDissolved = "team_dissolved";

struct Job {
    std::int64_t id = 0;
    LeaverKind kind = LeaverKind::assignee_left;
    std::int64_t subject = 0;
    std::int64_t lease = 0;
};

Result<std::vector<Job>> load_jobs(Store& store) {
    std::vector<Job> jobs;
    CHECK_OK(store.read([&](Reader& reader) {
        jobs.clear();
        return reader.query("leaver.jobs", {}, [&](const Row& row) {
            Job job;
            job.id = row.integer(0);
            job.kind = row.text(1) == kTeamDissolved ? LeaverKind::team_dissolved : LeaverKind::assignee_left;
            const std::string_view key = row.text(2);
            std::from_chars(key.data(), key.data() + key.size(), job.subject);
            job.lease = row.integer(3);
            jobs.push_back(job);
            return true;
        });
    }));
    return jobs;
}

// Whoever is back, or was never gone, keeps their incidents.
Result<bool> is_gone(Reader& reader, const Desk& desk, const Job& job) {
    if (job.kind == LeaverKind::team_dissolved) {
        const Team* team = desk.team(TeamId{job.subject});
        return team != nullptr && !team->is_active && desk.standing_team(team->id) != nullptr;
    }
    TRY(const auto person, find_person(reader, UserId{job.subject}));
    return person && !person->is_active;
}

// What is left: an incident that was worked off is not among it any more.
Result<std::vector<std::int64_t>> load_slice(Toolbox& tools, const Job& job) {
    std::vector<std::int64_t> ids;
    CHECK_OK(tools.store.read([&](Reader& reader) -> Status {
        ids.clear();
        TRY(const DeskPtr desk, tools.desks.current(reader));
        TRY(const bool is_true, is_gone(reader, *desk, job));
        if (!is_true) return {};
        const std::string_view statement =
            job.kind == LeaverKind::team_dissolved ? "leaver.of_team" : "leaver.of_assignee";
        return reader.query(statement, {job.subject, kSliceMax}, [&](const Row& row) {
            ids.push_back(row.integer(0));
            return true;
        });
    }));
    return ids;
}

Result<Runner::Decision> decide_one(Reader& reader, Toolbox& tools, const Job& job, IncidentId id) {
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const bool is_true, is_gone(reader, *desk, job));
    if (!is_true) return std::nullopt;
    TRY(const Loaded loaded, load_any(reader, id));
    const Context context = context_for(*desk, tools, loaded);
    Unit unit(loaded.incident, Actor{UserId{}, Capacity::rule}, context);
    if (job.kind == LeaverKind::assignee_left) {
        domain::assignee_left(unit, UserId{job.subject});
    } else if (loaded.incident.team == TeamId{job.subject} && is_open(loaded.incident.state)) {
        domain::team_dissolved(unit, *desk->standing_team(TeamId{job.subject}));
    }
    ChangeBuilder builder(*desk, "desk");
    builder.add(unit, loaded);
    return builder.take();
}

Status finish(Toolbox& tools, const Job& job) {
    return tools.runner.run_and_wait(0, [&](Reader&) -> Result<Runner::Decision> {
        Change change;
        change.writes.push_back({"leaver.job_done", {job.id, job.lease}});
        return change;
    });
}

Result<std::int64_t> run_job(Toolbox& tools, const Job& job, const std::function<bool()>& goes_on) {
    std::int64_t done = 0;
    for (;;) {
        TRY(const auto ids, load_slice(tools, job));
        if (ids.empty()) break;
        const std::int64_t before = done;
        for (const std::int64_t id : ids) {
            if (!goes_on()) return done;
            bool is_changed = false;
            CHECK_OK(tools.runner.run_and_wait(id, [&](Reader& reader) -> Result<Runner::Decision> {
                TRY(auto decision, decide_one(reader, tools, job, IncidentId{id}));
                is_changed = decision.has_value();
                return decision;
            }));
            if (is_changed) ++done;
        }
        if (done == before) return done;  // somebody else is at them: looked at again by the next run
    }
    CHECK_OK(finish(tools, job));
    return done;
}

}  // namespace

Write put_leaver_job(LeaverKind kind, std::int64_t id, Instant now) {
    const std::string_view name = kind == LeaverKind::team_dissolved ? kTeamDissolved : kAssigneeLeft;
    return {"leaver.job_put", {std::string(name), std::to_string(id), now.us}, OnConflict::stale};
}

Result<LeaversDone> run_leavers(Toolbox& tools, const std::function<bool()>& goes_on) {
    LeaversDone out;
    TRY(const auto jobs, load_jobs(tools.store));
    for (const Job& job : jobs) {
        if (!goes_on()) break;
        TRY(const std::int64_t incidents, run_job(tools, job, goes_on));
        out.incidents += incidents;
        ++out.jobs;
    }
    return out;
}

void LeaversWorker::start() {
    thread_ = std::thread([this] { work(); });
}

void LeaversWorker::wake() {
    const std::lock_guard lock(mutex_);
    is_woken_ = true;
    wake_.notify_one();
}

void LeaversWorker::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        wake_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void LeaversWorker::work() {
    const auto goes_on = [this] {
        const std::lock_guard lock(mutex_);
        return !is_stopping_;
    };
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        is_woken_ = false;
        lock.unlock();
        if (const auto done = run_leavers(tools_, goes_on); !done) on_failure_(done.error());
        lock.lock();
        wake_.wait_for(lock, kLookAgainEvery, [&] { return is_stopping_ || is_woken_; });
    }
}

}  // namespace firstline::app
