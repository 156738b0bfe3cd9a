// Making and finding the cast (bench/README.md "The seeded desk").
#include "desk/cast.hpp"

#include <fmt/format.h>

#include <future>

#include "app/directory/audit.hpp"
#include "app/directory/people.hpp"
#include "app/identity/authenticate.hpp"

namespace firstline::bench {

using namespace app;
using namespace domain;

namespace {

tl::unexpected<Error> no_cast(const std::string& what) {
    return fail(ErrorKind::not_found, "bench.no_cast", "This is no desk that the benchmark made: " + what);
}

// What is written into the one configuration change, and what is written after it.
class Maker {
public:
    explicit Maker(Toolbox& tools, const Plan& plan) : tools_(tools), plan_(plan) {}

    Status run() {
        CHECK_OK(add_organizations());
        CHECK_OK(add_teams());
        CHECK_OK(add_services());
        CHECK_OK(add_agents());
        for (std::int64_t n = 0; n < kRequesters; ++n) CHECK_OK(add_person(requester_key(n), "requester"));
        for (std::int64_t n = 0; n < plan_.five_persons(); ++n) CHECK_OK(add_person(five_key(n), "requester"));
        return submit();
    }

private:
    Status add_organizations() {
        for (std::int64_t n = 0; n < kOrganizations; ++n) {
            TRY(const auto id, tools_.store.next_id(IdKind::organization));
            organizations_.push_back(id);
            const std::string key = fmt::format("org-{:02}", n);
            change_.writes.push_back(
                {"organization.insert", {id, std::int64_t{1}, key, key, std::int64_t{0}, std::int64_t{1}}});
        }
        return {};
    }
    Status add_teams() {
        for (std::int64_t n = 0; n < kTeams; ++n) {
            TRY(const auto id, tools_.store.next_id(IdKind::team));
            teams_.push_back(id);
            change_.writes.push_back({"team.insert",
                                      {id, std::int64_t{1}, team_key(n), team_key(n), team_key(n), 1 + n % 3,
                                       std::string("manual"), std::int64_t{1}, std::int64_t{0}}});
        }
        return {};
    }
    Status add_services() {
        for (std::int64_t n = 0; n < kServices; ++n) {
            TRY(const auto id, tools_.store.next_id(IdKind::service));
            const std::string key = fmt::format("service-{:02}", n);
            const std::int64_t owner = teams_[static_cast<std::size_t>(n)];
            change_.writes.push_back(
                {"service.insert",
                 {id, std::int64_t{1}, key, key, owner, owner, std::string("medium"), std::int64_t{1}}});
        }
        return {};
    }
    Status add_agents() {
        for (std::int64_t n = 0; n < kAgents; ++n) {
            CHECK_OK(add_person(agent_key(n), n == 0 ? "agent,team_lead" : "agent"));
            const std::int64_t memberships = n == 0 ? kBusyTeams : 1;
            for (std::int64_t m = 0; m < memberships; ++m) {
                const std::int64_t team = teams_[static_cast<std::size_t>((n + m) % kTeams)];
                change_.writes.push_back({"team_member.put", {team, last_person_, std::int64_t{0}, m + 1}});
            }
        }
        return {};
    }
    Status add_person(const std::string& key, std::string_view roles) {
        TRY(last_person_, tools_.store.next_id(IdKind::user));
        Person person;
        person.id = UserId{last_person_};
        person.version = 1;
        person.key = key;
        person.name = key;
        person.email = key + "@example.org";
        person.roles = roles_from_text(roles);
        person.organization = OrganizationId{organizations_[static_cast<std::size_t>(last_person_ % kOrganizations)]};
        person.created_at = tools_.clock.now();
        change_.writes.push_back(insert_person(person));
        return {};
    }
    Status submit() {
        change_.raises_config = true;
        CHECK_OK(tools_.store.read([&](Reader& reader) -> Status {
            TRY(const DeskPtr desk, tools_.desks.current(reader));
            TRY(auto entry,
                audit_entry(reader, *desk, system_session("cli"), tools_.clock.now(), {"bench", 1, 1, "create"}));
            change_.entries.push_back(std::move(entry));
            return {};
        }));
        std::promise<Committed> answer;
        tools_.store.submit(std::move(change_), [&](const Committed& committed) { answer.set_value(committed); });
        const Committed committed = answer.get_future().get();
        if (committed.outcome == Outcome::committed) return {};
        return fail(ErrorKind::unavailable, "bench.cast",
                    "The cast could not be written: " + std::string(committed.conflict) + committed.detail);
    }

