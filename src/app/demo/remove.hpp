// Emptying a demo desk. Its entries lie under the chain of anchors, so that none of them can be taken out without leaving a gap:
// the whole desk goes and a new one is founded, with a new identity and epoch and the administrators of the old one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/core/toolbox.hpp"
#include "domain/desk/desk.hpp"

namespace firstline::app::demo {

struct Removal {
    std::int64_t incidents = 0, people = 0;
    std::vector<domain::Person> administrators;  // with their password hashes; those whom the demo has not made
    std::string desk_name;
};
// Deletes everything in one transaction. Nothing else may run on the database, and what was opened on it must be opened anew.
// Errors: `demo.missing` (no demo was made here), `demo.mixed` (others have added incidents or people; not where it is forced).
[[nodiscard]] Result<Removal> empty_desk(Toolbox& tools, bool is_forced);
// Founds the new desk on a freshly opened store.
[[nodiscard]] Status found_again(Toolbox& tools, const Removal& removal);

}  // namespace firstline::app::demo
