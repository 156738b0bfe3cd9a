#include "http/directory/user_json.hpp"

#include "app/directory/config_change.hpp"

namespace firstline::http {

using namespace domain;

namespace {

constexpr std::string_view kUserMembers[]{"key",   "name",         "email",    "phone",      "language",
                                          "zone",  "organization", "location", "department", "vip",
                                          "roles", "teams",        "active"};
constexpr std::string_view kTeamMembers[]{"key", "name", "public_name", "tier", "members", "leads", "mode", "active"};

void write_people(Item& item, std::string_view name, const std::vector<app::PersonName>& people) {
    auto* json = item.member(name);
    if (json == nullptr) return;
    json->begin_array();
    for (const auto& person : people)
        json->begin_object().key("key").text(person.key).key("name").text(person.name).end_object();
    json->end_array();
}

}  // namespace

std::span<const std::string_view> user_members() { return kUserMembers; }
std::span<const std::string_view> team_members() { return kTeamMembers; }

void write_user_members(Item& item, const app::UserAnswer& user) {
    const Person& person = user.person;
    item.text("key", person.key);
    item.text("name", person.name);
    item.text_or_null("email", person.email);
    item.text_or_null("phone", person.phone);
    item.text("language", person.language);
    item.text("zone", person.zone);
    item.reference("organization", user.desk->organization(person.organization));
    item.text_or_null("location", person.location);
    item.text_or_null("department", person.department);
    item.flag("vip", person.is_vip);
    if (auto* json = item.member("roles")) {
        json->begin_array();
        for (std::size_t i = 0; i < kCount<Role>; ++i) {
            if (person.roles.has(static_cast<Role>(i))) json->text(to_string(static_cast<Role>(i)));
        }
        json->end_array();
    }
    if (auto* json = item.member("teams")) {
        json->begin_array();
        for (const TeamId id : user.teams) {
            const Team* team = user.desk->team(id);
            if (team != nullptr)
                json->begin_object().key("key").text(team->key).key("name").text(team->name).end_object();
        }
        json->end_array();
    }
    item.flag("active", person.is_active);
}

void write_user(JsonWriter& json, const app::UserAnswer& user, const WantedFields& wanted) {
    Item item(json, wanted);
    write_user_members(item, user);
}

app::UserFields decode_user(Fields& fields) {
    app::UserFields out;
    out.name = fields.text("name", app::kNameCharactersMax);
    out.email = fields.text_or_null("email", app::kEmailBytesMax);
    out.phone = fields.text_or_null("phone", app::kPhoneCharactersMax);
    out.language = fields.text("language", app::kLanguageBytesMax);
    out.zone = fields.text("zone", app::kPhoneCharactersMax);
    out.organization = fields.key_or_null("organization");
    out.location = fields.text_or_null("location", app::kPlaceCharactersMax);
    out.department = fields.text_or_null("department", app::kPlaceCharactersMax);
    out.is_vip = fields.flag("vip");
    out.roles = fields.texts("roles", kCount<Role>);
    out.teams = fields.texts("teams", app::kTeamsOfPersonMax);
    return out;
}

void write_team(JsonWriter& json, const app::TeamAnswer& answer, const WantedFields& wanted) {
    const Team& team = answer.team;
    Item item(json, wanted);
    item.text("key", team.key);
    item.text("name", team.name);
    item.text("public_name", team.public_name);
    if (auto* number = item.member("tier")) number->number(team.tier);
    write_people(item, "members", answer.members);
    write_people(item, "leads", answer.leads);
    item.text("mode", to_string(team.mode));
    item.flag("active", team.is_active);
}

app::TeamFields decode_team(Fields& fields) {
    app::TeamFields out;
    out.name = fields.text("name", app::kNameCharactersMax);
    out.public_name = fields.text("public_name", app::kNameCharactersMax);
    if (const auto tier = fields.number("tier", 1, app::kTierMax)) out.tier = static_cast<int>(*tier);
    out.mode = fields.text("mode");
    out.members = fields.texts("members", app::kMembersMax);
    out.leads = fields.texts("leads", app::kMembersMax);
    return out;
}

}  // namespace firstline::http
