// BM25 for bounded candidates: FTS5's own counts every hit of every word first, which takes seconds for common ones (stack.md).
#pragma once

#include <sqlite3.h>

namespace firstline::storage::search {

// Registers firstline_rank(table, first, each, idf…) on the connection: the sum over the query's words of idf × BM25's share.
// `first`: phrases of the query before the words; `each`: phrases a word; one `idf` a word. SQLITE_OK or an error.
[[nodiscard]] int add_rank_function(sqlite3* db);

}  // namespace firstline::storage::search
