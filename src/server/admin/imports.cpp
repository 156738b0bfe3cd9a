// import.users, import.incident_log: the server's process reads the file; problems come back by line.
#include <algorithm>
#include <map>

#include "app/directory/users/users.hpp"
#include "app/identity/authenticate.hpp"
#include "app/imports/import.hpp"
#include "app/jobs/leavers.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "intake/mapping/mapping_file.hpp"
#include "intake/table/csv.hpp"
#include "server/admin/table.hpp"

namespace firstline::server::admin {
namespace {

// What fits on one line of the socket however it is escaped: some ten thousands of rows.
constexpr std::size_t kProblemsMax = 100'000;
constexpr std::size_t kProblemBytesMax = 8 * 1024 * 1024;

struct Problems {
    json::array items;
    std::int64_t count = 0;
    std::size_t bytes = 0;
    void add(std::int64_t line, std::string_view column, std::string_view value, std::string_view reason) {
        ++count;
        bytes += column.size() + value.size() + reason.size();
        if (items.size() >= kProblemsMax || bytes > kProblemBytesMax) return;
        items.emplace_back(json::object{{"line", line},
                                        {"column", std::string(column)},
                                        {"value", std::string(value)},
                                        {"reason", std::string(reason)}});
    }
};

Result<std::unique_ptr<intake::table::Csv>> open_table(const std::string& path, char separator) {
    TRY(auto bytes, intake::table::open_file(path));
    intake::table::CsvOptions options;
    options.separator = separator;
    return intake::table::Csv::open(std::move(bytes), options);
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto cut = text.find_first_of(",;");
        const std::string_view word = trim(text.substr(0, cut));
        if (!word.empty()) out.emplace_back(word);
        text = cut == std::string_view::npos ? std::string_view{} : text.substr(cut + 1);
    }
    return out;
}

// "yes" of the languages that spreadsheets write it in is not guessed: true, yes, 1 and their opposites.
std::optional<bool> read_flag(std::string_view text) {
    const std::string word = fold(text);
    if (word == "true" || word == "yes" || word == "1") return true;
    if (word == "false" || word == "no" || word == "0") return false;
    return std::nullopt;
}

// One column of a file of people; a reason where the cell says nothing that fits.
using Take = std::string (*)(app::UserRow&, std::string_view);
template <std::optional<std::string> app::UserFields::* Member>
std::string take_text(app::UserRow& row, std::string_view cell) {
    row.fields.*Member = std::string(cell);
    return {};
}
std::string take_key(app::UserRow& row, std::string_view cell) {
    row.key = std::string(cell);
    return {};
}
template <std::optional<std::vector<std::string>> app::UserFields::* Member>
std::string take_words(app::UserRow& row, std::string_view cell) {
    if (!cell.empty()) row.fields.*Member = split(cell);
    return {};
}
std::string take_vip(app::UserRow& row, std::string_view cell) {
    if (!cell.empty()) row.fields.is_vip = read_flag(cell);
    return cell.empty() || row.fields.is_vip ? "" : "true or false is needed";
}
std::string take_active(app::UserRow& row, std::string_view cell) {
    if (!cell.empty()) row.is_active = read_flag(cell);
    return cell.empty() || row.is_active ? "" : "true or false is needed";
}

const std::map<std::string, Take, std::less<>>& user_columns() {
    using F = app::UserFields;
    static const std::map<std::string, Take, std::less<>> kColumns{{"key", &take_key},
                                                                   {"name", &take_text<&F::name>},
                                                                   {"email", &take_text<&F::email>},
                                                                   {"phone", &take_text<&F::phone>},
                                                                   {"language", &take_text<&F::language>},
                                                                   {"zone", &take_text<&F::zone>},
                                                                   {"organization", &take_text<&F::organization>},
                                                                   {"location", &take_text<&F::location>},
                                                                   {"department", &take_text<&F::department>},
                                                                   {"vip", &take_vip},
                                                                   {"roles", &take_words<&F::roles>},
                                                                   {"teams", &take_words<&F::teams>},
                                                                   {"active", &take_active}};
    return kColumns;
}

class UserImport {
public:
    explicit UserImport(Call& call) : call_(call) {}

