// Categories, organizations, services, tags, and the desk's rules (api.md §4).
#include "app/directory/catalogue/catalogue.hpp"

#include <gtest/gtest.h>

#include "app/directory/rules/rules.hpp"
#include "app/fresh_desk.hpp"
#include "app/verify/verify.hpp"

namespace firstline::test {
namespace {

using namespace app;
using namespace domain;

class CatalogueTest : public OnAFreshDesk {
protected:
    void expect_whole() {
        const auto report = verify(desk().store(), {});
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->findings.empty())
            << report->findings.front().what << " at " << report->findings.front().where;
    }
};

TEST_P(CatalogueTest, CategoriesFormATreeThatRestrictsOnlyWithATeam) {
    const Session admin = desk().admin();
    const auto make = [&](const std::string& key, const CategoryFields& fields) {
        return desk().run([&](Reader& reader) { return create_category(reader, desk().tools(), admin, key, fields); });
    };
    const auto change = [&](const std::string& key, const CategoryFields& fields) {
        return desk().run(
            [&](Reader& reader) { return edit_category(reader, desk().tools(), admin, key, fields, {}); });
    };
    CategoryFields fields;
    fields.name = "Payroll";
    fields.parent = "applications";
    fields.is_restricted = true;
    EXPECT_EQ(fields_of(make("payroll", fields)), "/team required");
    desk().add_team("hr");
    fields.team = "hr";
    ASSERT_TRUE(make("payroll", fields));
    fields = {};
    fields.parent = "payroll";
    EXPECT_EQ(fields_of(change("applications", fields)), "/parent conflict");
    EXPECT_EQ(fields_of(change("payroll", fields)), "/parent conflict");
    fields = {};
    fields.team = "";
    EXPECT_EQ(fields_of(change("payroll", fields)), "/team required");
    fields.parent = "nowhere";
    fields.name = "";
    EXPECT_EQ(fields_of(change("payroll", fields)), "/name blank, /parent not_found, /team required");

    ASSERT_TRUE(
        desk().run([&](Reader& reader) { return deactivate_category(reader, desk().tools(), admin, "payroll"); }));
    EXPECT_FALSE(desk().desk()->category("payroll")->is_active);
    desk().add_user("ida");
    const Session ida = desk().session("ida");
    const auto shown = desk().read<Page<CategoryAnswer>>(
        [&](Reader& reader) { return list_categories(reader, desk().tools(), ida, std::nullopt, {{}, 200}); });
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->items.size(), 10U);  // those at the top but Monitoring
    for (const auto& answer : shown->items) EXPECT_TRUE(answer.is_for_requester);
    EXPECT_EQ(code_of(desk().read<CategoryAnswer>(
                  [&](Reader& reader) { return read_category(reader, desk().tools(), ida, "monitoring"); })),
              "not_found");
    expect_whole();
}

