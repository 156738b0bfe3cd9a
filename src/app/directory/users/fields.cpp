#include "app/directory/users/fields.hpp"

#include <algorithm>

#include "app/directory/config_change.hpp"
#include "base/text.hpp"

namespace firstline::app {

using namespace domain;

namespace {

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_host(std::string_view host) {
    char before = '.';
    for (const char c : host) {
        const bool is_other = static_cast<unsigned char>(c) >= 0x80;  // internationalized names, RFC 6531
        if (!is_alnum(c) && !is_other && c != '-' && c != '.') return false;
        if (c == '.' && before == '.') return false;
        before = c;
    }
    return !host.empty() && before != '.';
}

void apply_text(const std::optional<std::string>& given, std::string& to, const std::string& pointer,
                std::size_t characters_max, FieldErrors& errors) {
    if (!given) return;
    const bool is_clean = is_clean_utf8(*given);
    errors.need(is_clean, pointer, "utf8", "The text must be UTF-8 without NUL.");
    if (!is_clean) return;
    errors.need(count_characters(*given) <= characters_max, pointer, "too_long",
                "At most " + std::to_string(characters_max) + " characters.");
    to = std::string(trim(*given));
}

void apply_roles(const std::vector<std::string>& words, Person& person, FieldErrors& errors) {
    Roles roles{Role::requester};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto role = parse_word<Role>(words[i]);
        errors.need(role.has_value(), "/roles/" + std::to_string(i), "enum",
                    "There is no role \"" + words[i].substr(0, 40) + "\".");
        if (role) roles.add(*role);
    }
    person.roles = roles;
}

void apply_teams(const Desk& desk, const std::vector<std::string>& keys, std::vector<TeamId>& teams,
                 FieldErrors& errors) {
    errors.need(keys.size() <= kTeamsOfPersonMax, "/teams", "too_long",
                "At most " + std::to_string(kTeamsOfPersonMax) + " teams.");
    teams.clear();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const std::string place = "/teams/" + std::to_string(i);
        const Team* team = desk.team(keys[i]);
        errors.need(team != nullptr, place, "not_found", "There is no team \"" + keys[i].substr(0, 64) + "\".");
        if (team == nullptr) continue;
        errors.need(team->is_active, place, "inactive", "This team was dissolved.");
        const bool is_twice = std::find(teams.begin(), teams.end(), team->id) != teams.end();
        errors.need(!is_twice, place, "duplicate", "Name each team once.");
        if (!is_twice) teams.push_back(team->id);
    }
}

void apply_organization(const Desk& desk, const std::string& key, Person& person, FieldErrors& errors) {
    const Organization* found = key.empty() ? nullptr : desk.organization(key);
    errors.need(key.empty() || found != nullptr, "/organization", "not_found",
                "There is no organization \"" + key.substr(0, 64) + "\".");
    const bool stays = found != nullptr && found->id == person.organization;
    errors.need(found == nullptr || found->is_active || stays, "/organization", "inactive",
                "This organization is not in use any more.");
    person.organization = found == nullptr ? OrganizationId{} : found->id;
}

}  // namespace

bool is_email_address(std::string_view text) {
    if (text.size() > kEmailBytesMax || !is_clean_utf8(text)) return false;
    const auto at = text.find('@');
    if (at == std::string_view::npos || at == 0 || text.find('@', at + 1) != std::string_view::npos) return false;
    const bool has_odd = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '<' || c == '>' || c == ',' || c == ';' ||
               c == '"' || c == '\\';
    });
    return !has_odd && is_host(text.substr(at + 1));
}

bool is_language_tag(std::string_view text) {
    if (text.size() > kLanguageBytesMax) return false;
    for (bool is_first = true; is_first || !text.empty(); is_first = false) {
        const auto end = text.find('-');
        const std::string_view part = text.substr(0, end);
        const bool fits = part.size() >= (is_first ? 2U : 1U) && part.size() <= 8 &&
                          std::all_of(part.begin(), part.end(), is_first ? is_alpha : is_alnum);
        if (!fits) return false;
        if (end == std::string_view::npos) return true;
        text.remove_prefix(end + 1);
        if (text.empty()) return false;
    }
    return true;
}

void apply_fields(const Desk& desk, const UserFields& fields, Person& person, std::vector<TeamId>& teams,
                  FieldErrors& errors) {
    apply_text(fields.name, person.name, "/name", kNameCharactersMax, errors);
    errors.need(!fields.name || !is_blank(person.name), "/name", "blank", "A person needs a name.");
    if (fields.email) {
        errors.need(fields.email->empty() || is_email_address(*fields.email), "/email", "format",
                    "This is no e-mail address.");
        if (person.email != *fields.email) person.is_reachable = true;
        person.email = *fields.email;
    }
    apply_text(fields.phone, person.phone, "/phone", kPhoneCharactersMax, errors);
    apply_text(fields.location, person.location, "/location", kPlaceCharactersMax, errors);
    apply_text(fields.department, person.department, "/department", kPlaceCharactersMax, errors);
    if (fields.language) {
        errors.need(is_language_tag(*fields.language), "/language", "format",
                    "A language tag such as en or pt-BR is needed.");
        person.language = *fields.language;
    }
    if (fields.zone) {
        errors.need(is_known_zone(*fields.zone), "/zone", "enum",
                    "An IANA time zone such as Europe/Stockholm is needed.");
        person.zone = *fields.zone;
    }
    if (fields.organization) apply_organization(desk, *fields.organization, person, errors);
    if (fields.is_vip) person.is_vip = *fields.is_vip;
    if (fields.roles) apply_roles(*fields.roles, person, errors);
    if (fields.teams) apply_teams(desk, *fields.teams, teams, errors);
    if (fields.reactivates) person.is_active = true;
    errors.need(teams.empty() || person.roles.has(Role::agent), fields.roles ? "/roles" : "/teams", "conflict",
                "Only agents are members of teams.");
}

}  // namespace firstline::app
