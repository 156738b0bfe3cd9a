// Categories and services as part of a change: their own edits, and a team's end that passes them on.
#pragma once

#include <string_view>

#include "app/directory/config_change.hpp"

namespace firstline::app::catalogue_parts {

// Raises the version of `after`, writes the row and its record; false, and nothing written, where nothing differs.
// `kind`: a literal. A `before` without a version is new.
[[nodiscard]] Result<bool> write_category(ConfigChange& change, const domain::Category& before, domain::Category& after,
                                          std::string_view kind);
[[nodiscard]] Result<bool> write_service(ConfigChange& change, const domain::Service& before, domain::Service& after,
                                         std::string_view kind);

}  // namespace firstline::app::catalogue_parts
