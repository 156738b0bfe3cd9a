#include "app/imports/import.hpp"

#include <algorithm>
#include <chrono>
#include <unordered_set>

#include "app/imports/flight.hpp"
#include "app/imports/history.hpp"
#include "app/imports/recorded.hpp"
#include "app/incidents/workspace.hpp"
#include "base/text.hpp"

namespace firstline::app::imports {
namespace {

using namespace domain;
using SteadyClock = std::chrono::steady_clock;

// How much is read before names are looked up and decided on.
constexpr std::size_t kChunkIncidents = 1'024;
constexpr std::size_t kChunkRows = 8'192;
constexpr std::size_t kChunkBytes = 32 * 1024 * 1024;
constexpr std::size_t kRowsOfOneMax = 10'000;  // rows of one incident
constexpr std::size_t kBytesOfOneMax = kChunkBytes;
constexpr std::size_t kRefCharactersMax = 200;
constexpr std::chrono::milliseconds kProgressEvery{200};

class Importer {
public:
    Importer(Toolbox& tools, const Session& session, RowSource& source, RowReader reader, const ImportOptions& options)
        : tools_(tools),
          source_(source),
          reader_(std::move(reader)),
          options_(options),
          names_(tools, session),
          flight_(tools.store, options.in_flight_max) {}

    Result<ImportReport> run() {
        SourceRow row;
        for (;;) {
            if (options_.is_stopped()) break;
            TRY(const bool is_row, source_.next(row));
            if (!is_row) {
                report_.is_complete = true;
                break;
            }
            take(row);
            if (chunk_.size() >= kChunkIncidents || chunk_rows_ >= kChunkRows) CHECK_OK(finish_chunk());
            // Rows as long as these do not wait by the hundred with the store's queue.
            if (chunk_bytes_ >= kChunkBytes) {
                CHECK_OK(finish_chunk());
                CHECK_OK(decide_returned());
            }
        }
        if (report_.is_complete) close_incident();
        CHECK_OK(finish_chunk());
        CHECK_OK(decide_returned());
        if (report_.is_complete) CHECK_OK(store_strays());
        report_.incidents_made = flight_.committed();
        report_.incidents_there += flight_.already_there();
        report_.seconds = seconds_since_start();
        tell_progress();
        return std::move(report_);
    }

private:
    [[nodiscard]] double seconds_since_start() const {
        return std::chrono::duration<double>(SteadyClock::now() - started_).count();
    }

    void take(const SourceRow& row) {
        ++report_.rows;
        if (!row.problem.empty()) return stray({row.line, "", row.text, row.problem});
        const std::string ref = reader_.external_ref(row);
        const std::string& column = reader_.mapping().column(Use::number);
        if (ref.empty()) return stray({row.line, column, "", "The row names no incident."});
        if (count_characters(ref) > kRefCharactersMax)
            return stray({row.line, column, shown_value(ref), "An incident's number has at most 200 characters."});
        if (!open_ || open_->external_ref != ref || reader_.mapping().shape == Shape::incidents) {
            close_incident();
            if (!seen_.insert(std::hash<std::string>{}(ref)).second) {
                return stray({row.line, column, ref,
                              reader_.mapping().shape == Shape::incidents
                                  ? "This is a second row of this incident; the first was taken."
                                  : "The rows of this incident do not follow one another; those before were taken."});
            }
            open_ = std::make_shared<IncidentRows>();
            open_->external_ref = ref;
            open_bytes_ = 0;
        }
        if (open_->rows.size() >= kRowsOfOneMax || open_bytes_ >= kBytesOfOneMax)
            return stray({row.line, column, ref, "One incident has at most 10,000 rows and 32 MiB."});
        open_->rows.push_back(reader_.read(row));
        const std::size_t bytes = open_->rows.back().cells.bytes();
        ++chunk_rows_;
        chunk_bytes_ += bytes;
        open_bytes_ += bytes;
    }

    // A row that becomes no part of any incident.
    void stray(RowProblem problem) {
        ++stray_rows_;
        ++report_.rows_not_understood;
        add_problem(std::move(problem));
    }

    void add_problem(RowProblem problem) {
        options_.problem(problem);
        ++report_.problems_count;
        if (report_.problems.size() < options_.problems_kept_max) report_.problems.push_back(std::move(problem));
    }

    void close_incident() {
        if (!open_) return;
        for (Snapshot& row : open_->rows) {
            for (const RowProblem& problem : row.problems) add_problem(problem);
        }
        if (!opened_at_of(*open_)) {
            leave_out(Use::opened_at, "No row says when this incident was opened.");
        } else if (runs_back(*open_)) {
            leave_out(Use::updated_at, "The rows of this incident run back in time: the oldest must come first.");
        } else {
            for (const Snapshot& row : open_->rows) report_.rows_not_understood += row.problems.empty() ? 0 : 1;
            chunk_.push_back(std::move(open_));
        }
        open_.reset();
    }

    void leave_out(Use use, const std::string& reason) {
        for (const Snapshot& row : open_->rows) stray({row.line, reader_.mapping().column(use), "", reason});
    }

