#include "storage/search/fts5_rank.hpp"

#include <vector>

namespace firstline::storage::search {
namespace {

constexpr double kSaturation = 1.2;  // BM25's k1
constexpr double kLength = 0.75;     // BM25's b

fts5_api* api_of(sqlite3* db) {
    fts5_api* api = nullptr;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
        static_cast<void>(sqlite3_step(statement));
    }
    sqlite3_finalize(statement);
    return api;
}

double average_length(const Fts5ExtensionApi* api, Fts5Context* row) {
    sqlite3_int64 tokens = 0;
    sqlite3_int64 rows = 0;
    if (api->xColumnTotalSize(row, -1, &tokens) != SQLITE_OK || api->xRowCount(row, &rows) != SQLITE_OK || rows < 1)
        return 1;
    return static_cast<double>(tokens) / static_cast<double>(rows);
}

void rank(const Fts5ExtensionApi* api, Fts5Context* row, sqlite3_context* out, int count, sqlite3_value** values) {
    if (count < 3) return sqlite3_result_error(out, "firstline_rank takes first, each and one idf a word", -1);
    const int first = sqlite3_value_int(values[0]);
    const int each = sqlite3_value_int(values[1]);
    std::vector<double> times(static_cast<std::size_t>(count - 2), 0.0);
    int instances = 0;
    int code = api->xInstCount(row, &instances);
    for (int i = 0; i < instances && code == SQLITE_OK; ++i) {
        int phrase = 0, column = 0, offset = 0;
        code = api->xInst(row, i, &phrase, &column, &offset);
        const int word = phrase < first ? -1 : (phrase - first) / each;
        if (word >= 0 && word < count - 2) times[static_cast<std::size_t>(word)] += 1;
    }
    int length = 0;
    if (code == SQLITE_OK) code = api->xColumnSize(row, -1, &length);
    if (code != SQLITE_OK) return sqlite3_result_error_code(out, code);
    const double norm = kSaturation * (1 - kLength + kLength * length / average_length(api, row));
    double score = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
        score += sqlite3_value_double(values[i + 2]) * times[i] * (kSaturation + 1) / (times[i] + norm);
    }
    sqlite3_result_double(out, score);
}

}  // namespace

int add_rank_function(sqlite3* db) {
    fts5_api* api = api_of(db);
    if (api == nullptr) return SQLITE_ERROR;
    return api->xCreateFunction(api, "firstline_rank", nullptr, &rank, nullptr);
}

}  // namespace firstline::storage::search
