// Live changes (storage.md §5 "SSE", api.md §4): what each subscriber may know of the feed, as events without a transport.
//
// An event's id is `epoch.pos`; its data is {"kind", "number", "version", "changed"}, never a text. A subscriber gets an
// entry if its scope matches the incident before or after it; rights are those of the moment of sending, also for what is
// sent again after a gap.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "app/core/clock.hpp"
#include "app/core/desk_cache.hpp"
#include "app/core/session.hpp"
#include "app/feed/feed.hpp"
#include "app/feed/scope.hpp"

namespace firstline::app {

// What a subscriber brings. The callbacks run on the hub's thread and must be quick.
struct StreamSubscription {
    Session session;
    std::string last_event_id;  // what the client saw last; "" = from now on
    // False: too much is unsent, the event was not taken. `event` and `data` are empty where only the position moves on.
    std::function<bool(std::string_view id, std::string_view event, std::string_view data)> send;
    // Who the subscriber is now; nobody: their sign-in or token has ended. Asked when the configuration or the person
    // changed, and every so often. May still run once after `unsubscribe`.
    std::function<Result<std::optional<Session>>(Reader&)> refresh;
    // The subscription is over: rights have ended. Not called after `unsubscribe` or `stop`.
    std::function<void()> ended;
};

class StreamHub {
public:
    struct Options {
        std::int64_t behind_max = 5'000;                  // entries; further back there is one `reset`
        Duration age_max = days(7);                       // desk time
        std::size_t slice = 500;                          // entries a step; every subscriber gets a turn
        std::chrono::milliseconds refresh_every{15'000};  // where there is nothing to send
        std::chrono::milliseconds refresh_at_sending{
            1'000};                                        // older knowledge of rights is asked for anew before sending
        std::chrono::milliseconds position_every{15'000};  // tells the position where nothing else did
        std::chrono::milliseconds retry_every{250};        // to a client that is too slow
        std::chrono::milliseconds reset_every{2'000};      // between two resets of one subscriber
    };
    StreamHub(Store& store, Feed& feed, DeskCache& desks, const Clock& clock)
        : StreamHub(store, feed, desks, clock, Options{}) {}
    StreamHub(Store& store, Feed& feed, DeskCache& desks, const Clock& clock, Options options);
    ~StreamHub() { stop(); }
    StreamHub(const StreamHub&) = delete;
    StreamHub& operator=(const StreamHub&) = delete;

    void start();
    void stop();

    // Any thread. The number of the subscription.
    std::uint64_t subscribe(StreamSubscription subscription);
    // Any thread, but not from a callback. Neither `send` nor `ended` is called any more.
    void unsubscribe(std::uint64_t id);
    [[nodiscard]] std::size_t subscribers() const;

private:
    struct Subscriber;
    using SubscriberPtr = std::shared_ptr<Subscriber>;
    struct Slice;
    using Time = std::chrono::steady_clock::time_point;

    void run();
    // True where somebody is still behind.
    Result<bool> step();
    [[nodiscard]] std::vector<SubscriberPtr> current() const;
    Status prepare(Reader& reader, const domain::Desk& desk, const std::vector<SubscriberPtr>& all, Time now);
    Status begin(Reader& reader, const domain::Desk& desk, Subscriber& subscriber);
    Result<bool> can_resume(Reader& reader, std::int64_t pos) const;
    Status refresh(Reader& reader, const domain::Desk& desk, Subscriber& subscriber, Time now);
    // Subscribers who stand at the same position share the reading.
    Result<bool> serve(const std::vector<SubscriberPtr>& group, std::int64_t pos);
    Status deliver(Reader& reader, Slice& slice, Subscriber& subscriber);
    Status deliver(Reader& reader, Slice& slice, Subscriber& subscriber, std::size_t index);
    void send_reset(Subscriber& subscriber, Time now);
    void tell_position(Subscriber& subscriber, Time now);
    void end(const SubscriberPtr& subscriber);

    Store& store_;
    Feed& feed_;
    DeskCache& desks_;
    const Clock& clock_;
    const Options options_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::map<std::uint64_t, SubscriberPtr> subscribers_;
    std::uint64_t next_id_ = 1;
    bool is_stopping_ = false;
    bool has_news_ = false;
    int listener_ = 0;
    std::int64_t head_at_step_ = 0;  // the hub's thread: read before the snapshot that rights are asked in
    std::thread thread_;
};

}  // namespace firstline::app
