// The way back for one request's answer: movable, usable from any thread, exactly once.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "http/server/message.hpp"
#include "http/server/wire/content_coding.hpp"

namespace firstline::http {

// What a responder speaks to: the connection. A turn is one request of it.
class Exchange {
public:
    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    virtual ~Exchange() = default;

    // Any thread. An answer to a turn that is over (deadline, disconnect) is dropped.
    virtual void answer(std::uint64_t turn, Response&& response) = 0;
    // Any thread. Nobody will answer this turn: 500.
    virtual void abandon(std::uint64_t turn) = 0;
};

class Responder {
public:
    Responder(std::shared_ptr<Exchange> exchange, std::uint64_t turn, ContentCoding coding)
        : exchange_(std::move(exchange)), turn_(turn), coding_(coding) {}
    Responder(Responder&&) noexcept = default;
    Responder& operator=(Responder&& other) noexcept {
        Responder taken(std::move(other));  // what was held before is abandoned with it
        std::swap(exchange_, taken.exchange_);
        std::swap(turn_, taken.turn_);
        std::swap(coding_, taken.coding_);
        return *this;
    }
    Responder(const Responder&) = delete;
    Responder& operator=(const Responder&) = delete;
    ~Responder() {
        if (exchange_) exchange_->abandon(turn_);
    }

    // Sends the answer; compresses it on the calling thread. Further calls do nothing.
    void operator()(Response&& response);

private:
    std::shared_ptr<Exchange> exchange_;  // null once used or moved from
    std::uint64_t turn_;
    ContentCoding coding_;
};

}  // namespace firstline::http
