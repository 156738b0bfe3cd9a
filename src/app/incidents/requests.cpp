#include "app/incidents/requests.hpp"

#include "app/directory/people.hpp"

namespace firstline::app {

using namespace domain;

Error not_found_at(std::string pointer, std::string detail) {
    return Error{ErrorKind::invalid, "request.invalid", detail, {{std::move(pointer), "not_found", detail}}};
}

Error within(Error error, const std::string& pointer) {
    if (pointer.empty()) return error;
    for (FieldError& field : error.fields) field.pointer.insert(0, pointer);
    if (error.fields.empty()) error.fields.push_back({pointer + "/action", "conflict", error.detail});
    return error;
}

Result<ActionInput> resolve_keys(Reader& reader, const Desk& desk, const ActionRequest& request) {
    ActionInput input = request.input;
    Error errors{ErrorKind::invalid, "request.invalid", ""};
    const auto miss = [&](std::string_view field, std::string detail) {
        errors.fields.push_back({request.pointer + "/" + std::string(field), "not_found", detail});
        errors.detail = std::move(detail);
    };
    if (request.category) {
        const Category* found = desk.category(*request.category);
        if (found == nullptr && !request.category->empty())
            miss("category", "There is no category \"" + *request.category + "\".");
        input.category = found == nullptr ? CategoryId{} : found->id;
    }
    if (request.service) {
        const Service* found = desk.service(*request.service);
        if (found == nullptr && !request.service->empty())
            miss("service", "There is no service \"" + *request.service + "\".");
        input.service = found == nullptr ? ServiceId{} : found->id;
    }
    if (request.team) {
        const Team* found = desk.team(*request.team);
        if (found == nullptr) {
            miss("team", "There is no team \"" + *request.team + "\".");
        } else {
            input.team = found->id;
        }
    }
    const auto person = [&](const std::string& key) -> Result<UserId> {
        TRY(const auto found, find_person(reader, key));
        return found ? found->id : UserId{};
    };
    if (request.assignee) {
        UserId id;
        if (!request.assignee->empty()) {
            TRY(id, person(*request.assignee));
            if (!id.is_set()) miss("assignee", "There is nobody with the key \"" + *request.assignee + "\".");
        }
        input.assignee = id;
    }
    for (std::size_t i = 0; i < request.whom.size(); ++i) {
        TRY(const UserId id, person(request.whom[i]));
        if (!id.is_set())
            miss("whom/" + std::to_string(i), "There is nobody with the key \"" + request.whom[i] + "\".");
        input.whom.push_back(id);
    }
    if (request.into) {
        const auto number = parse_number(*request.into);
        if (!number) miss("into", "\"" + *request.into + "\" is no incident number like INC-42.");
        input.into = number.value_or(IncidentId{});
    }
    if (!errors.fields.empty()) return fail(std::move(errors));
    return input;
}

}  // namespace firstline::app