    Toolbox& tools_;
    const Plan& plan_;
    Change change_;
    std::vector<std::int64_t> organizations_, teams_;
    std::int64_t last_person_ = 0;
};

Status load_people(Reader& reader, const std::vector<std::string>& keys, std::vector<Person>& out) {
    for (const std::string& key : keys) {
        TRY(auto person, find_person(reader, key));
        if (!person) return no_cast(key);
        out.push_back(std::move(*person));
    }
    return {};
}

}  // namespace

std::string team_key(std::int64_t n) { return fmt::format("team-{:02}", n); }
std::string agent_key(std::int64_t n) { return fmt::format("agent-{:03}", n); }
std::string requester_key(std::int64_t n) { return fmt::format("person-{:04}", n); }
std::string five_key(std::int64_t n) { return fmt::format("five-{:03}", n); }

Status make_cast(Toolbox& tools, const Plan& plan) { return Maker(tools, plan).run(); }

Result<Cast> load_cast(Toolbox& tools, const Plan& plan) {
    Cast cast;
    std::vector<std::string> requesters, fives;
    for (std::int64_t n = 0; n < kRequesters; ++n) requesters.push_back(requester_key(n));
    for (std::int64_t n = 0; n < plan.five_persons(); ++n) fives.push_back(five_key(n));
    CHECK_OK(tools.store.read([&](Reader& reader) -> Status {
        TRY(cast.desk, tools.desks.current(reader));
        CHECK_OK(load_people(reader, fives, cast.fives));
        return {};
    }));
    // In slices: a read may not last long.
    for (std::size_t from = 0; from < requesters.size(); from += 500) {
        const std::vector<std::string> slice(requesters.begin() + static_cast<std::ptrdiff_t>(from),
                                             requesters.begin() + static_cast<std::ptrdiff_t>(from + 500));
        CHECK_OK(tools.store.read([&](Reader& reader) { return load_people(reader, slice, cast.requesters); }));
    }
    for (std::int64_t n = 0; n < kTeams; ++n) {
        const Team* team = cast.desk->team(team_key(n));
        if (team == nullptr) return no_cast(team_key(n));
        cast.teams.push_back(team->id);
    }
    cast.agents.resize(static_cast<std::size_t>(kAgents));
    for (const auto& [id, person] : cast.desk->staff) {
        if (!person.key.starts_with("agent-")) continue;
        cast.agents.at(static_cast<std::size_t>(std::stoll(person.key.substr(6)))) = id;
    }
    for (const auto& [id, category] : cast.desk->categories) {
        if (!category.is_restricted) cast.categories.push_back(id);
    }
    for (const auto& [id, service] : cast.desk->services) cast.services.push_back(id);
    return cast;
}

Result<Session> session_of(Toolbox& tools, const std::string& key) {
    Session session;
    CHECK_OK(tools.store.read([&](Reader& reader) -> Status {
        TRY(const DeskPtr desk, tools.desks.current(reader));
        TRY(const auto person, find_person(reader, key));
        if (!person) return no_cast(key);
        session.key = session.name = key;
        session.caller.user = person->id;
        session.caller.roles = person->roles;
        session.caller.organization = person->organization;
        session.caller.teams = desk->teams_of_person(person->id);
        return {};
    }));
    return session;
}

}  // namespace firstline::bench
