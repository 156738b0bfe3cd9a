// What every use case may reach: the store, the clock, the cached configuration, the runner.
#pragma once

#include "app/core/clock.hpp"
#include "app/core/desk_cache.hpp"
#include "app/core/runner.hpp"
#include "app/core/session.hpp"
#include "app/port/blob.hpp"
#include "app/port/store.hpp"

namespace firstline::app {

struct Toolbox {
    Store& store;
    BlobStore& blobs;
    const Clock& clock;
    DeskCache& desks;
    Runner& runner;
};

}  // namespace firstline::app
