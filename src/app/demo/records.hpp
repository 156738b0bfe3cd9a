// What the demo has made, in table demo_record: so that it is made once, and found again.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "app/port/store.hpp"

namespace firstline::app::demo {

// (subject, id): "user", "team", "story:vpn-drops", …; "complete" once all of it is there.
class Records {
public:
    [[nodiscard]] static Result<Records> load(Store& store);
    [[nodiscard]] bool is_empty() const { return ids_.empty(); }
    [[nodiscard]] bool is_complete() const { return ids_.contains("complete"); }
    // The incident that tells a story; 0 where it is not there yet.
    [[nodiscard]] std::int64_t story(const std::string& name) const;

private:
    std::multimap<std::string, std::int64_t> ids_;
};
// Part of the change that makes the record; again it changes nothing.
[[nodiscard]] Write record(std::string subject, std::int64_t id);

// Whether the desk holds an incident, or a person beside its administrators, that the demo has not made.
struct Foreign {
    bool has_incidents = false, has_people = false;
};
[[nodiscard]] Result<Foreign> find_foreign(Store& store);

}  // namespace firstline::app::demo
