#include "app/feed/stream.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "app/feed/changed_fields.hpp"
#include "app/incidents/workspace.hpp"

namespace firstline::app {

using namespace domain;

struct StreamHub::Subscriber {
    std::uint64_t id = 0;
    StreamSubscription with;
    std::mutex mutex;      // held around `send` and `ended`
    bool is_over = false;  // under `mutex`

    // The hub's thread alone.
    std::optional<std::vector<std::string>> terms;
    std::string epoch;
    std::int64_t config_version = -1;
    std::int64_t pos = 0, told_pos = -1;
    std::int64_t refreshed_at_pos = 0;  // entries about the person up to here are known
    Time refreshed_at{}, told_at{}, next_try{};
    bool has_begun = false, needs_refresh = false, needs_reset = false;

    // False: the client is too slow; what comes next is a reset.
    bool send(std::int64_t at, std::string_view event, std::string_view data) {
        const std::lock_guard lock(mutex);
        if (is_over) return true;
        if (!with.send(epoch + "." + std::to_string(at), event, data)) return false;
        told_pos = at;
        return true;
    }
};

// Entries that a group of subscribers is to get, with what is needed to decide on them.
struct StreamHub::Slice {
    std::vector<FeedEntryPtr> entries;
    std::vector<std::optional<ChangedFields>> fields;
    std::vector<std::optional<std::int64_t>> public_versions;
    std::vector<IncidentSight> sights;
};

namespace {

std::string event_data(std::string_view kind, const FeedEntry& entry, std::int64_t version,
                       const std::vector<std::string_view>& changed) {
    std::string out = "{\"kind\":\"" + std::string(kind) + "\",\"number\":\"" +
                      to_number(IncidentId{entry.subject_id}) + "\",\"version\":" + std::to_string(version) +
                      ",\"changed\":[";
    for (const std::string_view name : changed) {
        if (out.back() != '[') out.push_back(',');
        out.push_back('"');
        out += name;
        out.push_back('"');
    }
    return out + "]}";
}

// "epoch.pos".
std::optional<std::int64_t> position_in(std::string_view id, std::string_view epoch) {
    if (id.size() <= epoch.size() + 1 || !id.starts_with(epoch) || id[epoch.size()] != '.') return std::nullopt;
    id.remove_prefix(epoch.size() + 1);
    std::int64_t pos = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), pos);
    if (error != std::errc{} || end != id.data() + id.size() || pos < 0) return std::nullopt;
    return pos;
}

// Entries after which somebody's rights may be others though the configuration is the same.
bool may_concern_rights(const FeedEntry& entry, UserId user) {
    const bool is_own = entry.subject == "user" || entry.subject == "session";
    return (is_own && entry.subject_id == user.value) || entry.subject == "token";
}

}  // namespace

StreamHub::StreamHub(Store& store, Feed& feed, DeskCache& desks, const Clock& clock, Options options)
    : store_(store), feed_(feed), desks_(desks), clock_(clock), options_(options) {}

void StreamHub::start() {
    listener_ = feed_.add_listener([this] {
        const std::lock_guard lock(mutex_);
        has_news_ = true;
        wake_.notify_one();
    });
    thread_ = std::thread([this] { run(); });
}

void StreamHub::stop() {
    if (listener_ != 0) feed_.remove_listener(listener_);
    listener_ = 0;
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

std::uint64_t StreamHub::subscribe(StreamSubscription subscription) {
    auto subscriber = std::make_shared<Subscriber>();
    subscriber->with = std::move(subscription);
    const std::lock_guard lock(mutex_);
    subscriber->id = next_id_++;
    subscribers_.emplace(subscriber->id, subscriber);
    has_news_ = true;
    wake_.notify_one();
    return subscriber->id;
}

void StreamHub::unsubscribe(std::uint64_t id) {
    SubscriberPtr subscriber;
    {
        const std::lock_guard lock(mutex_);
        const auto place = subscribers_.find(id);
        if (place == subscribers_.end()) return;
        subscriber = std::move(place->second);
        subscribers_.erase(place);
    }
    const std::lock_guard lock(subscriber->mutex);
    subscriber->is_over = true;
}

std::size_t StreamHub::subscribers() const {
    const std::lock_guard lock(mutex_);
    return subscribers_.size();
}

std::vector<StreamHub::SubscriberPtr> StreamHub::current() const {
    const std::lock_guard lock(mutex_);
    std::vector<SubscriberPtr> out;
    out.reserve(subscribers_.size());
    for (const auto& [id, subscriber] : subscribers_) out.push_back(subscriber);
    return out;
}

void StreamHub::run() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        has_news_ = false;
        lock.unlock();
        const auto is_behind = step();
        lock.lock();
        if (is_behind && *is_behind) continue;
        wake_.wait_for(lock, options_.retry_every, [&] { return is_stopping_ || (is_behind && has_news_); });
    }
}

