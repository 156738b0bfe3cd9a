// Mapping files: TOML that says what the columns of another desk's table mean (docs/import.md).
#pragma once

#include <string>
#include <string_view>

#include "app/imports/mapping.hpp"
#include "base/result.hpp"

namespace firstline::intake::mapping {

// Error `import.mapping_invalid`: with line and column where it is no TOML, else with the key that is wrong.
[[nodiscard]] Result<app::imports::Mapping> parse_mapping(std::string_view toml);
// Errors: the same; `import.unreadable`.
[[nodiscard]] Result<app::imports::Mapping> load_mapping(const std::string& path);

// The mapping that is used where no other is named: ServiceNow's incident event log, as the UCI data set 498 has it.
[[nodiscard]] std::string_view built_in_mapping();

}  // namespace firstline::intake::mapping
