// Figures as JSON lines, and the CPU clock (/proc/PID/stat, proc(5)).
#include "program/figures.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace firstline::bench {
namespace {

struct ProcessStat {
    int parent = 0;
    double own = 0, of_the_dead = 0;  // seconds; of children that have been waited for
};

// Fields after the closing parenthesis of the name: state, ppid, …, utime (14), stime, cutime, cstime.
bool read_stat(int pid, ProcessStat& out) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    const auto end = text.rfind(')');
    if (end == std::string::npos) return false;
    std::istringstream fields(text.substr(end + 2));
    const std::vector<std::string> parts((std::istream_iterator<std::string>(fields)), {});
    if (parts.size() < 15) return false;
    const double tick = 1.0 / static_cast<double>(sysconf(_SC_CLK_TCK));
    out.parent = std::stoi(parts[1]);
    out.own = tick * (std::stod(parts[11]) + std::stod(parts[12]));
    out.of_the_dead = tick * (std::stod(parts[13]) + std::stod(parts[14]));
    return true;
}

double seconds_of_tree(int root) {
    ProcessStat stat;
    if (!read_stat(root, stat)) return 0;
    double total = stat.own + stat.of_the_dead;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        ProcessStat child;
        if (read_stat(std::stoi(name), child) && child.parent == root) total += child.own + child.of_the_dead;
    }
    return total;
}

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

void print_line(const boost::json::object& line) {
    std::puts(boost::json::serialize(line).c_str());
    std::fflush(stdout);
}

}  // namespace

void print(const Figure& figure) {
    boost::json::object line{{"letter", figure.letter},
                             {"what", figure.what},
                             {"unit", figure.unit},
                             {"value", figure.value},
                             {"operations", figure.operations}};
    if (figure.cpu_us >= 0) line["cpu_us"] = figure.cpu_us;
    print_line(line);
}

void print_note(std::string_view letter, std::string_view text) {
    print_line({{"letter", std::string(letter)}, {"note", std::string(text)}});
}

double percentile(std::vector<double>& values, double p) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const double place = p / 100 * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(place));
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (values[above] - values[below]) * (place - static_cast<double>(below));
}

void CpuClock::restart() {
    begun_ = now();
    wall_begun_ = std::chrono::steady_clock::now();
}

double CpuClock::now() const {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime) +
           (postmaster_ > 0 ? seconds_of_tree(postmaster_) : 0);
}

}  // namespace firstline::bench
