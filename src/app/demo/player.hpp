// Plays stories: each step is a use case at its time, by the person who takes it.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "app/core/toolbox.hpp"
#include "app/demo/records.hpp"
#include "app/demo/script.hpp"
#include "app/incidents/use_cases.hpp"

namespace firstline::app::demo {

class Player {
public:
    // `clock` is the one in `tools`.
    Player(Toolbox& tools, ManualClock& clock, const Records& records)
        : tools_(tools), clock_(clock), records_(records) {}

    // All steps of all stories in the order of their times. Stories that were told before are left as they are. `done`: after
    // each. Errors: the use cases', with the story's name and step before the detail.
    [[nodiscard]] Status play(const std::vector<Story>& stories, const std::function<void()>& done);
    [[nodiscard]] std::int64_t incidents() const { return static_cast<std::int64_t>(numbers_.size()); }

private:
    [[nodiscard]] Status begin(const Story& story);
    [[nodiscard]] Status take(const Story& story, const Step& step);
    [[nodiscard]] Status say(const Story& story, const Step& step);
    [[nodiscard]] Status link(const Story& story, const Step& step);
    [[nodiscard]] Result<ActionRequest> action_of(const Step& step) const;
    [[nodiscard]] Result<Session> session_of_person(Reader& reader, const std::string& first_name);
    [[nodiscard]] Result<domain::IncidentId> number_of(const std::string& story) const;
    // Runs a use case as that person.
    template <class Decide>
    [[nodiscard]] Status as(const std::string& first_name, std::int64_t key, const Decide& decide);

    Toolbox& tools_;
    ManualClock& clock_;
    const Records& records_;
    std::map<std::string, std::int64_t> numbers_;
};

}  // namespace firstline::app::demo
