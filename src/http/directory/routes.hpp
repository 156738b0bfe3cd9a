// The routes of people, teams, organizations, categories, services, tags and of the desk's rules (api.md §4).
#pragma once

#include "app/identity/password/sign_in.hpp"
#include "app/jobs/leavers.hpp"
#include "http/api/api.hpp"

namespace firstline::http {

// `leavers` is woken after a person or team ended. All outlive the API.
void add_directory_routes(Api& api, app::IdentityTools& identity, app::LeaversWorker& leavers);

// Its parts.
void add_people_routes(Api& api, app::IdentityTools& identity, app::LeaversWorker& leavers);
void add_catalogue_routes(Api& api, app::Toolbox& tools);
void add_rule_routes(Api& api, app::Toolbox& tools);

}  // namespace firstline::http
