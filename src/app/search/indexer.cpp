#include "app/search/indexer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "app/search/document.hpp"

namespace firstline::app {

using namespace domain;

namespace {

constexpr std::int64_t kBuildSlice = 500;    // incidents a read
constexpr std::int64_t kStretch = 20'000;    // numbers a look for an organization's incidents
constexpr std::int64_t kDocumentsMax = 300;  // a write

Result<std::string> epoch_of(Reader& reader) {
    std::string epoch;
    CHECK_OK(reader.query("store.desk", {}, [&](const Row& row) {
        epoch = row.text(1);
        return false;
    }));
    return epoch;
}

// Entries that bring no text and move nobody's sight leave the document as it is.
bool changes_document(const FeedEntry& entry) {
    return entry.scope_before != entry.scope_after || entry.data.find("\"texts\":") != std::string::npos;
}

// Whether its incidents are shared is part of each of their documents.
bool changes_sharing(const FeedEntry& entry) {
    return entry.subject == "organization" && (entry.kind != "create" || entry.seq > 1);
}

// Documents of one read; a desk of giants gets smaller slices.
Result<std::vector<SearchDocument>> read_documents(Store& store, DeskCache& desks,
                                                   const std::vector<std::int64_t>& ids) {
    std::vector<SearchDocument> out;
    const Status status = store.read([&](Reader& reader) -> Status {
        TRY(const DeskPtr desk, desks.current(reader));
        TRY(out, load_documents(reader, *desk, ids));
        return {};
    });
    if (status) return out;
    if (status.error().code != "storage.too_slow" || ids.size() < 2) return fail(status.error());
    const auto middle = ids.begin() + static_cast<std::ptrdiff_t>(ids.size() / 2);
    TRY(out, read_documents(store, desks, {ids.begin(), middle}));
    TRY(auto rest, read_documents(store, desks, {middle, ids.end()}));
    std::move(rest.begin(), rest.end(), std::back_inserter(out));
    return out;
}

}  // namespace

Result<std::int64_t> reindex(Store& store, DeskCache& desks, SearchIndex& index,
                             const std::function<bool(const ReindexProgress&)>& progress) {
    IndexPlace place;
    ReindexProgress so_far;
    // What is written from here on comes again with the feed.
    CHECK_OK(store.read([&](Reader& reader) -> Status {
        TRY(place.epoch, epoch_of(reader));
        TRY(place.pos, read_feed_head(reader));
        return reader.query("search.last_number", {}, [&](const Row& row) {
            so_far.newest_number = row.integer(0);
            return false;
        });
    }));
    TRY(const auto build, index.begin_build());
    for (;;) {
        std::vector<std::int64_t> ids;
        CHECK_OK(store.read([&](Reader& reader) {
            return reader.query("search.numbers_after", {so_far.last_number, kBuildSlice}, [&](const Row& row) {
                ids.push_back(row.integer(0));
                return true;
            });
        }));
        if (ids.empty()) break;
        TRY(const auto documents, read_documents(store, desks, ids));
        CHECK_OK(build->add(documents));
        so_far.incidents += static_cast<std::int64_t>(ids.size());
        so_far.last_number = ids.back();
        if (!progress(so_far))
            return fail(ErrorKind::unavailable, "search.interrupted", "Building the index was interrupted.");
    }
    CHECK_OK(build->finish(place));
    return so_far.incidents;
}

Indexer::Indexer(Store& store, Feed& feed, DeskCache& desks, SearchIndex& index, Options options)
    : store_(store), feed_(feed), desks_(desks), index_(index), options_(std::move(options)) {}

void Indexer::start() {
    listener_ = feed_.add_listener([this] {
        const std::lock_guard lock(mutex_);
        wake_.notify_one();
    });
    thread_ = std::thread([this] { run(); });
}

void Indexer::stop() {
    if (listener_ != 0) feed_.remove_listener(listener_);
    listener_ = 0;
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

bool Indexer::is_stopping() const {
    const std::lock_guard lock(mutex_);
    return is_stopping_;
}

void Indexer::ask_for_reindex() {
    const std::lock_guard lock(mutex_);
    wants_reindex_ = true;
    wake_.notify_one();
}

void Indexer::run() {
    while (!is_stopping()) {
        const auto did = step();
        if (did && *did) continue;
        if (did && has_begun_) {
            wait_for_news();
            continue;
        }
        if (!did && did.error().code != "search.interrupted") options_.log("search index: " + did.error().detail);
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, options_.retry, [&] { return is_stopping_; });
    }
}

void Indexer::wait_for_news() {
    std::unique_lock lock(mutex_);
    const auto has_news = [&] { return is_stopping_ || wants_reindex_ || feed_.head() > place_.pos; };
    wake_.wait_for(lock, options_.retry, has_news);
    const auto is_much = [&] {
        return is_stopping_ || wants_reindex_ ||
               feed_.head() - place_.pos >= static_cast<std::int64_t>(options_.entries_max);
    };
    if (feed_.head() > place_.pos) wake_.wait_for(lock, options_.gather, is_much);
}

Result<bool> Indexer::step() {
    TRY(const bool is_in_charge, index_.is_in_charge());
    if (!is_in_charge) {
        has_begun_ = false;
        position_ = -1;
        return false;
    }
    if (!has_begun_) CHECK_OK(begin());
    if (wants_reindex_.exchange(false)) CHECK_OK(build_anew());
    if (feed_.head() <= place_.pos) return false;
    auto entries = feed_.after(place_.pos, options_.entries_max);
    if (!entries) {
        has_begun_ = false;
        return fail(std::move(entries).error());
    }
    if (entries->empty()) return false;
    if (auto status = index_entries(*entries); !status) {
        has_begun_ = false;  // what of it was written is looked up anew
        return fail(std::move(status).error());
    }
    return true;
}

Status Indexer::begin() {
    std::string epoch;
    std::int64_t head = 0;
    CHECK_OK(store_.read([&](Reader& reader) -> Status {
        TRY(epoch, epoch_of(reader));
        TRY(head, read_feed_head(reader));
        return {};
    }));
    TRY(const auto place, index_.place());
    // The place of another epoch, or one outside the feed, means nothing here.
    if (place && place->epoch == epoch && place->pos <= head) {
        place_ = *place;
    } else {
        CHECK_OK(build_anew());
    }
    has_begun_ = true;
    position_ = place_.pos;
    return {};
}

Status Indexer::build_anew() {
    options_.log("search index: building it anew");
    TRY(const auto count, reindex(store_, desks_, index_, [&](const ReindexProgress&) { return !is_stopping(); }));
    documents_ += static_cast<std::uint64_t>(count);
    TRY(const auto place, index_.place());
    if (!place) return fail(ErrorKind::internal, "search.no_place", "The index that was built has no place.");
    place_ = *place;
    position_ = place_.pos;
    options_.log("search index: built with " + std::to_string(count) + " incidents");
    return {};
}

Status Indexer::index_entries(const std::vector<FeedEntryPtr>& entries) {
    std::set<std::int64_t> ids;
    std::set<std::int64_t> organizations;
    for (const auto& entry : entries) {
        if (entry->is_incident() && changes_document(*entry)) ids.insert(entry->subject_id);
        if (changes_sharing(*entry)) organizations.insert(entry->subject_id);
    }
    for (const std::int64_t organization : organizations) CHECK_OK(index_organization(organization));
    std::vector<std::int64_t> part;
    for (const std::int64_t id : ids) {
        part.push_back(id);
        if (static_cast<std::int64_t>(part.size()) == kDocumentsMax) CHECK_OK(write(std::exchange(part, {}), place_));
    }
    CHECK_OK(write(part, {place_.epoch, entries.back()->pos}));
    return {};
}

Status Indexer::index_organization(std::int64_t organization_id) {
    std::int64_t newest = 0;
    std::int64_t after = 0;
    do {
        std::vector<std::int64_t> ids;
        CHECK_OK(store_.read([&](Reader& reader) -> Status {
            CHECK_OK(reader.query("search.last_number", {}, [&](const Row& row) {
                newest = row.integer(0);
                return false;
            }));
            return reader.query("search.numbers_of_organization", {after, after + kStretch, organization_id},
                                [&](const Row& row) {
                                    ids.push_back(row.integer(0));
                                    return true;
                                });
        }));
        after += kStretch;
        for (auto first = ids.begin(); first != ids.end();) {
            const auto count = std::min<std::ptrdiff_t>(kDocumentsMax, ids.end() - first);
            CHECK_OK(write({first, first + count}, place_));
            first += count;
        }
    } while (after < newest && !is_stopping());
    return {};
}

Status Indexer::write(const std::vector<std::int64_t>& ids, const IndexPlace& place) {
    std::vector<SearchDocument> documents;
    if (!ids.empty()) {
        TRY(documents, read_documents(store_, desks_, ids));
    }
    CHECK_OK(index_.write(documents, place));
    documents_ += documents.size();
    place_ = place;
    position_ = place_.pos;
    return {};
}

}  // namespace firstline::app