    // A table that begins with the newest row would tell every story from its end. One row too early is no such table.
    [[nodiscard]] static bool runs_back(const IncidentRows& incident) {
        std::optional<Instant> first, last;
        for (const Snapshot& row : incident.rows) {
            if (!row.at) continue;
            if (!first) first = row.at;
            last = row.at;
        }
        return first && *last < *first;
    }

    Status finish_chunk() {
        std::vector<IncidentRowsPtr> fresh;
        CHECK_OK(leave_out_known(fresh));
        CHECK_OK(names_.prepare(fresh, [&] { return decide_returned(); }));
        for (const auto& rows : fresh) {
            TRY(const auto id, tools_.store.next_id(IdKind::incident));
            CHECK_OK(decide({rows, IncidentId{id}}, true));
        }
        chunk_.clear();
        chunk_rows_ = 0;
        chunk_bytes_ = 0;
        if (SteadyClock::now() - told_ >= kProgressEvery) tell_progress();
        return {};
    }

    // What an earlier run has committed is there.
    Status leave_out_known(std::vector<IncidentRowsPtr>& fresh) {
        if (chunk_.empty()) return {};
        TextList refs;
        for (const auto& incident : chunk_) refs.items.push_back(incident->external_ref);
        std::unordered_set<std::string> known;
        CHECK_OK(tools_.store.read([&](Reader& reader) {
            return reader.query("import.known_refs", {reader_.mapping().source, std::move(refs)}, [&](const Row& row) {
                known.emplace(row.text(0));
                return true;
            });
        }));
        for (auto& incident : chunk_) {
            if (known.contains(incident->external_ref)) {
                ++report_.incidents_there;
            } else {
                fresh.push_back(std::move(incident));
            }
        }
        return {};
    }

    Status decide(const Passenger& passenger, bool is_first_time) {
        const IncidentRows& rows = *passenger.rows;
        TRY(const History history,
            tell_history(names_.desk(), names_, reader_, rows, passenger.id, tools_.clock.now()));
        const Recorded recorded = recorded_of(rows, history);
        if (is_first_time) {
            std::int64_t understood_in_part = 0;
            for (const Snapshot& row : rows.rows) understood_in_part += row.problems.empty() ? 0 : 1;
            report_.rows_not_understood += recorded.rows_not_understood - understood_in_part;
            for (const RowProblem& problem : history.problems) add_problem(problem);
        }
        ChangeBuilder builder(names_.desk(), "import");
        builder.add_new(history.unit, {});
        builder.write(
            {"origin.insert",
             {reader_.mapping().source, rows.external_ref, passenger.id.value, to_json(recorded, rows, reader_)},
             OnConflict::exists});
        auto change = builder.take();
        return flight_.submit(std::move(*change), passenger);
    }

    // Waits for what is under way and decides anew what a change of configuration has sent back.
    Status decide_returned() {
        CHECK_OK(flight_.drain());
        for (auto returned = flight_.take_returned(); !returned.empty(); returned = flight_.take_returned()) {
            CHECK_OK(names_.refresh());
            for (const Passenger& passenger : returned) CHECK_OK(decide(passenger, false));
            CHECK_OK(flight_.drain());
        }
        return {};
    }

    // Rows of no incident have no other place that remembers them; the same file gives the same numbers again.
    Status store_strays() {
        return tools_.store.write_alone([&](Writer& writer) -> Status {
            TRY(const auto touched,
                writer.execute({"import_run.put",
                                {reader_.mapping().source, stray_rows_, stray_rows_, tools_.clock.now().us},
                                OnConflict::exists}));
            static_cast<void>(touched);
            return {};
        });
    }

    void tell_progress() {
        told_ = SteadyClock::now();
        const double seconds = seconds_since_start();
        options_.progress({report_.rows, flight_.committed() + report_.incidents_there, report_.rows_not_understood,
                           source_.bytes_read(), source_.bytes_total(),
                           seconds > 0 ? static_cast<double>(report_.rows) / seconds : 0});
    }

    Toolbox& tools_;
    RowSource& source_;
    RowReader reader_;
    const ImportOptions& options_;
    Names names_;
    Flight flight_;
    ImportReport report_;
    std::shared_ptr<IncidentRows> open_;  // whose rows are being read
    std::vector<IncidentRowsPtr> chunk_;
    std::size_t chunk_rows_ = 0, chunk_bytes_ = 0, open_bytes_ = 0;
    std::unordered_set<std::size_t> seen_;  // hashes of the references so far
    std::int64_t stray_rows_ = 0;
    const SteadyClock::time_point started_ = SteadyClock::now();
    SteadyClock::time_point told_ = started_;
};

}  // namespace

Result<ImportReport> import_incident_log(Toolbox& tools, const Session& session, RowSource& source,
                                         const Mapping& mapping, const ImportOptions& options) {
    CHECK_OK(need(session, Permission::import));
    TRY(RowReader reader, RowReader::bind(mapping, source.columns(), tools.clock.now()));
    Importer importer(tools, session, source, std::move(reader), options);
    return importer.run();
}

}  // namespace firstline::app::imports