Result<bool> StreamHub::step() {
    const auto all = current();
    if (all.empty()) return false;
    const Time now = std::chrono::steady_clock::now();
    head_at_step_ = feed_.head();
    CHECK_OK(store_.read([&](Reader& reader) -> Status {
        TRY(const DeskPtr desk, desks_.current(reader));
        return prepare(reader, *desk, all, now);
    }));
    std::map<std::int64_t, std::vector<SubscriberPtr>> groups;
    for (const auto& subscriber : all) {
        if (subscriber->needs_reset) {
            if (now >= subscriber->next_try) send_reset(*subscriber, now);
        } else if (subscriber->has_begun && subscriber->pos < feed_.head()) {
            groups[subscriber->pos].push_back(subscriber);
        }
        if (subscriber->has_begun && !subscriber->needs_reset) tell_position(*subscriber, now);
    }
    bool is_behind = false;
    for (const auto& [pos, group] : groups) {
        TRY(const bool has_more, serve(group, pos));
        is_behind = is_behind || has_more;
    }
    return is_behind;
}

Status StreamHub::prepare(Reader& reader, const Desk& desk, const std::vector<SubscriberPtr>& all, Time now) {
    for (const auto& subscriber : all) {
        Subscriber& one = *subscriber;
        const auto age_max = one.pos < head_at_step_ ? options_.refresh_at_sending : options_.refresh_every;
        const bool is_known = one.config_version == desk.config_version && one.epoch == desk.epoch &&
                              !one.needs_refresh && now - one.refreshed_at < age_max;
        if (!is_known) {
            CHECK_OK(refresh(reader, desk, one, now));
            if (one.config_version < 0) {
                end(subscriber);
                continue;
            }
        }
        if (!one.has_begun) CHECK_OK(begin(reader, desk, one));
    }
    return {};
}

// `config_version` is negative afterwards where the subscriber's rights have ended.
Status StreamHub::refresh(Reader& reader, const Desk& desk, Subscriber& subscriber, Time now) {
    TRY(auto session, subscriber.with.refresh(reader));
    if (!session) {
        subscriber.config_version = -1;
        return {};
    }
    auto terms = terms_of(session->caller);
    const bool is_other = terms != subscriber.terms || session->caller.roles != subscriber.with.session.caller.roles ||
                          session->user() != subscriber.with.session.user();
    // Other rights: what was seen before may be more or less than what is seen now.
    if (subscriber.has_begun && (is_other || desk.epoch != subscriber.epoch)) subscriber.needs_reset = true;
    subscriber.terms = std::move(terms);
    subscriber.with.session = std::move(*session);
    subscriber.epoch = desk.epoch;
    subscriber.config_version = desk.config_version;
    subscriber.refreshed_at = now;
    subscriber.refreshed_at_pos = head_at_step_;
    subscriber.needs_refresh = false;
    return {};
}

Status StreamHub::begin(Reader& reader, const Desk& desk, Subscriber& subscriber) {
    if (subscriber.with.last_event_id.empty()) {
        TRY(subscriber.pos, read_feed_head(reader));
        subscriber.has_begun = true;
        return {};
    }
    const auto pos = position_in(subscriber.with.last_event_id, desk.epoch);
    bool is_resumed = false;
    if (pos) {
        TRY(is_resumed, can_resume(reader, *pos));
    }
    subscriber.needs_reset = !is_resumed;
    subscriber.pos = is_resumed ? *pos : 0;
    subscriber.has_begun = true;
    return {};
}

Result<bool> StreamHub::can_resume(Reader& reader, std::int64_t pos) const {
    TRY(const std::int64_t head, read_feed_head(reader));
    if (pos > head) return false;
    std::int64_t behind = 0;
    Instant written = clock_.now();
    CHECK_OK(reader.query("feed.count_after", {pos, options_.behind_max + 1}, [&](const Row& row) {
        behind = row.integer(0);
        return false;
    }));
    CHECK_OK(reader.query("feed.written_after", {pos}, [&](const Row& row) {
        written = row.instant(0);
        return false;
    }));
    return behind <= options_.behind_max && clock_.now() - written <= options_.age_max;
}

