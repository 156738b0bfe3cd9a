// The kinds of records that carry a number.
#pragma once

#include "base/id.hpp"

namespace firstline::domain {

using IncidentId = Id<struct IncidentTag>;  // the n of INC-n
using UserId = Id<struct UserTag>;
using TeamId = Id<struct TeamTag>;
using OrganizationId = Id<struct OrganizationTag>;
using CategoryId = Id<struct CategoryTag>;
using ServiceId = Id<struct ServiceTag>;
using CiId = Id<struct CiTag>;
using TagId = Id<struct TagTag>;
using AttachmentId = Id<struct AttachmentTag>;

}  // namespace firstline::domain
