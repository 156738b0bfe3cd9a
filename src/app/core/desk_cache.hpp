// The desk's configuration, cached per node under `config_version` (storage.md §3).
#pragma once

#include <mutex>
#include <string>

#include "app/port/store.hpp"
#include "domain/desk/desk.hpp"

namespace firstline::app {

class DeskCache {
public:
    // The configuration of this snapshot; one row is read, all of it where the version differs. Any thread.
    [[nodiscard]] Result<domain::DeskPtr> current(Reader& reader);

private:
    std::mutex mutex_;
    domain::DeskPtr cached_;
};

// Reads the whole configuration. Error `desk.missing` where the database holds no desk.
[[nodiscard]] Result<domain::DeskPtr> load_desk(Reader& reader);

// The desk's secret: signs cursors and links. 32 bytes.
[[nodiscard]] Result<std::string> load_desk_secret(Reader& reader);

}  // namespace firstline::app