Result<bool> StreamHub::serve(const std::vector<SubscriberPtr>& group, std::int64_t pos) {
    Slice slice;
    TRY(slice.entries, feed_.after(pos, options_.slice));
    if (slice.entries.empty()) return false;
    slice.fields.resize(slice.entries.size());
    slice.public_versions.resize(slice.entries.size());
    std::vector<std::int64_t> wanted;
    for (const auto& entry : slice.entries) {
        const bool is_wanted =
            entry->is_incident() && std::any_of(group.begin(), group.end(), [&](const SubscriberPtr& one) {
                return has_common_term(one->terms, entry->scope_before) ||
                       has_common_term(one->terms, entry->scope_after);
            });
        if (is_wanted) wanted.push_back(entry->subject_id);
    }
    const std::int64_t last = slice.entries.back()->pos;
    const bool is_far_behind = feed_.head() - last > options_.behind_max;
    CHECK_OK(store_.read([&](Reader& reader) -> Status {
        TRY(const DeskPtr desk, desks_.current(reader));
        TRY(slice.sights, load_sights(reader, std::move(wanted)));
        for (const auto& subscriber : group) {
            // Rights that changed meanwhile are asked for anew first; the slice comes again.
            if (subscriber->config_version != desk->config_version || subscriber->epoch != desk->epoch) continue;
            if (is_far_behind) {
                TRY(const bool is_resumed, can_resume(reader, last));
                subscriber->needs_reset = !is_resumed;
            }
            if (!subscriber->needs_reset) CHECK_OK(deliver(reader, slice, *subscriber));
        }
        return {};
    }));
    return last < feed_.head();
}

Status StreamHub::deliver(Reader& reader, Slice& slice, Subscriber& subscriber) {
    const UserId user = subscriber.with.session.user();
    for (const auto& entry : slice.entries) {
        if (entry->pos <= subscriber.refreshed_at_pos || !may_concern_rights(*entry, user)) continue;
        subscriber.needs_refresh = true;
        return {};
    }
    for (std::size_t i = 0; i < slice.entries.size() && !subscriber.needs_reset; ++i) {
        if (slice.entries[i]->is_incident()) CHECK_OK(deliver(reader, slice, subscriber, i));
    }
    subscriber.pos = slice.entries.back()->pos;
    return {};
}

Status StreamHub::deliver(Reader& reader, Slice& slice, Subscriber& subscriber, std::size_t index) {
    const FeedEntry& entry = *slice.entries[index];
    const bool was_in_scope = has_common_term(subscriber.terms, entry.scope_before);
    const bool is_in_scope = has_common_term(subscriber.terms, entry.scope_after);
    if (!was_in_scope && !is_in_scope) return {};
    const Caller& caller = subscriber.with.session.caller;
    const IncidentSight* stored = find_sight(slice.sights, entry.subject_id);
    const auto send = [&](std::string_view event, const std::string& data) {
        if (!subscriber.send(entry.pos, event, data)) subscriber.needs_reset = true;
    };
    if (stored == nullptr || !domain::may(caller, Permission::incident_see, stored->of(caller))) {
        if (was_in_scope && !is_in_scope) {
            send("gone", "{\"kind\":\"gone\",\"number\":\"" + to_number(IncidentId{entry.subject_id}) + "\"}");
        }
        return {};
    }
    const bool is_internal = sees_as_agent(caller, stored->of(caller));
    if (!is_internal && !entry.is_public) return {};
    if (!slice.fields[index]) slice.fields[index] = changed_fields(entry);
    const std::string_view kind = entry.seq == 1 ? "logged" : "changed";
    if (is_internal) {
        send(kind, event_data(kind, entry, entry.seq, slice.fields[index]->for_agents));
        return {};
    }
    if (!slice.public_versions[index]) {
        CHECK_OK(reader.query("feed.public_version", {entry.subject_id, entry.seq}, [&](const Row& row) {
            slice.public_versions[index] = row.integer(0);
            return false;
        }));
    }
    send(kind, event_data(kind, entry, slice.public_versions[index].value_or(0), slice.fields[index]->for_requesters));
    return {};
}

void StreamHub::send_reset(Subscriber& subscriber, Time now) {
    const std::int64_t head = feed_.head();
    if (!subscriber.send(head, "reset", "{\"kind\":\"reset\"}")) {
        subscriber.next_try = now + options_.retry_every;
        return;
    }
    subscriber.needs_reset = false;
    subscriber.pos = head;
    subscriber.told_at = now;
    subscriber.next_try = now + options_.reset_every;
}

// So that a client for whom nothing happened does not come back thousands of entries behind.
void StreamHub::tell_position(Subscriber& subscriber, Time now) {
    const bool is_due = subscriber.told_pos < 0 || now - subscriber.told_at >= options_.position_every;
    if (!is_due || subscriber.told_pos == subscriber.pos) return;
    subscriber.told_at = now;
    static_cast<void>(subscriber.send(subscriber.pos, {}, {}));
}

void StreamHub::end(const SubscriberPtr& subscriber) {
    {
        const std::lock_guard lock(mutex_);
        if (subscribers_.erase(subscriber->id) == 0) return;
    }
    const std::lock_guard lock(subscriber->mutex);
    if (subscriber->is_over) return;
    subscriber->is_over = true;
    subscriber->with.ended();
}

}  // namespace firstline::app
