// People as rows: requesters and staff (storage.md §6, table person).
#pragma once

#include <optional>
#include <string_view>

#include "app/port/store.hpp"
#include "domain/desk/desk.hpp"

namespace firstline::app {

// The columns of person.by_id, person.by_key, person.staff, …, in their order.
[[nodiscard]] domain::Person person_from_row(const Row& row);
[[nodiscard]] Write insert_person(const domain::Person& person);
[[nodiscard]] Write update_person(const domain::Person& person);

[[nodiscard]] Result<std::optional<domain::Person>> find_person(Reader& reader, domain::UserId id);
[[nodiscard]] Result<std::optional<domain::Person>> find_person(Reader& reader, std::string_view key);
// By folded address; the first active one where several have it.
[[nodiscard]] Result<std::optional<domain::Person>> find_person_by_email(Reader& reader, std::string_view email);

// {key, name} of people for answers; unknown ids are left out.
struct PersonName {
    domain::UserId id;
    std::string key, name;
};
[[nodiscard]] Result<std::vector<PersonName>> load_person_names(Reader& reader, const std::vector<std::int64_t>& ids);

}  // namespace firstline::app