TEST_P(CatalogueTest, OrganizationsServicesAndTagsLiveAlike) {
    desk().add_team("desk");
    const Session admin = desk().admin();
    Toolbox& tools = desk().tools();
    OrganizationFields acme;
    acme.name = "Acme";
    acme.shares_incidents = true;
    ASSERT_TRUE(desk().run([&](Reader& reader) { return create_organization(reader, tools, admin, "acme", acme); }));
    EXPECT_EQ(
        code_of(desk().run([&](Reader& reader) { return create_organization(reader, tools, admin, "acme", acme); })),
        "exists");
    UserFields member;
    member.name = "Ida";
    member.organization = "acme";
    ASSERT_TRUE(desk().run([&](Reader& reader) { return create_user(reader, tools, admin, "ida", member); }));
    EXPECT_TRUE(desk().session("ida").caller.organization_shares);
    ASSERT_TRUE(desk().run([&](Reader& reader) { return deactivate_organization(reader, tools, admin, "acme"); }));
    EXPECT_FALSE(desk().session("ida").caller.organization_shares);

    ServiceFields mail;
    mail.name = "Mail";
    mail.owner = "nobody";
    mail.criticality = "huge";
    EXPECT_EQ(fields_of(desk().run([&](Reader& reader) { return create_service(reader, tools, admin, "mail", mail); })),
              "/owner not_found, /criticality enum");
    mail.owner = "desk";
    mail.criticality = "critical";
    ASSERT_TRUE(desk().run([&](Reader& reader) { return create_service(reader, tools, admin, "mail", mail); }));
    EXPECT_EQ(desk().desk()->service("mail")->criticality, Criticality::critical);

    const Session ida = desk().session("ida");
    EXPECT_EQ(
        code_of(desk().run([&](Reader& reader) { return create_tag(reader, tools, ida, "vpn", {"VPN", false}); })),
        "auth.forbidden");
    const auto tag =
        desk().run([&](Reader& reader) { return create_tag(reader, tools, admin, "vpn", {"VPN", false}); });
    ASSERT_TRUE(tag);
    const auto renamed = desk().run(
        [&](Reader& reader) { return edit_tag(reader, tools, admin, "vpn", {"Tunnel", false}, {tag->version}); });
    ASSERT_TRUE(renamed);
    EXPECT_EQ(code_of(desk().run([&](Reader& reader) {
                  return edit_tag(reader, tools, admin, "vpn", {"Again", false}, {tag->version});
              })),
              "precondition.failed");
    ASSERT_TRUE(desk().run([&](Reader& reader) { return deactivate_tag(reader, tools, admin, "vpn"); }));
    const auto tags = desk().read<Page<Tag>>([&](Reader& reader) { return list_tags(reader, tools, admin, true, {}); });
    EXPECT_TRUE(tags->items.empty());
    expect_whole();
}

TEST_P(CatalogueTest, MatrixAndSettingsAreSetAsAWholeAndGuarded) {
    const Session admin = desk().admin();
    Toolbox& tools = desk().tools();
    std::vector<MatrixCell> cells;
    for (int impact = 1; impact <= 3; ++impact) {
        for (int urgency = 1; urgency <= 3; ++urgency) cells.push_back({impact, urgency, Priority::p2});
    }
    const auto set = [&](std::optional<std::int64_t> version) {
        return desk().run([&](Reader& reader) { return set_matrix(reader, tools, admin, cells, {version}); });
    };
    ASSERT_TRUE(set(0));
    EXPECT_EQ(desk().desk()->matrix[2][2], Priority::p2);
    EXPECT_EQ(code_of(set(0)), "precondition.failed");
    cells[1] = cells[0];
    cells[2].impact = 4;
    EXPECT_EQ(fields_of(set(std::nullopt)), "/cells/1 duplicate, /cells/2/impact range");

    const auto change = [&](const std::map<std::string, std::string>& values) {
        return desk().run([&](Reader& reader) { return edit_settings(reader, tools, admin, values, {}); });
    };
    EXPECT_EQ(
        fields_of(change(
            {{"undo_minutes", "99999"}, {"default_team", "desk"}, {"report_zone", "Nowhere"}, {"colour", "red"}})),
        "/colour unknown, /default_team not_found, /report_zone enum, /undo_minutes range");
    EXPECT_EQ(fields_of(change({{"affected_department_min", "25"}})), "/affected_organization_min conflict");
    const auto team = desk().add_team("desk");
    ASSERT_TRUE(change({{"default_team", "desk"}, {"undo_minutes", "5"}, {"phone", "1234"}}));
    EXPECT_EQ(desk().desk()->settings.default_team, team.team.id);
    EXPECT_EQ(desk().desk()->settings.undo_minutes, 5);
    ASSERT_TRUE(change({{"default_team", ""}}));
    EXPECT_FALSE(desk().desk()->settings.default_team.is_set());
    expect_whole();
}

INSTANTIATE_TEST_SUITE_P(Engines, CatalogueTest, testing::Values(Engine::sqlite, Engine::postgres), engine_name);

}  // namespace
}  // namespace firstline::test
