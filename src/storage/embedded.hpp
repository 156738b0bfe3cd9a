// Texts compiled into the program by cmake/embed.cmake: named statements and migrations (storage.md §4).
#pragma once

#include <span>
#include <string_view>

namespace firstline::storage {

struct EmbeddedFile {
    std::string_view name;  // without its folder: "store.sql", "0001_core.sql"
    std::string_view text;
};

// Defined by the build: fl_embed(fl_storage sql_files …/src/storage/sql/*.sql), fl_embed(fl_storage migration_files
// …/migrations/*.sql).
[[nodiscard]] std::span<const EmbeddedFile> sql_files();
[[nodiscard]] std::span<const EmbeddedFile> migration_files();

}  // namespace firstline::storage
