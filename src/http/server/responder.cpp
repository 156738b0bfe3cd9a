#include "http/server/responder.hpp"

#include <utility>

namespace firstline::http {

void Responder::operator()(Response&& response) {
    const auto exchange = std::exchange(exchange_, nullptr);
    if (!exchange) return;
    encode_body(response, coding_);
    exchange->answer(turn_, std::move(response));
}

}  // namespace firstline::http
