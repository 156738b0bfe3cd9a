// The overview as JSON, its members in the contract's order.
#include <boost/json.hpp>

#include "app/reports/overview.hpp"

namespace firstline::app::reports {
namespace {

class Writer {
public:
    explicit Writer(bool is_indented) : is_indented_(is_indented) {}

    void open(std::string_view name = {}) {
        member(name);
        out_.push_back('{');
        ++depth_;
        is_first_ = true;
    }
    void close() {
        --depth_;
        if (!is_first_) line();
        out_.push_back('}');
        is_first_ = false;
    }
    void put(std::string_view name, std::int64_t number) {
        member(name);
        out_ += std::to_string(number);
    }
    void put(std::string_view name, const Decimal4& number) {
        member(name);
        out_ += to_text(number);
    }
    void put(std::string_view name, const Counts& counts) {
        open(name);
        for (const auto& [key, count] : counts) put(key, count);
        close();
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    void line() {
        if (!is_indented_) return;
        out_.push_back('\n');
        out_.append(depth_ * 2, ' ');
    }
    void member(std::string_view name) {
        if (!is_first_) out_.push_back(',');
        if (depth_ > 0) line();
        is_first_ = false;
        if (name.empty()) return;
        out_ += boost::json::serialize(boost::json::string_view(name.data(), name.size()));
        out_ += is_indented_ ? ": " : ":";
    }

    std::string out_;
    std::size_t depth_ = 0;
    bool is_first_ = true;
    const bool is_indented_;
};

void put_reassignments(Writer& out, const Reassignments& r) {
    out.open("reassignments");
    out.open("incidents_by_count");
    for (const auto& [count, incidents] : r.incidents_by_count) out.put(std::to_string(count), incidents);
    out.close();
    out.put("mean", r.mean);
    out.put("max", r.max);
    out.close();
}

void put_reopens(Writer& out, const Reopens& r) {
    out.open("reopens");
    out.put("incidents", r.incidents);
    out.put("share", r.share);
    out.put("sum", r.sum);
    out.close();
}

void put_hours(Writer& out, const HoursByPriority& hours) {
    out.open("hours_to_resolve");
    for (const auto& [name, one] : hours) {
        out.open(name);
        out.put("n", one.n);
        out.put("median", one.median);
        out.close();
    }
    out.close();
}

void put_recorded(Writer& out, const decltype(Overview::recorded)& r) {
    out.open("recorded");
    out.put("events", r.events);
    out.put("incidents", r.incidents);
    out.put("state", r.state);
    out.put("priority", r.priority);
    out.put("ever_in_state", r.ever_in_state);
    put_reassignments(out, r.figures.reassignments);
    put_reopens(out, r.figures.reopens);
    out.open("made_sla");
    out.put("true", r.made_sla_true);
    out.put("false", r.made_sla_false);
    out.put("share", r.made_sla_share);
    out.close();
    put_hours(out, r.figures.hours_to_resolve);
    out.put("contact_type", r.contact_type);
    out.put("channel", r.channel);
    out.open("problems");
    out.put("incidents", r.problems_incidents);
    out.put("distinct", r.problems_distinct);
    out.put("distinct_ever", r.problems_distinct_ever);
    out.close();
    out.close();
}

}  // namespace

std::string to_json(const Overview& overview, bool is_indented) {
    Writer out(is_indented);
    out.open();
    out.open("import");
    out.put("rows", overview.rows);
    out.put("rows_not_understood", overview.rows_not_understood);
    out.close();
    put_recorded(out, overview.recorded);
    out.open("derived");
    put_reassignments(out, overview.derived.reassignments);
    put_reopens(out, overview.derived.reopens);
    put_hours(out, overview.derived.hours_to_resolve);
    out.close();
    out.close();
    return out.take();
}

}  // namespace firstline::app::reports
