#include "load/generator.hpp"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace firstline::bench {
namespace {

constexpr int kEventsMax = 256;

std::chrono::nanoseconds from_seconds(double seconds) {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
}

double to_seconds(std::chrono::nanoseconds span) { return static_cast<double>(span.count()) / 1e9; }

double own_cpu_seconds() {
    rusage use{};
    ::getrusage(RUSAGE_SELF, &use);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(use.ru_utime) + seconds(use.ru_stime);
}

}  // namespace

Generator::Generator(const LoadOptions& options, RequestSource requests)
    : options_(options), requests_(std::move(requests)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}

Generator::~Generator() {
    if (epoll_ >= 0) ::close(epoll_);
}

void Generator::watch(Connection& connection, int operation) const {
    epoll_event event{};
    event.events = EPOLLIN | (connection.has_unsent() ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
    event.data.ptr = &connection;
    ::epoll_ctl(epoll_, operation, connection.socket(), &event);
}

Status Generator::open(Connection& connection) {
    CHECK_OK(connection.connect());
    watch(connection, EPOLL_CTL_ADD);
    idle_.push_back(&connection);
    return {};
}

Status Generator::run() {
    if (epoll_ < 0) {
        return fail(ErrorKind::unavailable, "load.connect", std::string("epoll: ") + std::strerror(errno));
    }
    for (std::size_t i = 0; i < options_.connections; ++i) {
        connections_.push_back(std::make_unique<Connection>(options_.port));
        CHECK_OK(open(*connections_.back()));
    }
    start_ = last_answer_ = Clock::now();
    end_ = start_ + from_seconds(options_.seconds);
    const auto give_up = end_ + from_seconds(options_.drain_seconds);
    for (;;) {
        const auto now = Clock::now();
        send_due(now);
        const bool all_sent = is_over(now) && (options_.rate == 0 || next_due() >= end_);
        if (all_sent && busy() == 0) break;
        if (now >= give_up || broken_ == connections_.size()) break;
        wait(now);
    }
    // What became due and was not even sent failed just as well.
    while (options_.rate > 0 && next_due() < end_) ++due_;
    report_.add_unanswered(busy() + (options_.rate > 0 ? due_ - sent_ : 0));
    return {};
}

Clock::time_point Generator::next_due() const {
    return start_ + from_seconds(static_cast<double>(due_) / options_.rate);
}

void Generator::send_due(Clock::time_point now) {
    if (options_.rate == 0) {
        for (auto count = idle_.size(); count > 0 && !is_over(now); --count) send(*idle_.front(), Clock::now());
        return;
    }
    while (!idle_.empty()) {
        const auto due = next_due();
        if (due > now || due >= end_) return;
        ++due_;
        send(*idle_.front(), due);
    }
}

void Generator::send(Connection& connection, Clock::time_point intended) {
    std::erase(idle_, &connection);
    ++sent_;
    if (!connection.send(requests_.next(), intended)) {
        report_.add_lost();
        lose(connection);
        return;
    }
    if (connection.has_unsent()) watch(connection, EPOLL_CTL_MOD);
}

// Until something can be read or the next request is due.
void Generator::wait(Clock::time_point now) {
    auto until = is_over(now) ? now + from_seconds(0.1) : end_;
    const bool waits_for_due = options_.rate > 0 && !idle_.empty() && next_due() < end_;
    if (waits_for_due) until = std::min(until, next_due());
    const auto span = std::max(until - now, std::chrono::nanoseconds(0));
    const timespec timeout{.tv_sec = span.count() / 1'000'000'000, .tv_nsec = span.count() % 1'000'000'000};
    std::array<epoll_event, kEventsMax> events;
    const int count = ::epoll_pwait2(epoll_, events.data(), kEventsMax, &timeout, nullptr);
    if (waits_for_due && Clock::now() > next_due()) report_.add_delay(Clock::now() - next_due());
    for (int i = 0; i < count; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        on_event(*static_cast<Connection*>(event.data.ptr), event.events);
    }
}

void Generator::on_event(Connection& connection, std::uint32_t events) {
    const bool was_busy = connection.is_busy();
    const bool had_unsent = connection.has_unsent();
    switch (connection.on_ready((events & EPOLLOUT) != 0)) {
        case Connection::Outcome::more:
            if (had_unsent && !connection.has_unsent()) watch(connection, EPOLL_CTL_MOD);
            return;
        case Connection::Outcome::lost:
            if (was_busy) report_.add_lost();
            lose(connection);
            return;
        case Connection::Outcome::answered: break;
    }
    last_answer_ = Clock::now();
    const unsigned status = connection.status();
    const bool is_expected = options_.expected_status == 0 ? status / 100 == 2 : status == options_.expected_status;
    report_.add_answer(last_answer_ - connection.intended(), status, is_expected);
    if (connection.closes()) {
        lose(connection);
    } else {
        idle_.push_back(&connection);
    }
}

void Generator::lose(Connection& connection) {
    std::erase(idle_, &connection);
    connection.close();
    if (!open(connection)) ++broken_;
}

std::string Generator::result_json() { return report_.json(to_seconds(last_answer_ - start_), own_cpu_seconds()); }

}  // namespace firstline::bench
