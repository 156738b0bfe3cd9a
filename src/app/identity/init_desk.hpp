// The first start of a desk: its identity, the default matrix and categories, and its administrator (domain.md §3,
// §10).
#pragma once

#include <string>

#include "app/core/clock.hpp"
#include "app/port/store.hpp"

namespace firstline::app {

struct InitRequest {
    std::string admin_key = "admin";
    std::string admin_name = "Administrator";
    std::string admin_email;     // may be empty
    std::string admin_password;  // empty: one is made
    std::string desk_name;       // empty: the preset of the setting
    std::string zone = "UTC";    // the administrator's
};
struct InitResult {
    std::string admin_key;
    std::string password;           // to be shown once
    bool is_password_made = false;  // none was given
};
// All of it is one change: a desk is there with its administrator or not at all. Hashes a password: about 70 ms.
// Errors: `desk.exists`, `request.invalid` (password, key, name, address), `storage.unavailable`.
[[nodiscard]] Result<InitResult> init_desk(Store& store, const Clock& clock, const InitRequest& request);

// Whether the database holds a desk.
[[nodiscard]] Result<bool> is_desk_there(Store& store);

}  // namespace firstline::app
