// What of an incident is searched: its texts as lexemes (app/search/search_index.hpp), bounded however long its life is.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "app/port/store.hpp"
#include "app/search/search_index.hpp"
#include "domain/desk/desk.hpp"
#include "domain/incident/entry.hpp"

namespace firstline::app {

inline constexpr std::size_t kDocumentWordsMax = 2'000;  // of public and of internal text each
inline constexpr std::size_t kDocumentTextsMax = 400;    // the newest texts of the timeline

// A text of the timeline and who may read it.
enum class TextReader : std::uint8_t {
    nobody,     // stands in the incident's row already, or is no text for people
    everybody,  // whoever sees the incident
    internal,
};
[[nodiscard]] TextReader reader_of_text(std::string_view kind, bool is_public, std::string_view field);

// Documents of these incidents as they stand in the reader's snapshot; one without lexemes where the incident is gone.
[[nodiscard]] Result<std::vector<SearchDocument>> load_documents(Reader& reader, const domain::Desk& desk,
                                                                 const std::vector<std::int64_t>& ids);

}  // namespace firstline::app
