// The desk's priority matrix and settings, read and set (api.md §4).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/core/toolbox.hpp"
#include "app/directory/settings.hpp"
#include "app/incidents/workspace.hpp"

namespace firstline::app {

struct MatrixAnswer {
    domain::PriorityMatrix matrix;
    std::int64_t version = 0;  // of the matrix: how often it was set
};
struct MatrixCell {
    int impact = 0, urgency = 0;
    domain::Priority priority = domain::Priority::p3;
};
// Errors: `auth.forbidden`.
[[nodiscard]] Result<MatrixAnswer> read_matrix(Reader& reader, Toolbox& tools, const Session& session);
// All nine cells, each once. Errors: `auth.forbidden`, `precondition.failed`, `request.invalid` at /cells/….
[[nodiscard]] Result<Decided<MatrixAnswer>> set_matrix(Reader& reader, Toolbox& tools, const Session& session,
                                                       const std::vector<MatrixCell>& cells, const VersionGuard& guard);

struct SettingsAnswer {
    domain::Settings settings;
    domain::DeskPtr desk;
    std::int64_t version = 0;
};
[[nodiscard]] Result<SettingsAnswer> read_settings(Reader& reader, Toolbox& tools, const Session& session);
// Name → value as text; a team as its key. Unknown names and wrong values are refused all at once. Errors:
// `auth.forbidden`, `precondition.failed`, `request.invalid`.
[[nodiscard]] Result<Decided<SettingsAnswer>> edit_settings(Reader& reader, Toolbox& tools, const Session& session,
                                                            const std::map<std::string, std::string>& values,
                                                            const VersionGuard& guard);

}  // namespace firstline::app
