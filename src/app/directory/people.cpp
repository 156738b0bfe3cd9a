#include "app/directory/people.hpp"

#include "base/text.hpp"

namespace firstline::app {

using namespace domain;

Person person_from_row(const Row& row) {
    Person person;
    person.id = row.id<UserId>(0);
    person.version = row.integer(1);
    person.key = row.text(2);
    person.name = row.text(3);
    person.email = row.text(4);
    person.phone = row.text(5);
    person.language = row.text(6);
    person.zone = row.text(7);
    person.organization = row.id<OrganizationId>(8);
    person.location = row.text(9);
    person.department = row.text(10);
    person.is_vip = row.flag(11);
    person.roles = roles_from_text(row.text(12));
    person.is_active = row.flag(13);
    person.is_reachable = row.flag(14);
    person.password = row.text(15);
    person.created_at = row.instant(16);
    return person;
}

namespace {

std::vector<Value> columns_of(const Person& p) {
    return {p.id.value,
            p.version,
            p.key,
            p.name,
            fold(p.name),
            p.email,
            fold(p.email),
            p.phone,
            p.language,
            p.zone,
            p.organization.value,
            p.location,
            p.department,
            value(p.is_vip),
            to_text(p.roles),
            value(p.roles.is_staff()),
            value(p.is_active),
            value(p.is_reachable),
            p.password,
            p.created_at.us};
}

Result<std::optional<Person>> find_one(Reader& reader, std::string_view statement, Value param) {
    std::optional<Person> found;
    CHECK_OK(reader.query(statement, {std::move(param)}, [&](const Row& row) {
        found = person_from_row(row);
        return false;
    }));
    return found;
}

}  // namespace

Write insert_person(const Person& person) { return {"person.insert", columns_of(person), OnConflict::exists}; }
Write update_person(const Person& person) { return {"person.update", columns_of(person), OnConflict::exists}; }

Result<std::optional<Person>> find_person(Reader& reader, UserId id) {
    return find_one(reader, "person.by_id", id.value);
}
Result<std::optional<Person>> find_person(Reader& reader, std::string_view key) {
    return find_one(reader, "person.by_key", std::string(key));
}
Result<std::optional<Person>> find_person_by_email(Reader& reader, std::string_view email) {
    return find_one(reader, "person.by_email", fold(email));
}

Result<std::vector<PersonName>> load_person_names(Reader& reader, const std::vector<std::int64_t>& ids) {
    std::vector<PersonName> out;
    if (ids.empty()) return out;
    CHECK_OK(reader.query("person.names", {IntList{ids}}, [&](const Row& row) {
        out.push_back({row.id<UserId>(0), std::string(row.text(1)), std::string(row.text(2))});
        return true;
    }));
    return out;
}

}  // namespace firstline::app
