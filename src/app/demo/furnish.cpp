#include "app/demo/furnish.hpp"

#include "app/demo/cast.hpp"
#include "app/demo/records.hpp"
#include "app/directory/catalogue/catalogue.hpp"
#include "app/directory/rules/rules.hpp"
#include "app/directory/teams/teams.hpp"
#include "app/directory/users/users.hpp"
#include "app/identity/authenticate.hpp"
#include "app/identity/session/own_account.hpp"
#include "base/crypto.hpp"

namespace firstline::app::demo {
namespace {

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto comma = text.find(',');
        out.emplace_back(text.substr(0, comma));
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    }
    return out;
}

// "Elsa Lindqvist" of halden → elsa.lindqvist@halden.example; the domains are reserved ones that nobody receives mail at.
std::string address_of(const DemoPerson& person) {
    std::string out(person.key);
    if (const auto dash = out.find('-'); dash != std::string::npos) out[dash] = '.';
    for (const DemoOrganization& organization : organizations()) {
        if (organization.key == person.organization) out += "@" + std::string(organization.domain);
    }
    return out;
}

class Furnisher {
public:
    Furnisher(Toolbox& tools, const std::function<void()>& done) : tools_(tools), done_(done) {}

    // What is there already stays as it is.
    template <class Decide, class IdOf>
    Status make(const std::string& subject, const Decide& decide, const IdOf& id_of) {
        Status made = tools_.runner.run_and_wait(0, [&](Reader& reader) -> Result<Runner::Decision> {
            TRY(auto decided, decide(reader));
            if (decided.change) decided.change->writes.push_back(record(subject, id_of(decided.answer)));
            return std::move(decided.change);
        });
        done_();
        if (!made && made.error().kind != ErrorKind::exists) return made;
        return {};
    }

    Status make_organizations() {
        for (const DemoOrganization& row : organizations()) {
            OrganizationFields fields;
            fields.name = std::string(row.name);
            fields.shares_incidents = row.shares_incidents;
            CHECK_OK(make(
                "organization",
                [&](Reader& reader) {
                    return create_organization(reader, tools_, session_, std::string(row.key), fields);
                },
                [](const OrganizationAnswer& answer) { return answer.organization.id.value; }));
        }
        return {};
    }
    Status make_teams() {
        for (const DemoTeam& row : teams()) {
            TeamFields fields;
            fields.name = std::string(row.name);
            fields.public_name = std::string(row.public_name);
            fields.tier = row.tier;
            CHECK_OK(make(
                "team",
                [&](Reader& reader) { return create_team(reader, tools_, session_, std::string(row.key), fields); },
                [](const TeamAnswer& answer) { return answer.team.id.value; }));
        }
        return {};
    }
    Status make_people() {
        for (const DemoPerson& row : people()) {
            UserFields fields;
            fields.name = std::string(row.name);
            fields.email = address_of(row);
            fields.zone = "Europe/Oslo";
            fields.organization = std::string(row.organization);
            fields.department = std::string(row.department);
            fields.location = std::string(row.location);
            fields.is_vip = row.is_vip;
            fields.roles = split(row.roles);
            fields.teams = split(row.teams);
            CHECK_OK(make(
                "user",
                [&](Reader& reader) { return create_user(reader, tools_, session_, std::string(row.key), fields); },
                [](const UserAnswer& answer) { return answer.person.id.value; }));
        }
        return make_leads();
    }
    Status make_services() {
        for (const DemoService& row : services()) {
            ServiceFields fields;
            fields.name = std::string(row.name);
            fields.owner = std::string(row.owner);
            fields.support_team = std::string(row.support);
            fields.criticality = std::string(row.criticality);
            CHECK_OK(make(
                "service",
                [&](Reader& reader) { return create_service(reader, tools_, session_, std::string(row.key), fields); },
                [](const ServiceAnswer& answer) { return answer.service.id.value; }));
        }
        CategoryFields fields;
        fields.name = "Personnel matter";
        fields.parent = "security";
        fields.team = std::string(kRestrictedTeam);
        fields.is_restricted = true;
        return make(
            "category",
            [&](Reader& reader) {
                return create_category(reader, tools_, session_, std::string(kRestrictedCategory), fields);
            },
            [](const CategoryAnswer& answer) { return answer.category.id.value; });
    }
    Status set_up() {
        const std::map<std::string, std::string> values{{"default_team", std::string(kDefaultTeam)},
                                                        {"phone", "+47 555 01 100"},
                                                        {"hours", "Monday to Friday, 07:00 to 18:00"}};
        return tools_.runner.run_and_wait(0, [&](Reader& reader) -> Result<Runner::Decision> {
            TRY(auto decided, edit_settings(reader, tools_, session_, values, {}));
            return std::move(decided.change);
        });
    }

private:
    Status make_leads() {
        for (const DemoPerson& row : people()) {
            if (!row.is_lead) continue;
            const auto of_lead = split(row.teams);
            TeamFields fields;
            fields.leads = std::vector<std::string>{std::string(row.key)};
            CHECK_OK(tools_.runner.run_and_wait(0, [&](Reader& reader) -> Result<Runner::Decision> {
                TRY(auto decided, edit_team(reader, tools_, session_, of_lead.front(), fields, {}));
                return std::move(decided.change);
            }));
        }
        return {};
    }

    Toolbox& tools_;
    const std::function<void()>& done_;
    const Session session_ = system_session("demo");
};

}  // namespace

Status furnish(Toolbox& tools, DemoMade& made, const std::function<void()>& done) {
    Furnisher furnisher(tools, done);
    CHECK_OK(furnisher.make_organizations());
    CHECK_OK(furnisher.make_teams());
    CHECK_OK(furnisher.make_people());
    CHECK_OK(furnisher.make_services());
    made.people = static_cast<std::int64_t>(people().size());
    made.teams = static_cast<std::int64_t>(teams().size());
    made.services = static_cast<std::int64_t>(services().size());
    return furnisher.set_up();
}

Status give_passwords(Toolbox& tools, const std::string& password) {
    const std::string stored = hash_password(password);
    for (const std::string_view key : {kAgent, kRequester}) {
        CHECK_OK(tools.runner.run_and_wait(0, [&](Reader& reader) -> Result<Runner::Decision> {
            TRY(auto decided, put_password(reader, tools, system_session("demo"), key, stored));
            return std::move(decided.change);
        }));
    }
    return {};
}

}  // namespace firstline::app::demo
