#include "app/demo/records.hpp"

#include "domain/access/roles.hpp"

namespace firstline::app::demo {

Result<Records> Records::load(Store& store) {
    Records out;
    CHECK_OK(store.read([&](Reader& reader) {
        out.ids_.clear();
        return reader.query("demo.records", {}, [&](const Row& row) {
            out.ids_.emplace(std::string(row.text(0)), row.integer(1));
            return true;
        });
    }));
    return out;
}

std::int64_t Records::story(const std::string& name) const {
    const auto found = ids_.find("story:" + name);
    return found == ids_.end() ? 0 : found->second;
}

Write record(std::string subject, std::int64_t id) { return {"demo.record", {std::move(subject), id}}; }

Result<Foreign> find_foreign(Store& store) {
    Foreign out;
    CHECK_OK(store.read([&](Reader& reader) -> Status {
        CHECK_OK(reader.query("demo.foreign_incident", {}, [&](const Row&) {
            out.has_incidents = true;
            return false;
        }));
        return reader.query("demo.foreign_people", {}, [&](const Row& row) {
            const bool is_administrator = domain::roles_from_text(row.text(0)).has(domain::Role::admin);
            out.has_people = out.has_people || !is_administrator;
            return true;
        });
    }));
    return out;
}

}  // namespace firstline::app::demo
