// Bodies of the incident routes → requests of the use cases (api.md §2, §3).
#pragma once

#include "app/incidents/requests.hpp"
#include "http/api/call.hpp"

namespace firstline::http {

[[nodiscard]] Result<app::ActionRequest> decode_action(const Call& call, domain::Action action);
[[nodiscard]] Result<app::LogRequest> decode_log(const Call& call);
[[nodiscard]] Result<app::SayRequest> decode_say(const Call& call);
[[nodiscard]] Result<app::EditRequest> decode_edit(const Call& call);

}  // namespace firstline::http