    Result<json::object> run(const std::string& file) {
        TRY(const auto table, open_table(file, ','));
        CHECK_OK(find_columns(*table));
        app::imports::SourceRow row;
        for (;;) {
            TRY(const bool is_there, table->next(row));
            if (!is_there) break;
            ++rows_;
            take(row);
            if (pending_.size() >= app::kImportRowsMax) CHECK_OK(flush());
            call_.progress("Importing people", table->bytes_read(), table->bytes_total());
        }
        while (!pending_.empty()) CHECK_OK(flush());
        CHECK_OK(app::run_leavers(call_.node.tools()));
        return json::object{{"rows", rows_},
                            {"created", created_},
                            {"updated", updated_},
                            {"unchanged", unchanged_},
                            {"problems_count", problems_.count},
                            {"problems", std::move(problems_.items)}};
    }

private:
    Status find_columns(const intake::table::Csv& table) {
        std::string unknown;
        for (const std::string& name : table.columns()) {
            const auto found = user_columns().find(fold(trim(name)));
            if (found == user_columns().end()) unknown += (unknown.empty() ? "" : ", ") + name;
            columns_.push_back(found == user_columns().end() ? nullptr : found->second);
        }
        if (unknown.empty()) return {};
        return fail(
            ErrorKind::invalid, "import.column_unknown",
            "The file has columns that people do not have: " + unknown + "; firstline import users --help names them.");
    }

    void take(const app::imports::SourceRow& row) {
        if (!row.problem.empty()) {
            problems_.add(row.line, "", row.text, row.problem);
            return;
        }
        app::UserRow person;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const std::string_view cell = trim(row.cells[i]);
            const std::string reason = columns_[i](person, cell);
            if (reason.empty()) continue;
            problems_.add(row.line, user_column_name(i), cell.substr(0, 100), reason);
            return;
        }
        pending_.push_back(std::move(person));
        lines_.push_back(row.line);
    }

    [[nodiscard]] std::string_view user_column_name(std::size_t index) const {
        for (const auto& [name, take_cell] : user_columns()) {
            if (take_cell == columns_[index]) return name;
        }
        return {};
    }

    Status flush() {
        TRY(const auto done, run_change(call_.node, [&](app::Reader& reader) {
                return app::import_users(reader, call_.node.tools(), app::system_session("cli"), pending_);
            }));
        created_ += done.created;
        updated_ += done.updated;
        unchanged_ += done.unchanged;
        for (const app::UserRowProblem& problem : done.problems) {
            const auto& fields = problem.error.fields;
            const std::string pointer = fields.empty() ? std::string() : fields.front().pointer;
            problems_.add(lines_[problem.row], pointer.empty() ? pointer : pointer.substr(1), "",
                          fields.empty() ? problem.error.detail : fields.front().detail);
        }
        const auto taken = static_cast<std::ptrdiff_t>(done.rows);
        pending_.erase(pending_.begin(), pending_.begin() + taken);
        lines_.erase(lines_.begin(), lines_.begin() + taken);
        return {};
    }

    Call& call_;
    std::vector<Take> columns_;
    std::vector<app::UserRow> pending_;
    std::vector<std::int64_t> lines_;
    Problems problems_;
    std::size_t rows_ = 0, created_ = 0, updated_ = 0, unchanged_ = 0;
};

Result<app::imports::Mapping> choose_mapping(const std::string& path, const std::string& zone,
                                             const std::string& source) {
    app::imports::Mapping mapping;
    if (path.empty()) {
        TRY(mapping, intake::mapping::parse_mapping(intake::mapping::built_in_mapping()));
    } else {
        TRY(mapping, intake::mapping::load_mapping(path));
    }
    if (!zone.empty()) {
        if (!is_known_zone(zone)) {
            return fail(ErrorKind::invalid, "request.invalid",
                        "There is no time zone " + zone + "; write it as Europe/Stockholm.");
        }
        mapping.zone = zone;
    }
    if (!source.empty()) mapping.source = source;
    return mapping;
}

}  // namespace

Result<json::object> import_users(Call& call) {
    const std::string file = call.args.needed_text("file");
    CHECK_OK(call.args.check());
    return UserImport(call).run(file);
}

Result<json::object> import_incident_log(Call& call) {
    const std::string file = call.args.needed_text("file");
    const std::string mapping_file = call.args.text("mapping");
    const std::string zone = call.args.text("zone");
    const std::string source = call.args.text("source");
    CHECK_OK(call.args.check());
    TRY(const auto mapping, choose_mapping(mapping_file, zone, source));
    TRY(const auto table, open_table(file, mapping.separator));
    app::imports::ImportOptions options;
    options.problems_kept_max = 0;
    Problems problems;
    options.problem = [&](const app::imports::RowProblem& problem) {
        problems.add(problem.line, problem.column, problem.value, problem.reason);
    };
    options.progress = [&](const app::imports::Progress& at) {
        call.progress("Importing, " + std::to_string(at.rows) + " rows", at.bytes_read, at.bytes_total);
    };
    TRY(const auto report,
        app::imports::import_incident_log(call.node.tools(), app::system_session("import"), *table, mapping, options));
    return json::object{{"rows", report.rows},
                        {"rows_not_understood", report.rows_not_understood},
                        {"incidents", report.incidents_made},
                        {"incidents_known", report.incidents_there},
                        {"complete", report.is_complete},
                        {"problems_count", report.problems_count},
                        {"problems", std::move(problems.items)}};
}

}  // namespace firstline::server::admin
